package io.provision.steps.gluster.leave;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Group;
import io.provision.step.Known;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.WayBack;
import io.provision.steps.gluster.gate.GlusterGate;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.PoolView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A pool without a single storage host of the inventory: its hosts have lost the role, and it is
 * there with all of its volumes. The first of its hosts in the inventory speaks for it. A run that
 * was not asked to remove anything waits for nobody else, and so names no obstacles.
 *
 * @param members its hosts that are in the inventory, in that order
 */
record LeftPool(
    Inventory inventory,
    HostName self,
    List<HostName> members,
    Pool pool,
    List<VolumeInfo> volumes,
    GlusterTrace.Trace own) {

  /** Empty where this host is in no such pool, or another one speaks for it. */
  static Optional<LeftPool> spokenForBy(
      HostName self, Inventory inventory, GlusterTrace.Trace trace) {
    if (!trace.isSettled()
        || !(trace.seen().pool() instanceof Reading.Of<Pool>(var pool))
        || !(trace.seen().volumes() instanceof Reading.Of<List<VolumeInfo>>(var volumes))
        || isServed(inventory, pool)) {
      return Optional.empty();
    }
    var members = named(inventory, self, pool, false);
    var speaks = new Group(named(inventory, self, pool, true)).actor(_ -> true);
    return speaks.equals(Optional.of(self))
        ? Optional.of(new LeftPool(inventory, self, members, pool, volumes, trace))
        : Optional.empty();
  }

  /** Whether a storage host is in it, which speaks for it then. */
  private static boolean isServed(Inventory inventory, Pool pool) {
    var storage = PoolView.names(GlusterTrace.storage(inventory));
    return pool.peers().stream()
        .flatMap(peer -> peer.names().stream())
        .anyMatch(name -> storage.stream().anyMatch(host -> host.value().equals(name)));
  }

  private static List<HostName> named(
      Inventory inventory, HostName self, Pool pool, boolean connected) {
    var names =
        pool.peers().stream()
            .filter(peer -> peer.connected() || !connected)
            .flatMap(peer -> peer.names().stream())
            .collect(Collectors.toSet());
    return PoolView.names(inventory.hosts()).stream()
        .filter(host -> host.equals(self) || names.contains(host.value()))
        .toList();
  }

  /** Who must know what happens to a volume that this host knows. */
  static List<HostName> members(Inventory inventory, HostName self, GlusterTrace.Trace trace) {
    var pool = trace.seen().pool().value();
    if (pool.isEmpty()) {
      return List.of(self);
    }
    var storage = PoolView.names(GlusterTrace.storage(inventory));
    return storage.contains(self) || isServed(inventory, pool.get())
        ? storage
        : named(inventory, self, pool.get(), false);
  }

  /** What these hosts saw. */
  static GlusterGate.View view(
      List<HostName> hosts, Map<HostName, GlusterTrace.Trace> traces, Known known) {
    var seen = new TreeMap<HostName, GlusterHealth.Seen>();
    hosts.forEach(
        host -> Optional.ofNullable(traces.get(host)).ifPresent(it -> seen.put(host, it.seen())));
    return new GlusterGate.View(hosts, Set.of(), seen, known.never(GlusterTrace.TRACE));
  }

  /** Every volume, and every other host: the last one is alone then, and in no pool. */
  List<Departure> departures(Known known) {
    var traces = new TreeMap<>(known.all(GlusterTrace.TRACE));
    traces.put(self, own);
    var asked = known.removals();
    var departures = new ArrayList<Departure>();
    var kept = new ArrayList<>(volumes);
    var leftover = new LeftoverVolumes(view(members, traces, known), traces, inventory, known);
    for (var volume : volumes) {
      departures.add(
          quiet(known, isDeclared(volume) ? declared(volume) : leftover.departure(volume)));
      if (asked.ask(LeftoverVolumes.orphan(volume.name())) && !isDeclared(volume)) {
        kept.remove(volume);
      }
    }
    var gone = pool.peers().stream().filter(peer -> !peer.isSelf()).toList();
    for (var group : LeavingHosts.groups(gone, kept, asked)) {
      var names = group.stream().map(Pool.Peer::name).toList();
      var stay = members.stream().filter(host -> !names.contains(host.value())).toList();
      var scene =
          new GlusterShrink.Scene(
              view(stay, traces, known), pool, kept, Map.of(), Map.of(), Map.of());
      departures.add(
          quiet(known, LeavingHosts.departure(new GlusterShrink(scene, group), inventory)));
    }
    return departures;
  }

  private boolean isDeclared(VolumeInfo volume) {
    return DeclaredStorage.volumes(inventory).stream()
        .anyMatch(it -> it.name().equals(volume.name()));
  }

  /** Another one of its name is to be made on the storage hosts. */
  private Departure declared(VolumeInfo volume) {
    var name = volume.name();
    return new Departure(
        Set.of(LeftoverVolumes.orphan(name)),
        LeftoverVolumes.changes(volume),
        new Check.Refused(
            "the inventory declares volume %s, and this one of that name is on hosts that are not storage hosts any more (%s)"
                .formatted(name, NameSet.joined(members.stream())),
            "give the role back to them; or declare the new volume by another name, copy the files"
                + " through the mounts, then remove this one"),
        "",
        WayBack.ofVolume(volume),
        "the hosts of this volume/%s lost the role storage".formatted(name));
  }

  /** What only all hosts together know is asked in a run that removes something. */
  private static Departure quiet(Known known, Departure departure) {
    return known.removals().words().isEmpty()
        ? new Departure(
            departure.orphans(),
            departure.changes(),
            new Check.InSync(),
            departure.begun(),
            departure.aftermath(),
            departure.lost())
        : departure;
  }
}
