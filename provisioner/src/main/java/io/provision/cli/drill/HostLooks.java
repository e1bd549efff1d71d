package io.provision.cli.drill;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.resource.Files;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.outage.VolumeWatch;
import io.provision.steps.Catalog;
import io.provision.steps.rotation.OutOfUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is looked at on hosts while one of them has no power. */
interface HostLooks {
  /** That one. */
  Host host();

  /** By the names of hosts that stay, which of the volumes mounted there can be used. */
  Map<String, Map<String, Boolean>> volumes(Repair.Sight sight) throws InterruptedException;

  /** Whether the host itself can be logged in to. */
  boolean isReached(Repair.Sight sight) throws InterruptedException;

  static HostLooks of(Inventory inventory, Host host) {
    var others = inventory.hosts().stream().filter(it -> !it.equals(host)).toList();
    return new Asked(host, others, Catalog.mounts(inventory));
  }

  /** By logins. */
  record Asked(Host host, List<Host> others, VolumeWatch mounts) implements HostLooks {
    public Asked {
      others = List.copyOf(others);
    }

    @Override
    public Map<String, Map<String, Boolean>> volumes(Repair.Sight sight)
        throws InterruptedException {
      var asked = mounts.asked(others);
      var usable = new LinkedHashMap<String, Map<String, Boolean>>();
      if (!asked.isEmpty()) {
        var seen = sight.ask(asked);
        for (var other : asked.keySet()) {
          var answers = seen.get(other.name());
          if (answers != null) {
            usable.put(other.toString(), mounts.usable(other, answers));
          }
        }
      }
      return usable;
    }

    @Override
    public boolean isReached(Repair.Sight sight) throws InterruptedException {
      var asked = Map.of(host, Probes.of(Files.at(OutOfUse.MARKER)));
      return !sight.ask(asked).isEmpty();
    }
  }
}
