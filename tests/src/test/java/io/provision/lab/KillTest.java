package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at points that are drawn by a seed, on the hosts. {@code -Dkills=20 -Dseed=1}
 * draws others; every point there is, is tried on a simulated host elsewhere.
 */
class KillTest {
  private static final int KILLS = Integer.getInteger("kills", 3);
  private static final long SEED = Long.getLong("seed", 20261122);
  private static final int MOST_DELAY = 150;

  @Test
  void aKilledApplyIsFinishedByTheSameCommandAsIfNothingHadHappened() {
    List<Witness> undisturbed;
    int lines;
    try (var lab = Lab.of(2)) {
      lab.inventory(Job.in(lab), java.util.Map.of());
      lines = lab.provision().json("apply", "inventory.yml").exits(0).out().size();
      undisturbed = Witness.of(lab.nodes()).stream().map(Witness::contents).toList();
    }
    var random = new Random(SEED);
    for (var kill = 1; kill <= KILLS; kill++) {
      var point = new Point(1 + random.nextInt(lines - 1), random.nextInt(MOST_DELAY));
      System.out.printf("kill %d of %d: %s%n", kill, KILLS, point);
      killedAt(point, undisturbed);
    }
  }

  /** After so many lines of output, and then somewhere in what comes next. */
  private record Point(int line, int delayMilliseconds) {}

  private static void killedAt(Point point, List<Witness> undisturbed) {
    try (var lab = Lab.of(2)) {
      lab.inventory(Job.in(lab), java.util.Map.of());
      var first = lab.provision().startJson("apply", "inventory.yml");
      first.hasWritten(point.line());
      Pause.milliseconds(point.delayMilliseconds());
      first.kill();

      lab.provision().json("apply", "inventory.yml").exits(0);
      for (var node : lab.nodes()) {
        var reference = undisturbed.get(lab.nodes().indexOf(node));
        assertThat(reference.changesTo(Witness.of(node).contents()))
            .as("%s after a kill at %s", node.name(), point)
            .isEmpty();
        assertThat(commandOf(node, "demo")).isEqualTo("/bin/sleep infinity");
      }
      var third = lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(third.total("changed")).as("%s", third).isZero();
    }
  }

  private static String commandOf(Node node, String unit) {
    return node.sh("tr '\\0' ' ' </proc/$(systemctl show -P MainPID %s)/cmdline".formatted(unit))
        .strip();
  }
}
