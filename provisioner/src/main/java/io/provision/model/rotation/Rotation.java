package io.provision.model.rotation;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.window.Windows;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an inventory says of the reboots of its nodes.
 *
 * @param windows when they may be; empty for at any time
 * @param olderThan after how long a node wants one besides, whatever its system says
 * @param leavesCrowded whether pods that a drain has moved stay where they are
 * @param maxUnavailable how many agents may be away at a time
 * @param own what its user wants asked and run around each
 * @param reporting where it is told of
 * @param course how this one goes
 */
public record Rotation(
    Optional<Windows> windows,
    Optional<Duration> olderThan,
    boolean leavesCrowded,
    int maxUnavailable,
    OwnSteps own,
    Reporting reporting,
    Course course) {
  /** A rotation of some nodes takes its time, and is not to begin anew as it ends. */
  private static final Duration LEAST = Duration.ofHours(1);

  /**
   * How one rotation goes, whatever the inventory says.
   *
   * @param runsOn the host that it runs on as a pod, and would end with; empty where a login tells
   * @param begins whether hosts are rebooted; else only what an earlier one has left is given back
   */
  public record Course(Optional<HostName> runsOn, boolean begins) {
    public static final Course USUAL = new Course(Optional.empty(), true);
  }

  public static final Rotation PLAIN = new Rotation(Optional.empty(), Optional.empty());

  /** Of which its user wants nothing asked or run, and which is told of nowhere else. */
  public Rotation(Optional<Windows> windows, Optional<Duration> olderThan) {
    this(windows, olderThan, false, OwnSteps.NONE, Reporting.NONE);
  }

  /** As an inventory says it. */
  public Rotation(
      Optional<Windows> windows,
      Optional<Duration> olderThan,
      boolean leavesCrowded,
      OwnSteps own,
      Reporting reporting) {
    this(windows, olderThan, leavesCrowded, 1, own, reporting, Course.USUAL);
  }

  public static Rotation of(Inventory inventory) {
    return inventory.cluster().flatMap(it -> it.sections().find(Rotation.class)).orElse(PLAIN);
  }

  /** The same, whenever it is. */
  public Rotation atAnyTime() {
    return new Rotation(
        Optional.empty(), olderThan, leavesCrowded, maxUnavailable, own, reporting, course);
  }

  /** The same, which goes like this. */
  public Rotation going(Course other) {
    return new Rotation(windows, olderThan, leavesCrowded, maxUnavailable, own, reporting, other);
  }

  /** The same with so many agents away at a time. */
  public Rotation abreast(int most) {
    return new Rotation(windows, olderThan, leavesCrowded, most, own, reporting, course);
  }

  /** Whether there are windows, and none is open. */
  public boolean isShut(Instant instant) {
    return windows.filter(it -> !it.isOpen(instant)).isPresent();
  }

  /** Whether it is known to run on this host, as a pod of it. */
  public boolean runsOn(HostName host) {
    return course.runsOn().equals(Optional.of(host));
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
    return new Rotation(
        windows, Optional.of(age), leavesCrowded, maxUnavailable, own, reporting, course);
  }
}
