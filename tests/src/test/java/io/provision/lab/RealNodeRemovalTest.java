package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hosts leave a real k3s: the server that began it, an agent beneath whose kubelet data are
 * mounted, and then all of them. The stand-in has no etcd, and mounts nothing.
 */
@Tag("long")
class RealNodeRemovalTest {
  private static final String MEMBERS =
      "k3s kubectl get nodes -l node-role.kubernetes.io/etcd -o name";
  private static final String DATA = "/var/lib/kubelet/data";

  private static final String LEFT =
      """
      ls -d /var/lib/rancher/k3s/server /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/data \\
        /etc/rancher/k3s /usr/local/bin/k3s /etc/systemd/system/k3s*.service 2>/dev/null
      ls -A /var/lib/kubelet 2>/dev/null
      grep -E ' (/var/lib/kubelet|/run/k3s)/' /proc/self/mountinfo
      cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(k3s|containerd-shim|kubelet)'
      ip link show cni0 2>/dev/null
      :
      """;

  @Test
  void theFirstServerLeavesAnAgentLeavesAndThenTheCluster() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(3)) {
      var k3s = K3s.forLab(lab);
      System.out.println("RealNodeRemovalTest: with " + k3s.called());
      lab.nodes().forEach(K3s::letRun);
      inventory(lab, k3s, Set.of());
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      assertThat(lab.node(2).sh(MEMBERS)).isEqualTo("node/n1\nnode/n2\n");
      lab.node(1).sh("k3s kubectl create configmap kept --from-literal=word=still-here");

      inventory(lab, k3s, Set.of("n1"));
      remove(lab, "n1").exits(0);
      assertThat(lab.node(2).sh(MEMBERS)).isEqualTo("node/n2\n");
      assertThat(lab.node(2).sh("ls /var/lib/provision/etcd")).contains("before-n1-leaves-");
      assertThat(lab.node(1).sh(LEFT)).isEmpty();
      lab.nothingIsLeftToDo(lab.nodes());

      anAgentKeepsWhatIsMounted(lab, k3s);
      oneComesBack(lab, k3s);

      lab.provision().json("reset", "cluster.yml", "--force-remove").exits(0);
      lab.nodes().forEach(node -> assertThat(node.sh(LEFT)).as(node.name()).isEmpty());
    }
  }

  private static void anAgentKeepsWhatIsMounted(Lab lab, K3s k3s) {
    var agent = lab.node(3);
    agent.sh(
        "mkdir -p /srv/data %1$s && echo kept >/srv/data/file && mount --bind /srv/data %1$s"
            .formatted(DATA));
    inventory(lab, k3s, Set.of("n1", "n3"));
    assertThat(remove(lab, "n3").exits(1).text()).contains(DATA);
    agent.sh("umount " + DATA);
    remove(lab, "n3").exits(0);
    assertThat(agent.sh(LEFT)).isEmpty();
    assertThat(agent.sh("cat /srv/data/file")).isEqualTo("kept\n");
    assertThat(lab.node(2).sh("k3s kubectl get nodes -o name")).isEqualTo("node/n2\n");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  /** What lets k3s run in a container lay where k3s keeps its own, and went with that. */
  private static void oneComesBack(Lab lab, K3s k3s) {
    K3s.letRun(lab.node(1));
    inventory(lab, k3s, Set.of("n3"));
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(1).sh(MEMBERS)).isEqualTo("node/n1\nnode/n2\n");
    assertThat(lab.node(1).sh("k3s kubectl get configmap kept -o jsonpath={.data.word}"))
        .isEqualTo("still-here");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static Result remove(Lab lab, String name) {
    return lab.provision().json("apply", "cluster.yml", "--remove", name, "--force-remove");
  }

  private static void inventory(Lab lab, K3s k3s, Set<String> leaving) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes()) {
      hosts.append(
          "  %s: { address: %s, roles: [%s]%s }%n"
              .formatted(
                  node.name(),
                  node.address(),
                  node.name().equals("n3") ? "worker" : "control-plane",
                  leaving.contains(node.name()) ? ", leaving: true" : ""));
    }
    var names = Stream.of(1, 2, 3).map(number -> lab.node(number).address()).toList();
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replaceFirst("(?m)^  endpoint: .*$", "  tls_sans: " + List.copyOf(names)));
  }
}
