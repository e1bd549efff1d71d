package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * What tests with real programs ask of a cluster, with either distribution.
 *
 * @param newer the version that the artifact directory has, whole
 * @param older the newest of the minor version before; the same where that is not asked for
 */
record RealCluster(Lab lab, boolean isKubeadm, Path artifacts, String older, String newer) {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");

  /** What a node that has left may not have any more. */
  private static final String LEFT =
      """
      ls -d %s 2>/dev/null
      ls -A /var/lib/kubelet 2>/dev/null
      grep -E ' (/var/lib/kubelet|/run/k3s|/run/containerd)/' /proc/self/mountinfo
      cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(k3s|kube|containerd-shim|etcd|flanneld)'
      ip link show cni0 2>/dev/null
      ip link show flannel.1 2>/dev/null
      :
      """;

  private static final String OF_KUBEADM =
      "/etc/kubernetes /var/lib/etcd/* /usr/local/bin/kube* /etc/systemd/system/kubelet.service*"
          + " /etc/cni/net.d/10-flannel.conflist";

  private static final String OF_K3S =
      "/var/lib/rancher/k3s/server /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/data"
          + " /etc/rancher/k3s /usr/local/bin/k3s /etc/systemd/system/k3s*.service";

  /** Of kubeadm v1.36.2, with v1.35.6 as the one before. */
  static RealCluster ofKubeadm(Lab lab) {
    var given = System.getenv("PROVISION_ARTIFACTS");
    var older = "v1.35.6";
    var newer = "v1.36.2";
    Assumptions.assumeTrue(
        given != null
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + older))
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + newer)),
        "no two versions of the real kubeadm at hand");
    return new RealCluster(lab, true, Path.of(given), older, newer);
  }

  /** Of kubeadm v1.36.2 alone. */
  static RealCluster newestOfKubeadm(Lab lab) {
    var given = System.getenv("PROVISION_ARTIFACTS");
    var newer = "v1.36.2";
    Assumptions.assumeTrue(
        given != null && Files.isDirectory(Path.of(given).resolve("kubernetes/" + newer)),
        "no real kubeadm at hand");
    return new RealCluster(lab, true, Path.of(given), newer, newer);
  }

  /** Of the newest k3s that is there. */
  static RealCluster newestOfK3s(Lab lab) {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    var newer = K3s.forLab(lab);
    return new RealCluster(lab, false, newer.artifacts(), newer.version(), newer.version());
  }

  static RealCluster ofK3s(Lab lab) {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    var newer = K3s.forLab(lab);
    var older = K3s.before(newer);
    Assumptions.assumeTrue(older.isPresent(), "no two minor versions of the real k3s at hand");
    return new RealCluster(
        lab, false, newer.artifacts(), older.orElseThrow().version(), newer.version());
  }

  String called() {
    var versions = older.equals(newer) ? newer : older + " and " + newer;
    return "the real %s %s".formatted(isKubeadm ? "kubeadm" : "k3s", versions);
  }

  /** What a container needs, again after the node has left. */
  void letRun(Node node) {
    if (isKubeadm) {
      node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY));
    } else {
      K3s.letRun(node);
    }
  }

  /**
   * What a container needs whose reboot is one of a machine: kubeadm's nodes live by their names.
   */
  void letReboot(Node node) {
    node.sh(Checkout.text(Checkout.file("tests/lab/keep-names")));
  }

  /**
   * Writes {@code cluster.yml}.
   *
   * @param roles of each node of the lab
   * @param gone those that have no line
   */
  void inventory(String version, List<String> roles, Set<String> gone, Set<String> leaving) {
    var hosts =
        lab.nodes().stream()
            .filter(node -> !gone.contains(node.name()))
            .map(node ->
                "  %s: { address: %s, roles: [%s]%s }%n"
                    .formatted(
                        node.name(),
                        node.address(),
                        roles.get(lab.nodes().indexOf(node)),
                        leaving.contains(node.name()) ? ", leaving: true" : ""))
            .collect(Collectors.joining());
    var names = "  tls_sans: %s%n".formatted(lab.nodes().stream().map(Node::address).toList());
    lab.write(
        "cluster.yml",
        isKubeadm
            ? lab.cluster("kubeadm.yml", artifacts, version, hosts)
                .replace("  ignore_", names + "  ignore_")
            : lab.cluster("cluster.yml", artifacts, version, hosts)
                .replaceFirst("(?m)^  endpoint: .*\n", K3s.SETTINGS + names));
  }

  /** Every node has it: it brings the names of the cluster. */
  String listeningImage() {
    return isKubeadm
        ? "registry.k8s.io/coredns/coredns:v1.14.2"
        : "rancher/mirrored-coredns-coredns:1.14.6";
  }

  String kubectl() {
    return isKubeadm ? "kubectl --kubeconfig /etc/kubernetes/admin.conf" : "k3s kubectl";
  }

  String kubectl(Node server, String arguments) {
    return server.sh(kubectl() + " " + arguments);
  }

  /** A workload that one of them asks. */
  ServedLoad load(Node server, Node asking) {
    return isKubeadm
        ? ServedLoad.of(server, asking, listeningImage().replaceFirst(".*:", ""))
        : ServedLoad.ofK3s(server, asking);
  }

  void awaits(Node server, String what, String arguments, String pattern) {
    server.await(what, "%s %s | grep -q '%s'".formatted(kubectl(), arguments, pattern));
  }

  /** Members of etcd that have started, by their names and a blank after each. */
  void hasMembers(Node server, String... names) {
    assertThat(members(server).strip().split("\\s+")).as("members of etcd").isEqualTo(names);
  }

  private String members(Node server) {
    if (isKubeadm) {
      return kubectl(
          server,
          "-n kube-system exec etcd-%s -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key member list | awk -F', ' '{ print $2 == \"started\" ? $3 : $2 }' | sort"
              .formatted(server.name()));
    }
    return kubectl(
        server,
        "get nodes -o 'jsonpath={range .items[*]}{.metadata.name}"
            + " {.status.conditions[?(@.type==\"EtcdIsVoter\")].status}{\"\\n\"}{end}' | sed -n 's/"
            + " True$//p' | sort");
  }

  /** All of these, Ready, in use and of this version. */
  void hasNodes(Node server, String version, String... names) {
    var lines =
        List.of(names).stream()
            .map(name -> "%s True %s\n".formatted(name, version))
            .collect(Collectors.joining());
    assertThat(
            kubectl(
                server,
                "get nodes -o 'jsonpath={range .items[*]}{.metadata.name}"
                    + " {.status.conditions[?(@.type==\"Ready\")].status}"
                    + " {.status.nodeInfo.kubeletVersion}{.spec.unschedulable}{\"\\n\"}{end}'"))
        .isEqualTo(lines);
  }

  void isWiped(Node node) {
    assertThat(node.sh(LEFT.formatted(isKubeadm ? OF_KUBEADM : OF_K3S))).as(node.name()).isEmpty();
  }
}
