package io.provision.cli.drill;

import io.provision.desk.DeskException;
import io.provision.kube.ClusterApi;
import io.provision.kube.Time;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks at a cluster time and again while one of its nodes has no power, and says what it awaits.
 */
final class OutageWatch {
  /** Each look is a list of all pods. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** A node that is gone is not Ready after 40 s (Kubernetes' usual), or 50 s. */
  private static final Duration UNHEARD = Duration.ofMinutes(2);

  private static final int MOST_NAMES = 5;

  private final String node;
  private final ClusterApi.View api;
  private final Time time;
  private final Consumer<String> progress;
  private final OutageRecord record;
  private final Time.Patience cut;
  private String told = "";

  /** The cut is now. */
  OutageWatch(
      String node, ClusterApi.View api, Time time, Consumer<String> progress, OutageRecord record) {
    this.node = node;
    this.api = api;
    this.time = time;
    this.progress = progress;
    this.record = record;
    this.cut = time.patience(Duration.ZERO);
  }

  /** Until as many pods are Ready elsewhere as before, and the cluster has seen that it is gone. */
  void untilElsewhere(Duration most) throws DeskException, InterruptedException {
    var off = time.patience(UNHEARD);
    var silent = record.silent();
    BooleanSupplier isUntouched =
        () ->
            record.notReady().isEmpty()
                && off.passed().minus(record.silent().minus(silent)).compareTo(UNHEARD) >= 0;
    until(
        () ->
            record.notReady().isPresent() && record.missing().isEmpty()
                || isUntouched.getAsBoolean(),
        () ->
            record.notReady().isEmpty()
                ? "for the cluster to see that %s is gone".formatted(node)
                : "for pods to be Ready elsewhere: " + named(record.missing()),
        most);
    if (isUntouched.getAsBoolean()) {
      throw new DeskException(
          "the cluster still has %s as Ready %d s after its power was off: that of another machine was cut"
              .formatted(node, UNHEARD.toSeconds()),
          "see which machine its 'power' in the inventory switches, and how that one is",
          null);
    }
  }

  /** Until it is Ready with another boot; whoever comes back to it says where it is not. */
  void untilBack(Duration most) throws InterruptedException {
    until(record::isBack, () -> "for %s to boot, and to be Ready".formatted(node), most);
  }

  private interface Awaited {
    String words();
  }

  private void until(BooleanSupplier isSo, Awaited awaited, Duration most)
      throws InterruptedException {
    var patience = time.patience(most);
    while (true) {
      var seen = ClusterSighting.look(api, node);
      record.add(cut.passed(), seen);
      if (seen.isPresent() && isSo.getAsBoolean() || patience.isOver()) {
        return;
      }
      tell(
          seen.isEmpty() ? "for the cluster's API to answer" : awaited.words(),
          most.minus(patience.passed()));
      time.pause(BETWEEN_LOOKS);
    }
  }

  /** Once for each thing that is awaited. */
  private void tell(String awaited, Duration left) {
    if (!awaited.equals(told)) {
      told = awaited;
      progress.accept(
          "waiting %s (%d s after the cut, %d s more at most)"
              .formatted(awaited, cut.passed().toSeconds(), left.toSeconds()));
    }
  }

  private static String named(List<String> all) {
    var more = all.size() > MOST_NAMES ? " and %d more".formatted(all.size() - MOST_NAMES) : "";
    return String.join(", ", all.stream().limit(MOST_NAMES).toList()) + more;
  }
}
