package io.provision.model.quiet;

import io.provision.model.window.Window;
import java.util.Comparator;
import java.util.Optional;

/**
 * How quiet it was each time that a window would have been open.
 *
 * @param mean of all those times
 * @param worst the mean of the one in which most was going on
 * @param times how many were measured
 * @param unmeasured how many were not
 */
public record Quietness(Window window, double mean, double worst, int times, int unmeasured) {
  /** What was so once may be chance. */
  private static final int LEAST_TIMES = 2;

  /** A window is as good as the worst of its times: a backup that runs every other week counts. */
  static final Comparator<Quietness> ORDER =
      Comparator.comparingDouble(Quietness::worst).thenComparingDouble(Quietness::mean);

  /** Of a window; empty where it was not open twice since it is measured. */
  static Optional<Quietness> of(Window window, Load load) {
    var sum = 0.0;
    var worst = Double.NEGATIVE_INFINITY;
    var times = 0;
    var unmeasured = 0;
    for (var next = window.next(load.from());
        next.isPresent() && load.covers(next.get());
        next = window.next(next.get().begin().plusNanos(1))) {
      var mean = load.mean(next.get());
      if (mean.isPresent()) {
        times++;
        sum += mean.getAsDouble();
        worst = Math.max(worst, mean.getAsDouble());
      } else {
        unmeasured++;
      }
    }
    return times < LEAST_TIMES
        ? Optional.empty()
        : Optional.of(new Quietness(window, sum / times, worst, times, unmeasured));
  }

  /** Of three times one may not have been measured: a server that is down measures nothing. */
  boolean isKnown() {
    return unmeasured * 2 <= times;
  }
}
