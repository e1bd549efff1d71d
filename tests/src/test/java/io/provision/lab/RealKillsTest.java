package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} in every action while a control plane and two workers of the real programs become
 * a cluster, while one of the workers leaves and comes back, and while all go to the next minor
 * version.
 */
@Tag("long")
class RealKillsTest {
  private static final List<String> ROLES = List.of("control-plane", "worker", "worker");

  /** Milliseconds: most points are far earlier, and the begin of a cluster takes a minute. */
  private static final int MOST_DELAY = 20_000;

  @Test
  void aLifeOfKubeadm() {
    life(RealCluster::ofKubeadm, "n1 kubeadm-control-plane", "n2 kubeadm-upgrade");
  }

  @Test
  void aLifeOfK3s() {
    life(RealCluster::ofK3s, "n1 k3s-server", "n2 k3s-upgrade");
  }

  private static void life(Function<Lab, RealCluster> of, String begins, String goesOn) {
    try (var lab = Lab.of(3)) {
      var cluster = of.apply(lab);
      System.out.println("RealKillsTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      cluster.inventory(cluster.older(), ROLES, Set.of(), Set.of());
      assertThat(isDone(lab, "begins", "apply", "cluster.yml").tried()).containsKey(begins);
      cluster.hasNodes(lab.node(1), cluster.older(), "n1", "n2", "n3");

      cluster.inventory(cluster.older(), ROLES, Set.of(), Set.of("n3"));
      var leaves =
          new KilledRuns(
              lab, 1, MOST_DELAY, "apply", "cluster.yml", "--remove", "n3", "--force-remove");
      leaves.untilItIsGone("n3");
      said("n3 leaves", leaves);
      assertThat(leaves.tried()).containsKeys("n3 node-leaves", "n3 node-wiped");
      cluster.isWiped(lab.node(3));
      cluster.hasNodes(lab.node(1), cluster.older(), "n1", "n2");
      lab.nothingIsLeftToDo(lab.nodes());

      cluster.letRun(lab.node(3));
      cluster.inventory(cluster.older(), ROLES, Set.of(), Set.of());
      isDone(lab, "n3 comes back", "apply", "cluster.yml");
      cluster.hasNodes(lab.node(1), cluster.older(), "n1", "n2", "n3");

      cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
      assertThat(isDone(lab, "is upgraded", "apply", "cluster.yml").tried()).containsKey(goesOn);
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3");
      if (cluster.isKubeadm()) {
        cluster.hasMembers(lab.node(1), "n1");
      }
    }
  }

  private static KilledRuns isDone(Lab lab, String what, String... command) {
    var runs = new KilledRuns(lab, 1, MOST_DELAY, command);
    runs.untilOneEnds().exits(0);
    said(what, runs);
    lab.nothingIsLeftToDo(lab.nodes());
    return runs;
  }

  private static void said(String what, KilledRuns runs) {
    System.out.printf("RealKillsTest: it %s; runs killed in %s%n", what, runs.tried());
  }
}
