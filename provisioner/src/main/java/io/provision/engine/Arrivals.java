package io.provision.engine;

import io.provision.engine.event.TargetName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Those of whom it is known what is to be done, in waves: who is slow goes with a later one, and
 * delays nobody but those who wait for what only that one knows. For any threads.
 */
final class Arrivals {
  private final Set<TargetName> missing;
  private final Set<TargetName> here = new LinkedHashSet<>();
  private final Duration quiet;
  private long last;

  /**
   * @param quiet how long nobody may have arrived before a wave goes
   */
  Arrivals(Collection<TargetName> all, Duration quiet) {
    this.missing = new HashSet<>(all);
    this.quiet = quiet;
  }

  synchronized void add(TargetName target) {
    if (missing.remove(target)) {
      here.add(target);
      last = System.nanoTime();
      notifyAll();
    }
  }

  /** Waits for the next wave; empty when there is none any more. */
  synchronized Set<TargetName> next() throws InterruptedException {
    while (!missing.isEmpty()) {
      if (here.isEmpty()) {
        wait();
        continue;
      }
      var left = quiet.toNanos() - (System.nanoTime() - last);
      if (left <= 0) {
        break;
      }
      wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
    var wave = Set.copyOf(here);
    here.clear();
    return wave;
  }
}
