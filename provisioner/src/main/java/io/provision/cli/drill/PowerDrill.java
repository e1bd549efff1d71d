package io.provision.cli.drill;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.desk.PowerSwitch.State;
import io.provision.kube.Time;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts the power of a host, looks on until all that was there runs elsewhere, or so long at most,
 * and gives it again. Whatever comes between, an end that is asked for too, it is given.
 */
final class PowerDrill implements Repair.PowerOutage {
  /** Some controllers take their time until they say what has become of an order. */
  static final Duration SWITCHING = Duration.ofMinutes(1);

  /** Until a machine that has power again is there. */
  static final Duration BOOTING = Duration.ofMinutes(10);

  private final HostLooks hosts;
  private final PowerSwitch power;
  private final Duration most;
  private Optional<OutageRecord> pods = Optional.empty();
  private Optional<HostRecord> record = Optional.empty();
  private boolean over;

  /**
   * @param most how long it is without power
   */
  PowerDrill(HostLooks hosts, PowerSwitch power, Duration most) {
    this.hosts = hosts;
    this.power = power;
    this.most = most;
  }

  /** What was seen of pods; empty where nothing was cut, or there is no cluster. */
  Optional<OutageRecord> pods() {
    return pods;
  }

  /** What was seen of hosts; empty where nothing was cut. */
  Optional<HostRecord> record() {
    return record;
  }

  /** From before the cut until it has power again. */
  static Duration longest(Duration most) {
    return most.plus(SWITCHING.multipliedBy(2)).plus(BOOTING).plus(Duration.ofMinutes(5));
  }

  @Override
  public boolean happen(Repair.Sight sight, Time time, Consumer<String> progress)
      throws DeskException, InterruptedException {
    var podsBefore = podsBefore(sight);
    var volumes = new VolumeRecord(hosts.volumes(sight));
    if (power.state() != State.ON) {
      throw new DeskException(
          "its power is not on: nothing was cut", "see what has become of it", null);
    }
    var back = new PowerBack(power, time.regardless(), SWITCHING, progress);
    try {
      time.pause(Duration.ZERO);
    } catch (InterruptedException _) { // asked for by now it is none for a host with no power
      return false;
    }
    progress.accept("cutting its power");
    cut(new Looking(sight, time, progress), podsBefore, volumes, back);
    over = true;
    return true;
  }

  private record Looking(Repair.Sight sight, Time time, Consumer<String> progress) {}

  private void cut(
      Looking looking, Optional<OutageRecord> podsBefore, VolumeRecord volumes, PowerBack back)
      throws DeskException, InterruptedException {
    Optional<OutageWatch> watch = Optional.empty();
    Optional<DeskException> not;
    try {
      off(looking.time());
      var now = new HostRecord(looking.time(), volumes);
      record = Optional.of(now);
      pods = podsBefore;
      watch =
          Optional.of(
              new OutageWatch(
                  hosts, looking.sight(), looking.time(), looking.progress(), pods, now));
      watch.get().untilElsewhere(most);
    } finally { // whatever comes, an error too
      not = back.give(record.isPresent());
    }
    if (not.isPresent()) {
      throw not.get();
    }
    record.ifPresent(HostRecord::isPowered);
    watch.orElseThrow().untilBack(BOOTING);
  }

  private Optional<OutageRecord> podsBefore(Repair.Sight sight)
      throws DeskException, InterruptedException {
    if (sight.api().isEmpty()) {
      return Optional.empty();
    }
    var node = hosts.host().toString();
    var before = ClusterSighting.look(sight.api().get(), node);
    if (before.isEmpty()) {
      throw new DeskException(
          "the cluster's API did not answer, so that nobody could look on: nothing was cut",
          "see 'kubectl get nodes', then run the same command again",
          null);
    }
    return Optional.of(new OutageRecord(node, before.get()));
  }

  @Override
  public boolean isOver() {
    return over;
  }

  private void off(Time time) throws DeskException, InterruptedException {
    try {
      power.off();
    } catch (DeskException e) {
      if (power.state() == State.ON) { // some say no to what they do all the same
        throw e;
      }
    }
    var patience = time.patience(SWITCHING);
    while (power.state() != State.OFF) {
      if (patience.isOver()) {
        throw new DeskException(
            "its power was told to be off and is not within %d s".formatted(SWITCHING.toSeconds()),
            "see what it does; by hand it is switched as the inventory says",
            null);
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }
}
