package io.provision.engine;

import io.provision.engine.event.Failure;
import io.provision.engine.event.TargetName;
import io.provision.step.MachineIdentity;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds names of the inventory that are one machine, and machines that cannot be told apart. */
final class Twins {
  private static final String REMEDY =
      "take one of the two names out of the inventory, or correct its address";
  private static final String CLONES =
      "they are clones: on one of them 'rm /etc/machine-id /var/lib/dbus/machine-id;"
          + " systemd-machine-id-setup; reboot', or give the virtual machine a new UUID and new MAC"
          + " addresses";

  private final SortedMap<TargetName, MachineIdentity> known = new TreeMap<>();

  /** What these are, in addition to those that are known: who is one machine with somebody else. */
  SortedMap<TargetName, Failure> same(Map<TargetName, MachineIdentity> more) {
    known.putAll(more);
    var found = new TreeMap<TargetName, Failure>();
    more.forEach((target, identity) ->
        other(target, identity)
            .ifPresent(other ->
                found.put(
                    target,
                    new Failure(
                        "it is the same machine as %s (one boot id, one process namespace)"
                            .formatted(other),
                        REMEDY))));
    return found;
  }

  private Optional<TargetName> other(TargetName target, MachineIdentity identity) {
    return known.entrySet().stream()
        .filter(each -> !each.getKey().equals(target) && each.getValue().isSame(identity))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** For those of whom others were known before, or come later in order: what both share. */
  SortedMap<TargetName, String> clones(Collection<TargetName> some) {
    var told = new TreeMap<TargetName, String>();
    known.forEach((target, identity) ->
        known.headMap(target).entrySet().stream()
            .filter(each -> some.contains(target) || some.contains(each.getKey()))
            .filter(each -> !each.getValue().isSame(identity))
            .filter(each -> !each.getValue().shared(identity).isEmpty())
            .findFirst()
            .ifPresent(each ->
                told.put(
                    target,
                    "it has the same %s as %s: %s"
                        .formatted(
                            String.join(" and ", each.getValue().shared(identity)),
                            each.getKey(),
                            CLONES))));
    return told;
  }
}
