package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void aK3sOfItsOwnInstallerIsTakenOverAndNothingRestarts() {
    try (var lab = Lab.of(2)) {
      var k3s = byHand(lab);
      var server = lab.node(1);
      var agent = lab.node(2);
      inventory(lab, k3s, "disable: [traefik, servicelb, metrics-server]");
      var before = server.sh(OF_SERVER);
      var beforeOfAgent = agent.sh(OF_AGENT);

      var plan = lab.provision().run("plan", "cluster.yml");
      System.out.println(plan.text());
      plan.exits(0);
      var applied = lab.provision().run("apply", "cluster.yml");
      System.out.println(applied.text());
      applied.exits(0);
      assertThat(server.sh(OF_SERVER)).isEqualTo(before);
      assertThat(agent.sh(OF_AGENT)).isEqualTo(beforeOfAgent);
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  /** As its documentation has it: a server, and an agent that is told its address and token. */
  private static K3s byHand(Lab lab) {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    var k3s = K3s.forLab(lab);
    var installer = k3s.artifacts().resolve("k3s/%s/install.sh".formatted(k3s.version()));
    Assumptions.assumeTrue(Files.isRegularFile(installer), "no installer of k3s at " + installer);
    System.out.println("AdoptionTest: with " + k3s.called());
    for (var node : lab.nodes()) {
      node.sh("hostname %1$s && echo %1$s >/etc/hostname".formatted(node.name()));
      bring(node, k3s, installer);
    }
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
    server.await("nodes", "[ \"$(k3s kubectl get nodes | grep -c ' Ready ')\" = 2 ]");
    server.sh("k3s kubectl create configmap kept --from-literal=value=whole");
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
    var hosts =
        """
          n1: { address: %s, roles: [control-plane] }
          n2: { address: %s, roles: [worker] }
        """
            .formatted(lab.node(1).address(), lab.node(2).address());
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts)
            .replaceFirst("(?m)^  endpoint: .*\n", "")
            .replaceFirst("(?m)^  k3s: .*\n", "  k3s: { %s }\n".formatted(settings)));
  }
}
