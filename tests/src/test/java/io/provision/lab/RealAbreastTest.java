package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three workers of the real k3s want a reboot, of which two may be away at a time: two are, and
 * never three, while a workload of three replicas is served; killed while two were out of use, the
 * same command goes on. The control plane, and the worker that asks, want none.
 */
@Tag("long")
class RealAbreastTest {
  private static final List<String> ROLES =
      List.of("control-plane", "worker", "worker", "worker", "worker");

  private static final String AWAY = "[ -e /var/lib/provision/rotating ]";

  @Test
  void twoWorkersAreAwayAtATimeAndNeverThree() {
    try (var lab = Lab.of(5)) {
      var cluster = RealCluster.newestOfK3s(lab);
      System.out.println("RealAbreastTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      lab.nodes().forEach(cluster::letReboot);
      cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
      lab.write(
          "cluster.yml",
          Checkout.text(lab.file("cluster.yml"))
              .replace("artifacts:", "  rotation: { max_unavailable: 2 }\nartifacts:"));
      lab.provision().json("apply", "cluster.yml").exits(0);

      var server = lab.node(1);
      var workers = lab.nodes().subList(1, 4);
      var load = cluster.load(server, lab.node(5));
      var boots = RealRotationTest.boots(workers);
      RealRotationTest.wantReboots(workers);
      var plan = lab.provision().run("rotate", "cluster.yml", "--dry-run").exits(0);
      System.out.println(plan.text());
      assertThat(plan.text()).contains("n4, after n2").doesNotContain("n3, after n2");

      var seen = SeenNodes.of(cluster, List.of(server));
      load.begin();
      var killed = lab.provision().startJson("rotate", "cluster.yml");
      killed.awaitOn(lab.node(2), "the first of two out of use", AWAY);
      killed.awaitOn(lab.node(3), "the second of two out of use", AWAY);
      System.out.println(
          cluster.kubectl(server, "-n kube-system get lease provision-rotation -o yaml"));
      killed.kill();
      goesOn(lab);
      var during = load.end();
      seen.close();
      System.out.printf(
          "%d looks; nodes out of use at one time: %s; pods by the nodes that were away: %s%n",
          seen.looks(), Set.copyOf(seen.together()), seen.pods());
      System.out.printf("longest gap without an answer: %s%n", during);
      assertThat(seen.together())
          .as("two at a time, and never three")
          .isNotEmpty()
          .allSatisfy(it -> assertThat(it.split(",")).hasSize(2));
      assertThat(seen.pods()).allSatisfy(it -> assertThat(it.on()).isNotEmpty());
      assertThat(seen.order()).containsExactlyInAnyOrder("n2", "n3", "n4").endsWith("n4");
      assertThat(RealRotationTest.boots(workers)).doesNotContainAnyElementsOf(boots);
      cluster.hasNodes(server, cluster.newer(), "n1", "n2", "n3", "n4", "n5");
      assertThat(lab.provision().json("rotate", "cluster.yml").exits(0).total("changed")).isZero();
      lab.nodes().forEach(node -> assertThat(node.succeeds(AWAY)).isFalse());
    }
  }

  /** A node whose reboot was ordered before the kill may go down under the first one. */
  private static void goesOn(Lab lab) {
    for (var time = 0; time < 3; time++) {
      var end = lab.provision().startJson("rotate", "cluster.yml").end();
      if (end.exit() == 0) {
        return;
      }
      assertThat(end.exit()).as("not reached, or held: %s", end).isIn(4, 6);
      Pause.milliseconds(20_000);
    }
    throw new AssertionError("it does not end");
  }
}
