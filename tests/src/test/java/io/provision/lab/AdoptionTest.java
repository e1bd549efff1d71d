package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.utility.MountableFile;

/**
 * What people set up with their own hands is taken over as it runs: k3s by its publisher's
 * installer, which lies beside the programs in the artifact directory where it is there.
 */
@Tag("long")
class AdoptionTest {
  /** What a restart, another token, another datastore or another node would change. */
  private static final String OF_SERVER =
      """
      systemctl show -p MainPID,NRestarts,ExecMainStartTimestampMonotonic,InvocationID k3s
      sha256sum </var/lib/rancher/k3s/server/token
      sha256sum </var/lib/rancher/k3s/server/cred/passwd
      sha256sum </var/lib/rancher/k3s/server/tls/server-ca.crt
      ls -i /var/lib/rancher/k3s/server/db | grep -E 'state.db$|etcd'
      k3s kubectl get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'
      k3s kubectl get configmap kept -o 'jsonpath={.metadata.uid} {.data.value}'
      """;

  private static final String OF_AGENT =
      "systemctl show -p MainPID,NRestarts,ExecMainStartTimestampMonotonic,InvocationID k3s-agent";

  /** What a start alone changes. */
  private static final String KEPT = OF_SERVER.replaceFirst("systemctl.*\n", "");

  private static final String READY = "[ \"$(k3s kubectl get nodes | grep -c ' Ready ')\" = %d ]";

  @Test
  void aK3sOfItsOwnInstallerIsTakenOverAndNothingRestarts() {
    try (var lab = Lab.of(2)) {
      var k3s = byHand(lab);
      var server = lab.node(1);
      var agent = lab.node(2);
      var before = server.sh(OF_SERVER);
      var beforeOfAgent = agent.sh(OF_AGENT);

      suggested(lab, k3s);
      var lost = lab.provision().run("plan", "cluster.yml").exits(1);
      assertThat(lost.text()).contains("disable: [traefik, servicelb, metrics-server]");
      var text = Checkout.text(lab.file("cluster.yml"));
      lab.write(
          "cluster.yml",
          text.replace(
              "  network:\n",
              "  k3s: { disable: [traefik, servicelb, metrics-server] }\n  network:\n"));
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      System.out.println(plan.text());
      assertThat(plan.text())
          .contains("taken over as it runs: node n1", "taken over as it runs: node n2")
          .doesNotContain("restart unit k3s");
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(server.sh(OF_SERVER)).isEqualTo(before);
      assertThat(agent.sh(OF_AGENT)).isEqualTo(beforeOfAgent);
      lab.nothingIsLeftToDo(lab.nodes());

      var kept = server.sh(KEPT);
      server.sh("systemctl restart k3s");
      agent.sh("systemctl restart k3s-agent");
      server.await("nodes", READY.formatted(2));
      assertThat(server.sh(KEPT)).as("once it starts by what was written").isEqualTo(kept);
      assertThat(server.sh("cat /proc/$(systemctl show -p MainPID --value k3s)/cmdline"))
          .doesNotContain("--");
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
    }
  }

