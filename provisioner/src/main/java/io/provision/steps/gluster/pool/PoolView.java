package io.provision.steps.gluster.pool;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Group;
import io.provision.step.Known;
import io.provision.steps.gluster.answers.VolumeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pool as the storage hosts that answered know it, in inventory order; the same for everyone
 * who asks, so that all agree on who acts.
 */
public record PoolView(Map<HostName, GlusterNode> nodes) {

  public static PoolView of(Inventory inventory, Known known) {
    var seen = known.all(GlusterIdentity.NODE);
    var nodes = new LinkedHashMap<HostName, GlusterNode>();
    for (var host : DeclaredStorage.storage(inventory)) {
      Optional.ofNullable(seen.get(host.name())).ifPresent(it -> nodes.put(host.name(), it));
    }
    return new PoolView(nodes);
  }

  /** Who acts: the first that is in a pool or has volumes, else the first. */
  Optional<HostName> actor() {
    var answered = new Group(List.copyOf(nodes.keySet()));
    return answered.actor(name -> node(name).isSettled()).or(() -> answered.actor(_ -> true));
  }

  GlusterNode node(HostName name) {
    var node = nodes.get(name);
    if (node == null) {
      throw new IllegalStateException("not among those that answered: " + name);
    }
    return node;
  }

  /** Whether this host is settled in a pool that the one who acts is not in. */
  boolean isForeign(HostName name) {
    var center = actor().orElseThrow();
    var node = node(name);
    return !name.equals(center)
        && node.isSettled()
        && node.pool().find(node(center).uuid()).isEmpty();
  }

  /** What the pool knows of a volume. */
  public Optional<VolumeInfo> volume(String name) {
    return actor().flatMap(it -> VolumeInfo.find(node(it).volumes(), name));
  }

  /** The name in the inventory of the host with this UUID. */
  public Optional<HostName> named(String uuid) {
    return nodes.entrySet().stream()
        .filter(entry -> entry.getValue().uuid().equals(uuid))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public static List<HostName> names(List<Host> hosts) {
    return hosts.stream().map(Host::name).toList();
  }
}
