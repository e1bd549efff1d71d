package io.provision.model.rotation;

import io.provision.model.Inventory;
import io.provision.model.window.Windows;
import java.time.Duration;
import java.util.Optional;

/**
 * What an inventory says of the reboots of its nodes.
 *
 * @param windows when they may be; empty for at any time
 * @param olderThan after how long a node wants one besides, whatever its system says
 * @param leavesCrowded whether pods that a drain has moved stay where they are
 * @param own what its user wants asked and run around each
 * @param reporting where it is told of
 */
public record Rotation(
    Optional<Windows> windows,
    Optional<Duration> olderThan,
    boolean leavesCrowded,
    OwnSteps own,
    Reporting reporting) {
  /** A rotation of some nodes takes its time, and is not to begin anew as it ends. */
  private static final Duration LEAST = Duration.ofHours(1);

  public static final Rotation PLAIN = new Rotation(Optional.empty(), Optional.empty());

  /** Of which its user wants nothing asked or run, and which is told of nowhere else. */
  public Rotation(Optional<Windows> windows, Optional<Duration> olderThan) {
    this(windows, olderThan, false, OwnSteps.NONE, Reporting.NONE);
  }

  public static Rotation of(Inventory inventory) {
    return inventory.cluster().flatMap(it -> it.sections().find(Rotation.class)).orElse(PLAIN);
  }

  /** The same, whenever it is. */
  public Rotation atAnyTime() {
    return new Rotation(Optional.empty(), olderThan, leavesCrowded, own, reporting);
  }

  /**
   * The same of nodes that booted longer ago than that.
   *
   * @throws IllegalArgumentException where that is too short
   */
  public Rotation olderThan(Duration age) {
    if (age.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException(
          "that is less than an hour, and nodes would be rebooted again and again. write 30d.");
    }
    return new Rotation(windows, Optional.of(age), leavesCrowded, own, reporting);
  }
}
