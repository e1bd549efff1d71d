package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.kubeadm.adoption.ForeignNode;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubeadm.runtime.RuntimeCases;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes that somebody else made by kubeadm. */
final class KubeadmAdoptionTest {
  private static final String WORKERS_CERTIFICATE =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJ0RENDQVZ1Z0F3SUJBZ0lVQ2F1RUJ3"
          + "QURLMnZSdGZtYkwzVW04Mm5ieGcwd0NnWUlLb1pJemowRUF3SXcKTURFVk1CTUdBMVVFQ2d3"
          + "TWMzbHpkR1Z0T201dlpHVnpNUmN3RlFZRFZRUUREQTV6ZVhOMFpXMDZibTlrWlRwMwpNVEFl"
          + "RncweU5qRXhNekF4TlRNMk5UUmFGdzB6TmpFeE1qY3hOVE0yTlRSYU1EQXhGVEFUQmdOVkJB"
          + "b01ESE41CmMzUmxiVHB1YjJSbGN6RVhNQlVHQTFVRUF3d09jM2x6ZEdWdE9tNXZaR1U2ZHpF"
          + "d1dUQVRCZ2NxaGtqT1BRSUIKQmdncWhrak9QUU1CQndOQ0FBUTR6SFNpVGpCRzVyOXFMZ0lq"
          + "byswN3gxK3lsOW92aEdGYjhlbnlBdzdoc3ZXNAphcTk3SXFVeTB4YityMGJlMkkzbmxSY0FD"
          + "NjlvNUJta2IrdnlXdGo1bzFNd1VUQWRCZ05WSFE0RUZnUVVYWmw3CnQ2aklzd0VTNW5QTTdw"
          + "WlNTcENmN3B3d0h3WURWUjBqQkJnd0ZvQVVYWmw3dDZqSXN3RVM1blBNN3BaU1NwQ2YKN3B3"
          + "d0R3WURWUjBUQVFIL0JBVXdBd0VCL3pBS0JnZ3Foa2pPUFFRREFnTkhBREJFQWlCRXgreEVN"
          + "dGp5U0I1ZgpTV2s5cDdNeUpyRGdtT2wvUjhFM3VSR0syY0FnSHdJZ0JaQzR0SEUxRy9TWG5V"
          + "QXZGSXE3djhCbXFVKzk0bUZjCjUyNzBFeGd6ell3PQotLS0tLUVORCBDRVJUSUZJQ0FURS0t"
          + "LS0tCg==";

  private static final String API = "https://10.0.0.1:6443";
  private static final Sha256 KUBELET = Cases.DIGEST;

  /** What it runs with, where nobody said more than kubeadm fills in. */
  private record Node(Map<String, String> lines) {
    static Node of(String node) throws IOException {
      var lines = new java.util.TreeMap<String, String>();
      lines.put("there", "yes");
      lines.put("unit", "/usr/lib/systemd/system/kubelet.service");
      lines.put("runs", "yes");
      lines.put("program", KUBELET.hex());
      lines.put("version", "v1.36.2");
      lines.put("certificate", WORKERS_CERTIFICATE);
      lines.put("kubelet", kept("kubelet-config.yaml"));
      if (node.startsWith("cp")) {
        lines.put(
            "cluster",
            kept("cluster-configuration.yaml", "clusterName: kubernetes", "clusterName: home"));
        lines.put("kubelets", kept("kubelet-config.yaml"));
        lines.put("proxy", kept("kube-proxy.yaml"));
      }
      return new Node(lines);
    }

    Node with(String key, String value) {
      var all = new java.util.TreeMap<>(lines);
      all.put(key, value);
      return new Node(all);
    }

    ForeignNode read() {
      var text = new StringBuilder();
      lines.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
      return Cases.read(ForeignNode.QUESTION, text.toString());
    }
  }

