package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} within and between all actions while a cluster of one control plane and one
 * worker is made, with strict stand-ins for its programs, until nothing is left to do: two runs are
 * killed at points that a seed draws within their first action, a third one as it has ended its
 * first and begins another. What runs on the hosts is killed as well: it would end by itself what
 * it began.
 */
@Tag("long")
class EveryActionTest {
  /** Nothing to be reached, but to be missed: a run that never comes further is told by it. */
  private static final int MOST = 400;

  /** Of how many one ends an action. */
  private static final int RUNS = 3;

  /** Most are far shorter, as actions are. */
  private static final int MOST_DELAY = 1500;

  private final Random random = new Random(Long.getLong("seed", 20261128));

  /** What files are called before they have their name. */
  private static final String HALF_WRITTEN =
      "find /etc /usr /opt /var /root /home -xdev -name '.provision.*' -o -name '*.fresh'";

  /** Whoever is logged in over SSH, with all that was started there; services are none of it. */
  private static final String END_SESSIONS =
      """
      ps -eo pid=,ppid=,args= | awk '
        { parent[$1] = $2 }
        /sshd[a-z-]*: admin/ { session[$1] = 1 }
        END {
          for (each in parent) {
            for (up = each; up + 0 > 1; up = parent[up]) if (up in session) { print each; break }
          }
        }' | xargs --no-run-if-empty kill -9 2>/dev/null || :
      """;

  @Test
  void aClusterOfKubeadm() {
    try (var lab = Lab.of(2)) {
      StandInKubernetes.putInto(lab);
      KubeadmStandInTest.inventory(lab, "control-plane", "worker");
      var certificate = "[ -s /etc/kubernetes/pki/apiserver.crt ]";
      var kills = 0;
      while (!lab.node(1).succeeds(certificate)) {
        assertThat(killed(lab, kills++)).as("it is not done without an API").isTrue();
      }
      try (var api = KubeadmStandInTest.api(lab)) {
        isFinished(lab, kills, "kubelet", "kubelet");
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
      isFinished(lab, 0, "k3s", "k3s-agent");
      assertThat(lab.node(1).sh("k3s kubectl get nodes | awk '{ print $1, $2 }' | sort"))
          .isEqualTo("n1 Ready\nn2 Ready\n");
    }
  }

  /**
   * Goes on until a run has nothing to do.
   *
   * @param units of each node the one that has to come back with it
   */
  private void isFinished(Lab lab, int before, String... units) {
    var kills = before;
    while (killed(lab, kills)) {
      kills++;
      assertThat(kills).isLessThan(MOST);
    }
    System.out.printf("EveryActionTest: killed %d times%n", kills);
    assertThat(kills).as("so often at least").isGreaterThan(8);
    lab.nothingIsLeftToDo(lab.nodes());
    for (var i = 0; i < units.length; i++) {
      var node = lab.nodes().get(i);
      assertThat(node.sh(HALF_WRITTEN)).as(node.name()).isEmpty();
      assertThat(node.sh("systemctl is-enabled %1$s; systemctl is-active %1$s".formatted(units[i])))
          .as(node.name())
          .isEqualTo("enabled\nactive\n");
    }
  }

  /** False where it ended by itself: then it must have been content. */
  private boolean killed(Lab lab, int times) {
    var run = lab.provision().startJson("apply", "cluster.yml");
    var begins = times % RUNS != 0;
    if (!run.reaches(begins ? EveryActionTest::begins : EveryActionTest::ends)) {
      run.end().exits(0);
      return false;
    }
    Pause.milliseconds(begins ? (int) (MOST_DELAY * Math.pow(random.nextDouble(), 3)) : 0);
    run.kill();
    lab.nodes().forEach(node -> node.sh(END_SESSIONS));
    return true;
  }

  private static boolean begins(JsonNode event) {
    return event.path("event").asText().equals("step_started")
        && !event.path("doing").asText().startsWith("waiting");
  }

  private static boolean ends(JsonNode event) {
    return event.path("event").asText().equals("step_finished")
        && event.path("result").asText().equals("changed");
  }
}