  /**
   * Flags, a file and variables that the inventory does not say, and one that it says otherwise.
   */
  @Test
  void whatWouldBeLostIsRefusedAndWhatDiffersIsNamedAndRestartsOnce() {
    try (var lab = Lab.of(1)) {
      var k3s = brought(lab);
      var server = lab.node(1);
      server.sh(
          "mkdir -p /etc/rancher/k3s && printf 'tls-san: [home.example]\nwrite-kubeconfig-mode: 644\n' >/etc/rancher/k3s/config.yaml");
      server.sh(
          "NO_PROXY=10.0.0.0/8 K3S_TOKEN=easy INSTALL_K3S_SKIP_DOWNLOAD=true sh /root/install.sh server --disable=traefik,servicelb,metrics-server --kubelet-arg max-pods=150");
      server.await("API", "k3s kubectl get --raw /readyz");
      server.await("node", "k3s kubectl get nodes | grep -q ' Ready '");
      server.sh("k3s kubectl create configmap kept --from-literal=value=whole");
      var before = server.sh(KEPT);

      var settings = "disable: [traefik, servicelb, metrics-server]";
      inventory(lab, k3s, settings);
      var lost = lab.provision().run("apply", "cluster.yml").exits(1);
      System.out.println(lost.text());
      assertThat(lost.text())
          .contains("NO_PROXY", "/etc/default/k3s", "kubelet-arg: [max-pods=150]", "home.example");
      server.sh("grep NO_PROXY /etc/systemd/system/k3s.service.env >/etc/default/k3s");
      inventory(lab, k3s, settings + ", kubelet-arg: [max-pods=150], tls-san: [home.example]");
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      System.out.println(plan.text());
      assertThat(plan.text())
          .contains("write-kubeconfig-mode from 644 to 600", "restart unit k3s.service");
      assertThat(server.sh(KEPT)).isEqualTo(before);
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(server.sh(KEPT)).isEqualTo(before);
      assertThat(server.sh("cat /etc/rancher/k3s/server-token")).isEqualTo("easy");
      assertThat(
              server.sh(
                  "journalctl -u k3s -o cat | grep -c '^Starting k3s.service'; stat -c %a /etc/rancher/k3s/k3s.yaml"))
          .isEqualTo("2\n600\n");
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  /** The first of the inventory is not the one that began. */
  @Test
  void serversOfOneClusterAreTakenOverTogetherAndNoneRestarts() {
    try (var lab = Lab.of(3)) {
      var k3s = brought(lab);
      var began = lab.node(2);
      var common =
          "K3S_TOKEN=shared INSTALL_K3S_SKIP_DOWNLOAD=true sh /root/install.sh server %s --disable=traefik,servicelb,metrics-server";
      began.sh(common.formatted("--cluster-init"));
      began.await("API", "k3s kubectl get --raw /readyz");
      for (var number : List.of(1, 3)) {
        lab.node(number)
            .sh(common.formatted("--server https://%s:6443".formatted(began.address())));
      }
      began.await("nodes", READY.formatted(3));
      began.sh("k3s kubectl create configmap kept --from-literal=value=whole");
      inventory(lab, k3s, "disable: [traefik, servicelb, metrics-server]", List.of());
      var before = lab.nodes().stream().map(node -> node.sh(OF_SERVER)).toList();

      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(lab.nodes().stream().map(node -> node.sh(OF_SERVER)).toList()).isEqualTo(before);
      for (var node : lab.nodes()) {
        assertThat(node.sh("cat /etc/rancher/k3s/server-token /etc/rancher/k3s/agent-token"))
            .isEqualTo("sharedshared");
      }
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  /** The inventory that `init` makes of what is there, with the version that is. */
  private static void suggested(Lab lab, K3s k3s) {
    var last = lab.node(2).address().replaceFirst(".*\\.", "");
    lab.provision()
        .run(
            "init",
            "admin@%s-%s".formatted(lab.node(1).address(), last),
            "--key",
            Lab.KEY.toString(),
            "--accept-new",
            "--kubeconfig",
            lab.file("kubeconfig").toString(),
            "--out",
            "cluster.yml")
        .exits(0);
    var text = Checkout.text(lab.file("cluster.yml"));
    System.out.println(text);
    assertThat(text)
        .contains("version: %s  # which is there already".formatted(k3s.version()))
        .contains("n1: {", "roles: [control-plane]", "n2: {", "roles: [worker]");
    lab.write("cluster.yml", text + "artifacts: \"%s\"%n".formatted(k3s.artifacts()));
  }

  /** As its documentation has it: a server, and an agent that is told its address and token. */
  private static K3s byHand(Lab lab) {
    var k3s = brought(lab);
    var server = lab.node(1);
    server.sh(
        "INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_EXEC='server --disable traefik --disable=servicelb,metrics-server --node-ip %s' sh /root/install.sh"
            .formatted(server.address()));
    server.await("API", "k3s kubectl get --raw /readyz");
    var token = server.sh("cat /var/lib/rancher/k3s/server/node-token").strip();
    lab.node(2)
        .sh(
            "INSTALL_K3S_SKIP_DOWNLOAD=true K3S_URL=https://%s:6443 K3S_TOKEN=%s sh /root/install.sh"
                .formatted(server.address(), token));
    server.await("nodes", READY.formatted(2));
    server.sh("k3s kubectl create configmap kept --from-literal=value=whole");
    return k3s;
  }

  /** The programs, as somebody has laid them there. */
  private static K3s brought(Lab lab) {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    var k3s = K3s.forLab(lab);
    var installer = k3s.artifacts().resolve("k3s/%s/install.sh".formatted(k3s.version()));
    Assumptions.assumeTrue(Files.isRegularFile(installer), "no installer of k3s at " + installer);
    System.out.println("AdoptionTest: with " + k3s.called());
    for (var node : lab.nodes()) {
      node.sh("hostname %1$s && echo %1$s >/etc/hostname".formatted(node.name()));
      bring(node, k3s, installer);
    }
    return k3s;
  }

  private static void bring(Node node, K3s k3s, Path installer) {
    var programs = k3s.artifacts().resolve("k3s/%s/amd64".formatted(k3s.version()));
    var images = "/var/lib/rancher/k3s/agent/images";
    node.sh("mkdir -p " + images);
    copy(node, installer, "/root/install.sh");
    copy(node, programs.resolve("k3s"), "/usr/local/bin/k3s");
    copy(node, programs.resolve("images.tar.zst"), images + "/k3s-airgap-images-amd64.tar.zst");
    node.sh("chown root:root /usr/local/bin/k3s && chmod 755 /usr/local/bin/k3s");
  }

  private static void copy(Node node, Path from, String to) {
    node.container().copyFileToContainer(MountableFile.forHostPath(from), to);
  }

  private static void inventory(Lab lab, K3s k3s, String settings) {
    inventory(lab, k3s, settings, List.of("n2"));
  }

  private static void inventory(Lab lab, K3s k3s, String settings, List<String> workers) {
    var hosts =
        lab.nodes().stream()
            .map(node ->
                "  %s: { address: %s, roles: [%s] }%n"
                    .formatted(
                        node.name(),
                        node.address(),
                        workers.contains(node.name()) ? "worker" : "control-plane"))
            .collect(Collectors.joining());
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts)
            .replaceFirst("(?m)^  endpoint: .*\n", "")
            .replaceFirst("(?m)^  k3s: .*\n", "  k3s: { %s }\n".formatted(settings)));
  }
}
