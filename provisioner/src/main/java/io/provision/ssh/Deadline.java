package io.provision.ssh;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Until when one connection must stand: all attempts, jump hosts and pauses between together. */
public final class Deadline {
  private final Duration budget;
  private final AtomicLong end;

  Deadline(Duration budget) {
    this.budget = budget;
    this.end = new AtomicLong(System.nanoTime() + budget.toNanos());
  }

  /** What was granted in all. */
  Duration budget() {
    return budget;
  }

  /** What is left; never less than a millisecond, since zero means for ever to some. */
  public Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, end.get() - System.nanoTime()));
  }

  /** The smaller of this and what is left. */
  public Duration atMost(Duration limit) {
    var left = left();
    return left.compareTo(limit) < 0 ? left : limit;
  }

  public boolean over() {
    return end.get() - System.nanoTime() <= 1_000_000;
  }

  /** Gives back what was no fault of the host's, since this {@link System#nanoTime}. */
  void excuse(long since) {
    end.addAndGet(System.nanoTime() - since);
  }
}
