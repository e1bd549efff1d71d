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
import java.util.TreeSet;

/**
 * From where a volume may be used: the hosts of the pool, and those that mount it. GlusterFS has no
 * password; this option of its servers is all that keeps others out.
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
    var all = NodeAddressStep.all(inventory, known);
    var hosts = hosts(volume, inventory);
    var addresses = new TreeSet<String>();
    hosts.stream()
        .map(host -> all.get(host.name()))
        .filter(java.util.Objects::nonNull)
        .forEach(address -> addresses.add(address.toString()));
    return new VolumeAccess(
        addresses, hosts.stream().allMatch(host -> all.containsKey(host.name())));
  }

  static List<Host> hosts(GlusterVolume volume, Inventory inventory) {
    return inventory.hosts().stream()
        .filter(host -> host.is(Role.STORAGE) || DeclaredStorage.mounts(volume, host))
        .toList();
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
