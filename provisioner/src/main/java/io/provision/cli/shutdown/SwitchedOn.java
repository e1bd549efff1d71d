package io.provision.cli.shutdown;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.kube.Time;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.power.Power;
import java.time.Duration;
import java.util.List;

/**
 * Hosts of a cluster that is to come up, switched on where the inventory says by what: all that are
 * off. One that cannot be is left to people, who are told, and keeps no other.
 */
record SwitchedOn(Inventory inventory, Context context) {
  /** A system that is told to end may take some minutes; some controllers say so meanwhile. */
  private static final Duration SETTLING = Duration.ofMinutes(5);

  /**
   * @param dry whether it is only said who would be
   */
  void all(boolean dry) throws Refused {
    for (var host : inventory.hosts()) {
      var power = Power.of(host);
      if (power.isPresent()) {
        one(host, power.get(), dry);
      }
    }
  }

  /** One that is just going off would be left off. */
  private PowerSwitch.State settled(Host host, PowerSwitch power)
      throws DeskException, InterruptedException {
    var state = power.state();
    if (state == PowerSwitch.State.BETWEEN) {
      context
          .display()
          .say(
              "%s: its power is neither on nor off: waiting until it is one of them (%d s at most)"
                  .formatted(host, SETTLING.toSeconds()));
      Time time = context.conversation().interrupt();
      var patience = time.patience(SETTLING);
      while (state == PowerSwitch.State.BETWEEN && !patience.isOver()) {
        time.pause(Time.BETWEEN_LOOKS);
        state = power.state();
      }
    }
    return state;
  }

  private void between(Host host, boolean dry) {
    if (dry) {
      context.display().say(host + ": its power is neither on nor off, and would be waited for");
      return;
    }
    context
        .display()
        .problems(
            List.of(
                Problem.warning(
                    host.toString(),
                    "its power is neither on nor off for %d s, and it is not switched on. see what it does, and switch it on yourself where it is off"
                        .formatted(SETTLING.toSeconds()))));
  }

  private void one(Host host, Power power, boolean dry) throws Refused {
    try {
      var itself = context.program().power(inventory, power);
      switch (dry ? itself.state() : settled(host, itself)) {
        case ON -> {}
        case OFF -> {
          if (!dry) {
            itself.on();
          }
          var words = dry ? ": is off, and would be switched on" : ": switched on";
          context.display().say(host + words);
        }
        case BETWEEN -> between(host, dry);
      }
    } catch (DeskException e) {
      context
          .display()
          .problems(
              List.of(
                  Problem.warning(
                      host.toString(),
                      "switch it on yourself where it is off: %s. %s"
                          .formatted(e.what(), e.remedy()))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
  }
}
