package io.provision.cli.drill;

import io.provision.kube.Time;
import java.time.Duration;
import java.util.Optional;

/** How long a host was without power, and until it answered again. Time counts from the cut. */
final class HostRecord {
  private final Time.Patience cut;
  private final VolumeRecord volumes;
  private Optional<Duration> powered = Optional.empty();
  private Optional<Duration> reached = Optional.empty();

  /** The cut is now. */
  HostRecord(Time time, VolumeRecord volumes) {
    this.cut = time.patience(Duration.ZERO);
    this.volumes = volumes;
  }

  /** Until now. */
  Duration passed() {
    return cut.passed();
  }

  VolumeRecord volumes() {
    return volumes;
  }

  void isPowered() {
    powered = Optional.of(passed());
  }

  void isReached() {
    reached = Optional.of(passed());
  }

  /** When it had power again; empty where it was not seen to. */
  Optional<Duration> powered() {
    return powered;
  }

  /** When it could be logged in to again; empty where nobody looked, or it could not. */
  Optional<Duration> reached() {
    return reached;
  }
}