  /** What is kept, with one text in the place of another, as the host tells it. */
  private static String kept(String name, String... replaced) throws IOException {
    var text = java.nio.file.Files.readString(Path.of("src/test/resources/adoption", name));
    for (var at = 0; at < replaced.length; at += 2) {
      assertThat(text).contains(replaced[at]);
      text = text.replace(replaced[at], replaced[at + 1]);
    }
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One control plane and one worker, as what was kept says. */
  private static Inventory inventory(String more) {
    return KubeadmCases.inventoryOf(
        """
        cluster:
          name: home
          distribution: kubeadm
          version: v1.36.2
          kubelet: { failCgroupV1: false, featureGates: { KubeletInUserNamespace: true } }
          kube_proxy: { conntrack: { maxPerCore: 0, min: 0 } }
        %s
        hosts:
          w1: { address: 10.0.0.1, node_address: 10.0.0.1, roles: [control-plane] }
          w2: { address: 10.0.0.2, node_address: 10.0.0.2, roles: [worker] }
        """
            .formatted(more.indent(2).stripTrailing()));
  }

  private static Cases.Settled known(Inventory inventory) {
    var known = new Cases.Settled();
    for (var host : inventory.hosts()) {
      known = known.address(host);
    }
    var server = KubeadmCases.host("w1", inventory);
    return known
        .has(server, ApiName.FOUND, "10.0.0.1")
        .has(
            server,
            Kubeadm.FOUND_AUTHORITY,
            new Authority(new Sha256("a".repeat(64)), Optional.empty()))
        .atDesk(
            Kubeadm.PINNED, new PinnedFiles(Map.of("kubernetes/v1.36.2/amd64/kubelet", KUBELET)));
  }

  private static Observations seen(Target.OnHost target, String basics, ForeignNode foreign) {
    return RuntimeCases.into(new Observations.Builder(), target, target)
        .put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, basics))
        .put(ForeignNode.QUESTION, foreign)
        .build();
  }

  private static Check check(String more, Node node) {
    return check(more, KubeadmCases.LIVES, node);
  }

  private static Check check(String more, String basics, Node node) {
    return check(more, basics, node, "10.0.0.1");
  }

  private static Check check(String more, String basics, Node node, String found) {
    var inventory = inventory(more);
    var target = KubeadmCases.on("w1", inventory);
    var seen = seen(target, basics.replace("https://api.home.internal:6443", API), node.read());
    return new KubeadmAdoption()
        .check(target, seen, known(inventory).has(target.host(), ApiName.FOUND, found));
  }

  private static void refused(Check check, String what, String remedy) {
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what()).contains(what);
              assertThat(it.remedy()).contains(remedy);
            });
  }

  @Test
  void oneThatRunsAsTheInventorySaysIsTakenOverAndToldSo() throws IOException {
    assertThat(check("", Node.of("cp")))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().notes())
                    .singleElement()
                    .asString()
                    .contains("taken over as it runs: node w1", "its kubelet is not restarted"));
    assertThat(check("", Node.of("cp").with("program", "b".repeat(64))))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().notes().toString()).contains("its kubelet restarts once"));
  }

  @Test
  void whatTheInventoryDoesNotSayIsRefusedWithTheLineThatKeepsIt() throws IOException {
    var node = Node.of("cp");
    refused(
        check(
            "", node.with("kubelet", kept("kubelet-config.yaml", "memorySwap: {}", "maxPods: 50"))),
        "maxPods: 50",
        "write 'kubelet: { maxPods: 50 }'");
    refused(
        check(
            "",
            node.with("kubelets", kept("kubelet-config.yaml", "memorySwap: {}", "maxPods: 50"))),
        "every kubelet",
        "write 'kubelet: { maxPods: 50 }'");
    refused(
        check("", node.with("proxy", kept("kube-proxy.yaml", "mode: \"\"", "mode: ipvs"))),
        "mode: ipvs",
        "write 'kube_proxy: { mode: ipvs }'");
    refused(
        check(
            "",
            node.with(
                "cluster",
                kept(
                    "cluster-configuration.yaml",
                    "clusterName: kubernetes",
                    "clusterName: home",
                    "10.244.0.0/16",
                    "10.50.0.0/16"))),
        "networking/podSubnet",
        "pod_cidr: 10.50.0.0/16");
    refused(
        check(
            "",
            node.with(
                "cluster",
                kept(
                    "cluster-configuration.yaml",
                    "clusterName: kubernetes",
                    "clusterName: home",
                    "scheduler: {}",
                    "scheduler: { extraArgs: [{ name: v, value: '4' }] }"))),
        "scheduler/extraArgs/v",
        "cannot be taken over");
    refused(
        check(
            "",
            node.with(
                "cluster",
                kept(
                    "cluster-configuration.yaml",
                    "clusterName: kubernetes",
                    "clusterName: home",
                    "apiServer: {}",
                    "apiServer: { certSANs: [home.example, 10.0.0.1] }"))),
        "home.example",
        "tls_sans: [home.example]");
    refused(
        check("", node.with("flag", "--cloud-provider")), "--cloud-provider", "KUBELET_EXTRA_ARGS");
  }

  @Test
  void whatOnlyTheInventorySaysWaitsUntilItIsTakenOver() throws IOException {
    var inventory = "";
    refused(
        check(
            inventory,
            Node.of("cp")
                .with("kubelet", kept("kubelet-config.yaml", "failCgroupV1: false\n", ""))),
        "says more under 'kubelet'",
        "take that out first");
  }

  @Test
  void anotherNameVersionPortOrAddressIsRefused() throws IOException {
    var node = Node.of("cp");
    var other = inventory("");
    var target = KubeadmCases.on("w2", other);
    var asWorker =
        seen(
            target,
            KubeadmCases.JOINED.replace("https://api.home.internal:6443", API),
            Node.of("w").read());
    refused(
        new KubeadmAdoption().check(target, asWorker, known(other)),
        "the cluster has it as node w1",
        "call the host w1");
    refused(
        check("", node.with("version", "v1.35.9")),
        "it runs Kubernetes v1.35.9",
        "version: v1.35.9");
    refused(
        check(
            "",
            KubeadmCases.LIVES.replace("https://api.home.internal:6443", "https://10.0.0.1:8443"),
            node),
        "https://10.0.0.1:8443",
        "another port");
    refused(
        check("endpoint: api.example.org", node), "find the API at 10.0.0.1", "endpoint: 10.0.0.1");
    refused(
        check("endpoint: 10.0.0.9", node), "the inventory says '10.0.0.9'", "endpoint: 10.0.0.1");
    refused(
        check("", KubeadmCases.LIVES.replace("api.home.internal", "api.example.org"), node),
        "find the API at api.example.org",
        "endpoint: api.example.org");
    assertThat(check("endpoint: 10.0.0.1", node)).isInstanceOf(Check.InSync.class);
    var balanced = KubeadmCases.LIVES.replace("api.home.internal", "10.0.0.100");
    refused(
        check("", balanced, node, "10.0.0.100"),
        "find the API at 10.0.0.100",
        "endpoint: 10.0.0.100");
    assertThat(check("endpoint: 10.0.0.100", balanced, node, "10.0.0.100"))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void whatCannotBeToldIsNotTakenOver() throws IOException {
    var node = Node.of("cp");
    refused(check("", node.with("cluster", "")), "its API does not answer", "get configmap");
    refused(
        check("", node.with("certificate", "AAAA")),
        "holds no certificate of a node",
        "journalctl");
    refused(check("", node.with("kubelet", "!")), "config.yaml cannot be read", "journalctl");
    refused(check("", node.with("kubelet", "LSBhCg==")), "cannot be read", "kubelet-config");
    var down = new java.util.TreeMap<>(node.lines());
    down.remove("runs");
    refused(check("", new Node(down)), "it does not run", "systemctl status kubelet");
  }

  @Test
  void aWorkerThatFindsItsApiByAnAddressIsKnownByItsAuthority() {
    var inventory = inventory("");
    var target = KubeadmCases.on("w2", inventory);
    var joined =
        KubeadmCases.JOINED.replace("https://api.home.internal:6443", "https://10.0.0.1:6443")
            + "key="
            + KubeadmCases.CERTIFICATE
            + "\n";
    assertThat(
            new KubeadmAdoption()
                .check(target, seen(target, joined, ForeignNode.NONE), known(inventory)))
        .isInstanceOf(Check.InSync.class);
    var stranger = joined.replace("authority=" + "a".repeat(64), "authority=" + "b".repeat(64));
    refused(
        new KubeadmAdoption()
            .check(target, seen(target, stranger, ForeignNode.NONE), known(inventory)),
        "it is a node of another cluster, whose API is at https://10.0.0.1:6443 (authority "
            + KubeadmCases.KEY,
        "kubeadm reset");
  }

  /** A control plane that is off tells nothing, and is no other cluster's for that. */
  @Test
  void aWorkerWhoseControlPlaneCannotBeSeenIsLeftAlone() {
    var inventory = inventory("");
    var target = KubeadmCases.on("w2", inventory);
    var joined =
        KubeadmCases.JOINED.replace("https://api.home.internal:6443", "https://10.0.0.1:6443")
            + "key="
            + KubeadmCases.CERTIFICATE
            + "\n";
    var alone =
        new Cases.Settled().address(target.host()).has(target.host(), ApiName.FOUND, "10.0.0.1");
    assertThat(new KubeadmAdoption().check(target, seen(target, joined, ForeignNode.NONE), alone))
        .isEqualTo(new Check.InSync());
    var server = KubeadmCases.host("w1", inventory);
    var bare =
        alone.has(
            server, Nodes.STATE, new NodeState("amd64", Optional.empty(), false, false, false));
    refused(
        new KubeadmAdoption().check(target, seen(target, joined, ForeignNode.NONE), bare),
        "no control plane of the inventory lives yet",
        "kubeadm reset");
  }

  @Test
  void aHostThatIsNoNodeYetHasNothingToTakeOver() {
    var inventory = inventory("");
    var target = KubeadmCases.on("w2", inventory);
    assertThat(
            new KubeadmAdoption()
                .check(target, seen(target, KubeadmCases.BARE, ForeignNode.NONE), known(inventory)))
        .isEqualTo(new Check.InSync());
  }
}
