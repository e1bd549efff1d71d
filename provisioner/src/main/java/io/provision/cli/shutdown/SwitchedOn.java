package io.provision.cli.shutdown;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.power.Power;
import java.util.List;

/**
 * Hosts of a cluster that is to come up, switched on where the inventory says by what: all that are
 * off. One that cannot be is left to people, who are told, and keeps no other.
 */
record SwitchedOn(Inventory inventory, Context context) {

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

  private void one(Host host, Power power, boolean dry) throws Refused {
    try {
      var itself = context.program().power(inventory, power);
      if (itself.state() != PowerSwitch.State.OFF) {
        return;
      }
      if (!dry) {
        itself.on();
      }
      context.display().say(host + (dry ? ": is off, and would be switched on" : ": switched on"));
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
