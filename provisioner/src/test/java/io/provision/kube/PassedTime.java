package io.provision.kube;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Time that goes by only where somebody pauses, and then at once. What waits for what never comes
 * ends here.
 */
public final class PassedTime implements Time {
  private static final int MOST = 100_000;

  private final List<Duration> pauses = new ArrayList<>();
  private final Meanwhile meanwhile;
  private long nanos;

  /** What happens while somebody pauses. */
  @FunctionalInterface
  public interface Meanwhile {
    void during(Duration pause) throws InterruptedException;
  }

  public PassedTime() {
    this(_ -> {});
  }

  public PassedTime(Meanwhile meanwhile) {
    this.meanwhile = meanwhile;
  }

  @Override
  public void pause(Duration time) throws InterruptedException {
    if (pauses.size() >= MOST) {
      throw new IllegalStateException("looked %d times, every %s".formatted(MOST, time));
    }
    pauses.add(time);
    nanos += time.toNanos();
    meanwhile.during(time);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  public List<Duration> pauses() {
    return pauses;
  }
}
