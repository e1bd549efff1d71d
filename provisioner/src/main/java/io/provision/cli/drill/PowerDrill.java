package io.provision.cli.drill;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.desk.PowerSwitch.State;
import io.provision.kube.ClusterApi;
import io.provision.kube.Time;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts the power of a node, looks on until all that was there runs elsewhere, or so long at most,
 * and gives it again. Whatever comes between, an end that is asked for too, it is given.
 */
final class PowerDrill implements Repair.PowerOutage {
  /** Some controllers take their time until they say what has become of an order. */
  static final Duration SWITCHING = Duration.ofMinutes(1);

  /** Until a machine that has power again is a node. */
  static final Duration BOOTING = Duration.ofMinutes(10);

  private final String node;
  private final PowerSwitch power;
  private final Duration most;
  private Optional<OutageRecord> record = Optional.empty();
  private boolean over;

  /**
   * @param most how long it is without power
   */
  PowerDrill(String node, PowerSwitch power, Duration most) {
    this.node = node;
    this.power = power;
    this.most = most;
  }

  /** What was seen; empty where nothing was cut. */
  Optional<OutageRecord> record() {
    return record;
  }

  /** From before the cut until it has power again. */
  static Duration longest(Duration most) {
    return most.plus(SWITCHING.multipliedBy(2)).plus(BOOTING).plus(Duration.ofMinutes(5));
  }

  @Override
  public void happen(ClusterApi.View api, Time time, Consumer<String> progress)
      throws DeskException, InterruptedException {
    var before = ClusterSighting.look(api, node);
    if (before.isEmpty()) {
      throw new DeskException(
          "the cluster's API did not answer, so that nobody could look on: nothing was cut",
          "see 'kubectl get nodes', then run the same command again",
          null);
    }
    if (power.state() != State.ON) {
      throw new DeskException(
          "its power is not on: nothing was cut", "see what has become of it", null);
    }
    var looks = new OutageRecord(node, before.get());
    progress.accept("cutting its power");
    var watch = new OutageWatch(node, api, time, progress, looks);
    var back = new PowerBack(power, time.regardless(), SWITCHING, progress);
    var isCut = false;
    time.pause(Duration.ZERO); // an end that was asked for by now is none for a node with no power
    Optional<DeskException> not;
    try {
      off(time);
      isCut = true;
      record = Optional.of(looks);
      watch.untilElsewhere(most);
    } finally { // whatever comes, an error too
      not = back.give(isCut);
    }
    if (not.isPresent()) {
      throw not.get();
    }
    watch.untilBack(BOOTING);
    over = true;
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
