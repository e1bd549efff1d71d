package io.provision.steps.gluster.volume;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Known;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.os.NodeAddressStep;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * From where a volume may be used: the hosts of the pool, and those that mount it. GlusterFS has no
 * password; this option of its servers is all that keeps others out, and whoever is taken off it is
 * cut off at once. So a host that leaves stays on it while the inventory names it: its pods use the
 * volume until it is drained.
 *
 * @param addresses as far as they are known
 * @param complete whether all are
 */
public record VolumeAccess(Set<String> addresses, boolean complete) {
  static final String OPTION = "auth.allow";

  /** What GlusterFS takes for not set. */
  static final String EVERYBODY = "*";

  public VolumeAccess {
    addresses = Collections.unmodifiableSet(new TreeSet<>(addresses));
  }

  static VolumeAccess of(GlusterVolume volume, Inventory inventory, Known known) {
    var all = new TreeMap<>(NodeAddressStep.all(inventory, known));
    inventory
        .leaving()
        .forEach(host ->
            NodeAddressStep.said(host, inventory).ifPresent(it -> all.put(host.name(), it)));
    var hosts = inventory.known().stream().filter(host -> uses(volume, host)).toList();
    var addresses = new TreeSet<String>();
    hosts.stream()
        .map(host -> all.get(host.name()))
        .filter(java.util.Objects::nonNull)
        .forEach(address -> addresses.add(address.toString()));
    return new VolumeAccess(
        addresses, hosts.stream().allMatch(host -> all.containsKey(host.name())));
  }

  /** Those that stay, whose addresses can be asked for. */
  static List<Host> hosts(GlusterVolume volume, Inventory inventory) {
    return inventory.hosts().stream().filter(host -> uses(volume, host)).toList();
  }

  private static boolean uses(GlusterVolume volume, Host host) {
    return host.is(Role.STORAGE) || DeclaredStorage.mounts(volume, host);
  }

  /** What the option should be; empty where it is. While an address is not known, none goes. */
  Optional<String> should(String is) {
    var allowed = new TreeSet<>(List.of(is.split(",")));
    if (!complete && allowed.contains(EVERYBODY)) {
      return Optional.empty();
    }
    var should = new TreeSet<>(addresses);
    if (!complete) {
      should.addAll(allowed);
    }
    return should.equals(allowed) ? Optional.empty() : Optional.of(String.join(",", should));
  }
}
