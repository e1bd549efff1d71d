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

  private static final int TRIES = 5;

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
    try {
      off(time);
      record = Optional.of(looks);
      watch.untilElsewhere(most);
    } catch (DeskException | InterruptedException | RuntimeException e) {
      giveAtOnce(progress);
      throw e;
    }
    progress.accept("giving it power again");
    on(time);
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
    await(State.OFF, time);
  }

  private void await(State wanted, Time time) throws DeskException, InterruptedException {
    var patience = time.patience(SWITCHING);
    while (power.state() != wanted) {
      if (patience.isOver()) {
        throw new DeskException(
            "its power was told to be %s and is not within %d s"
                .formatted(wanted == State.OFF ? "off" : "on", SWITCHING.toSeconds()),
            "see what it does; by hand it is switched as the inventory says",
            null);
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }

  /** What failed, or was asked for, is what ends it; what has become of its power is told. */
  private void giveAtOnce(Consumer<String> progress) {
    try {
      if (power.state() != State.ON) {
        power.on();
        progress.accept("note: it was given power again");
      }
    } catch (DeskException e) {
      progress.accept(
          "note: it may be without power, switch it on yourself: %s. %s"
              .formatted(e.what(), e.remedy()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      progress.accept("note: it may be without power, switch it on yourself");
    }
  }

  private void on(Time time) throws DeskException, InterruptedException {
    for (var tries = 1; ; tries++) {
      try {
        if (power.state() != State.ON) {
          power.on();
        }
        await(State.ON, time);
        return;
      } catch (DeskException e) {
        if (tries == TRIES) {
          throw new DeskException(
              "it cannot be given power again: " + e.what(),
              "switch it on yourself, then run the same command again, which takes it back into use. "
                  + e.remedy(),
              e);
        }
        time.pause(SWITCHING.dividedBy(TRIES));
      }
    }
  }
}
