package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} in every action while a cluster of one control plane and one worker is made, with
 * strict stand-ins for its programs, until nothing is left to do: a run is killed at the first
 * action that was not tried so often yet, at a point that a seed draws, or as the next thing has
 * ended. What runs on the hosts is killed as well: it would end by itself what it began.
 */
@Tag("long")
class EveryActionTest {
  /** How often each action is tried, where it is not done by then. */
  private static final int TIMES = 2;

  /** Most are far shorter, as actions are. */
  private static final int MOST_DELAY = 1500;

  /** By host and step, how many runs were killed in it or as it had ended. */
  private final Map<String, Integer> tried = new TreeMap<>();

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
      while (!lab.node(1).succeeds(certificate)) {
        assertThat(killed(lab)).as("it is not done without an API").isTrue();
      }
      try (var api = KubeadmStandInTest.api(lab)) {
        isFinished(lab, "kubelet", "kubelet");
        assertThat(tried)
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
      isFinished(lab, "k3s", "k3s-agent");
      assertThat(tried).containsKeys("n1 k3s-server", "n2 k3s-agent", "(local) kubeconfig");
      assertThat(lab.node(1).sh("k3s kubectl get nodes | awk '{ print $1, $2 }' | sort"))
          .isEqualTo("n1 Ready\nn2 Ready\n");
    }
  }

  /**
   * Goes on until a run has nothing to do.
   *
   * @param units of each node the one that has to come back with it
   */
  private void isFinished(Lab lab, String... units) {
    while (killed(lab)) {
      // each round tries an action that was not tried so often
    }
    System.out.printf("EveryActionTest: runs killed in %s%n", tried);
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
  private boolean killed(Lab lab) {
    var run = lab.provision().startJson("apply", "cluster.yml");
    if (!run.reaches(this::beginsSomethingNew)) {
      run.end().exits(0);
      return false;
    }
    var lines = run.lines();
    for (var i = (int) (MOST_DELAY * Math.pow(random.nextDouble(), 3)); i > 0; i -= 20) {
      if (run.linesSince(lines).anyMatch(EveryActionTest::ends)) {
        break;
      }
      Pause.milliseconds(20);
    }
    run.kill();
    lab.nodes().forEach(node -> node.sh(END_SESSIONS));
    run.linesSince(0)
        .filter(EveryActionTest::begins)
        .map(EveryActionTest::action)
        .distinct()
        .forEach(each -> tried.merge(each, 1, Integer::sum));
    return true;
  }

  private boolean beginsSomethingNew(JsonNode event) {
    return begins(event) && tried.getOrDefault(action(event), 0) < TIMES;
  }

  private static String action(JsonNode event) {
    return event.path("target").asText() + " " + event.path("step").asText();
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
