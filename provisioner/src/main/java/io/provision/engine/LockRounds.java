package io.provision.engine;

import io.provision.engine.event.TargetName;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * How often locks are taken for one wave: what is seen under some can show that others are needed.
 * Each round locks one target more or finds one that is gone, so there are no more rounds than
 * targets.
 */
final class LockRounds {
  private final int most;
  private int rounds;

  /**
   * @param targets of the wave
   */
  LockRounds(int targets) {
    this.most = targets;
  }

  /**
   * Begins one more.
   *
   * @param asking who has something to do and is not locked
   * @throws IllegalStateException where there have been as many as there can be
   */
  void begin(Collection<TargetName> asking) {
    if (++rounds > most) {
      throw new IllegalStateException(
          "locks were taken %d times, and %s still asks for one: it has something to do by every look and is never locked"
              .formatted(
                  most,
                  asking.stream()
                      .map(TargetName::toString)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
  }
}
