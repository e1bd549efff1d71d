package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} in each phase of the reboot of a node of the real k3s that has a brick, by turns
 * from two machines, until a run ends by itself: each time the other machine goes on.
 */
@Tag("long")
class RealRotationKillsTest {
  private static final List<String> ROLES =
      List.of("control-plane, storage", "worker, storage", "worker, storage");

  private static final String CORDONED =
      "k3s kubectl get nodes -o 'jsonpath={range .items[*]}{.metadata.name}"
          + " {.spec.unschedulable}{\"\\n\"}{end}' | sed -n 's/ true$//p'";

  private static final String HOLDER =
      "k3s kubectl -n kube-system get lease provision-rotation -o"
          + " 'jsonpath={.spec.holderIdentity}'";

  private static final String MARKED = "[ -e /var/lib/provision/rotating ]";

  /** More than there are phases, each with a run that may have to wait for the node. */
  private static final int MOST_RUNS = 80;

  private static final int MOST_REBOOTS = 6;

  private final Set<String> tried = new TreeSet<>();
  private final Random random = new Random(Long.getLong("seed", 20261130));

  @Test
  void theOtherMachineGoesOnWhereverARunWasKilled() throws Exception {
    try (var lab = Lab.of(3)) {
      var cluster = RealCluster.newestOfK3s(lab);
      System.out.println("RealRotationKillsTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
      lab.write(
          "cluster.yml",
          Checkout.text(lab.file("cluster.yml"))
              .replace(
                  "artifacts:",
                  "  storage: { gluster: { volumes: [ %s ] } }\nartifacts:"
                      .formatted(SharedVolume.VOLUMES)));
      lab.provision().json("apply", "cluster.yml").exits(0);
      var server = lab.node(1);
      server.sh(SharedVolume.HEAL_SOON);
      var lines = new NumberedLines(server, lab.nodes());
      lines.begin();
      var boots = RealRotationTest.boots(lab.nodes());
      var seen = new SeenAway(lab, () -> server.sh(CORDONED).lines().toList());
      var runs = 0;
      for (var reboot = 0; reboot < MOST_REBOOTS && !isInEachPhase(); reboot++) {
        RealRotationTest.wantReboots(List.of(lab.node(2)));
        runs += untilOneEnds(lab);
      }
      seen.end();
      lines.end();
      System.out.printf("%d runs, killed at: %s%n", runs, String.join("; ", tried));
      assertThat(tried).hasSizeGreaterThan(8);
      assertThat(isInEachPhase()).as("phases: %s", tried).isTrue();
      assertThat(seen.together).as("nodes out of use at one time").isEmpty();
      assertThat(RealRotationTest.boots(List.of(lab.node(2)))).doesNotContainAnyElementsOf(boots);
      assertThat(boots).containsAll(RealRotationTest.boots(List.of(server, lab.node(3))));
      lines.nothingIsLost();
      assertThat(server.sh(CORDONED)).isEmpty();
      assertThat(server.sh(HOLDER)).isEmpty();
      lab.nodes().forEach(node -> assertThat(node.succeeds(MARKED)).isFalse());
      assertThat(lab.provision().json("rotate", "cluster.yml").exits(0).total("changed")).isZero();
    }
  }

  /** Of those behind its reboot too, which a run that was killed right before has brought about. */
  private boolean isInEachPhase() {
    return Stream.of("rebooting", "waiting for it to come back", "heard of anew")
        .allMatch(phase -> tried.stream().anyMatch(it -> it.contains(phase)));
  }

  /** How many it took. */
  private int untilOneEnds(Lab lab) {
    var file = lab.file("cluster.yml").toString();
    var machines = List.of(lab.provision(), new Provision(Checkout.scratch("other")));
    for (var count = 1; count <= MOST_RUNS; count++) {
      var machine = machines.get(count % machines.size());
      var run = machine.startJson("rotate", file);
      if (run.reaches(this::isNew)) {
        Pause.milliseconds((int) (1500 * Math.pow(random.nextDouble(), 3)));
        run.kill();
        continue;
      }
      var end = run.end();
      if (end.exit() == 0) {
        return count;
      }
      assertThat(end.exit()).as("away, or locked by the one before: %s", end).isIn(4, 6);
      lab.node(2).await("its return", "systemctl is-active ssh");
      machine.run("unlock", file, "-y").exits(0);
    }
    throw new AssertionError("it does not end; killed at " + tried);
  }

  /** What it says that it does or waits for, as it says it for the first time. */
  private boolean isNew(JsonNode event) {
    var text = event.path("text").asText();
    return event.path("target").asText().equals("n2")
        && event.path("event").asText().equals("progress")
        && tried.add(text.replaceAll("[0-9]+", "#"));
  }
}
