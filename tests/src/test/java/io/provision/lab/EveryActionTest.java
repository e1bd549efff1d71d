package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} in every action while a cluster of one control plane and one worker is made, with
 * strict stand-ins for its programs, until nothing is left to do.
 */
@Tag("long")
class EveryActionTest {
  /** What files are called before they have their name. */
  private static final String HALF_WRITTEN =
      "find /etc /usr /opt /var /root /home -xdev -name '.provision.*' -o -name '*.fresh'";

  @Test
  void aClusterOfKubeadm() {
    try (var lab = Lab.of(2)) {
      StandInKubernetes.putInto(lab);
      KubeadmStandInTest.inventory(lab, "control-plane", "worker");
      var certificate = "[ -s /etc/kubernetes/pki/apiserver.crt ]";
      var runs = runs(lab);
      while (!lab.node(1).succeeds(certificate)) {
        assertThat(runs.oneIsKilled()).as("it is not done without an API").isTrue();
      }
      try (var api = KubeadmStandInTest.api(lab)) {
        isFinished(lab, runs, "kubelet", "kubelet");
        assertThat(runs.tried())
            .containsKeys("n1 kubeadm-control-plane", "n2 kubeadm-worker", "(cluster) flannel");
        assertThat(KubeadmStandInTest.nodes(lab)).isEqualTo("n1 Ready\nn2 Ready\n");
        assertThat(lab.node(1).sh("cat /var/lib/etcd/member/stand-in/servers"))
            .isEqualTo(lab.node(1).address() + "\n");
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  @Test
  void aClusterOfK3s() {
    try (var lab = Lab.of(2)) {
      var k3s = K3s.standIn(lab, "v1.36.4+k3s1");
      K3sTest.inventory(lab, k3s, "labels: { disk: ssd }");
      var runs = runs(lab);
      isFinished(lab, runs, "k3s", "k3s-agent");
      assertThat(runs.tried()).containsKeys("n1 k3s-server", "n2 k3s-agent", "(local) kubeconfig");
      assertThat(lab.node(1).sh("k3s kubectl get nodes | awk '{ print $1, $2 }' | sort"))
          .isEqualTo("n1 Ready\nn2 Ready\n");
    }
  }

  private static KilledRuns runs(Lab lab) {
    return new KilledRuns(lab, 2, 1500, "apply", "cluster.yml");
  }

  /**
   * Goes on until a run has nothing to do.
   *
   * @param units of each node the one that has to come back with it
   */
  private static void isFinished(Lab lab, KilledRuns runs, String... units) {
    runs.untilOneEnds().exits(0);
    System.out.printf("EveryActionTest: runs killed in %s%n", runs.tried());
    lab.nothingIsLeftToDo(lab.nodes());
    for (var i = 0; i < units.length; i++) {
      var node = lab.nodes().get(i);
      assertThat(node.sh(HALF_WRITTEN)).as(node.name()).isEmpty();
      assertThat(node.sh("systemctl is-enabled %1$s; systemctl is-active %1$s".formatted(units[i])))
          .as(node.name())
          .isEqualTo("enabled\nactive\n");
    }
  }
}
