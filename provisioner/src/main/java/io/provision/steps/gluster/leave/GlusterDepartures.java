package io.provision.steps.gluster.leave;

import io.provision.model.HostName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Group;
import io.provision.step.GroupStep;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Orphan;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.GlusterBrick;
import io.provision.steps.gluster.brick.Layout;
import io.provision.steps.gluster.brick.Layouts;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.gate.GlusterGate;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.PoolView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code gluster-departures}: hosts and volumes that the inventory does not name any more are out
 * of the pool, where a run was asked to remove them; otherwise they are reported and stay. One
 * storage host does it for all; where all hosts of a pool have lost that role, the first of them. A
 * volume that does not carry our mark is never touched.
 */
public record GlusterDepartures() implements GroupStep {
  /** The names of all hosts that are in the pool still, by who speaks for it. */
  static final Output<NameSet> MEMBERS = new Output<>("gluster-members", NameSet.class);

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!GlusterTrace.concerns(target)) {
      return Set.of();
    }
    var storage = GlusterTrace.storage(target.inventory());
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.some(GlusterTrace.TRACE, storage));
    needs.add(Need.someSoFar(LeftoverVolumes.MOUNTED, target.inventory().hosts()));
    if (DeclaredStorage.concerns(target)) {
      needs.add(Need.someSoFar(GlusterIdentity.NODE, storage));
      needs.add(Need.someSoFar(GlusterBrick.BRICKS, storage));
    }
    return needs;
  }

  @Override
  public Set<Need> removalNeeds(Target.OnHost target) {
    var hosts = target.inventory().hosts();
    return Set.of(
        Need.some(GlusterTrace.TRACE, hosts), Need.someSoFar(LeftoverVolumes.MOUNTED, hosts));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return GlusterTrace.questions(target);
  }

  @Override
  public Group group(Target.OnHost target) {
    return GlusterTrace.concerns(target)
        ? Group.of(GlusterTrace.storage(target.inventory()))
        : Group.NONE;
  }

  /** The first that is in a pool. */
  @Override
  public Optional<HostName> actor(Target.OnHost target, Known known) {
    var traces = known.all(GlusterTrace.TRACE);
    return group(target)
        .actor(name ->
            Optional.ofNullable(traces.get(name))
                .filter(GlusterTrace.Trace::isSettled)
                .isPresent());
  }

  /** Nobody is in a pool, so that nobody can leave one. */
  @Override
  public Check helpless(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync();
  }

  @Override
  public Check outside(Target.OnHost target, Observations seen, Known known) {
    return left(target, GlusterTrace.trace(target, seen), known);
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    var traces = new TreeMap<>(known.all(GlusterTrace.TRACE));
    traces.keySet().retainAll(group(target).members());
    var own = GlusterTrace.trace(target, seen);
    traces.put(target.host().name(), own);
    if (!(own.seen().pool() instanceof Reading.Of<Pool>(var pool))
        || !(own.seen().volumes() instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return GlusterIdentity.unanswered(seen);
    }
    var rest = new Check.InSync(Observed.of(MEMBERS, members(pool)));
    var departures = departures(target, traces, pool, volumes, known);
    return departures.isEmpty() ? rest : new Check.Leaving(departures, rest);
  }

  /** Of a host that is not a storage host, or not any more. */
  private static Check left(Target.OnHost target, GlusterTrace.Trace trace, Known known) {
    var left = LeftPool.spokenForBy(target.host().name(), target.inventory(), trace);
    var departures = left.map(pool -> pool.departures(known)).orElse(List.of());
    var rest =
        new Check.Skipped(
            "it is not a storage host",
            left.map(it -> Observed.of(MEMBERS, members(it.pool()))).orElse(Observed.NOTHING));
    return departures.isEmpty() ? rest : new Check.Leaving(departures, rest);
  }

  private static NameSet members(Pool pool) {
    return new NameSet(
        pool.peers().stream()
            .flatMap(peer -> peer.names().stream())
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Without hosts that are only to join, or joined in this run: the step gluster-pool sees to them.
   */
  private static GlusterGate.View members(
      List<HostName> storage, Map<HostName, GlusterTrace.Trace> traces, Known known) {
    var seen = new TreeMap<HostName, GlusterHealth.Seen>();
    traces.forEach((host, trace) -> {
      if (trace.isSettled() || !trace.isNew()) {
        seen.put(host, trace.seen());
      }
    });
    var members =
        storage.stream().filter(host -> seen.containsKey(host) || !traces.containsKey(host));
    // a volume that is declared and not there yet has nothing to lose
    return new GlusterGate.View(members.toList(), Set.of(), seen, known.never(GlusterTrace.TRACE));
  }

  private static List<Departure> departures(
      Target.OnHost target,
      Map<HostName, GlusterTrace.Trace> traces,
      Pool pool,
      List<VolumeInfo> volumes,
      Known known) {
    var storage = PoolView.names(GlusterTrace.storage(target.inventory()));
    var seen = new TreeMap<HostName, GlusterHealth.Seen>();
    traces.forEach((host, trace) -> seen.put(host, trace.seen()));
    var view = members(storage, traces, known);
    var asked = known.removals();
    var departures = new ArrayList<Departure>();
    var deleted = new ArrayList<VolumeInfo>();
    var leftover = new LeftoverVolumes(view, traces, target.inventory(), known);
    for (var volume : volumes) {
      if (declared(target, volume.name()).isEmpty()) {
        departures.add(leftover.departure(volume));
        if (asked.ask(LeftoverVolumes.orphan(volume.name()))) {
          deleted.add(volume);
        }
      }
    }
    var kept = volumes.stream().filter(volume -> !deleted.contains(volume)).toList();
    for (var group : LeavingHosts.groups(gone(pool, storage, seen), kept, asked)) {
      var names = group.stream().map(peer -> Orphan.host(peer.name())).toList();
      var scene =
          new GlusterShrink.Scene(
              view,
              pool,
              kept,
              layouts(target, kept, known, new Removals(names(names))),
              known.all(GlusterBrick.BRICKS),
              known.never(GlusterBrick.BRICKS));
      departures.add(LeavingHosts.departure(new GlusterShrink(scene, group), target.inventory()));
    }
    return departures;
  }

  private static Set<String> names(List<Orphan> orphans) {
    return orphans.stream().map(Orphan::toString).collect(Collectors.toSet());
  }

  private static Optional<GlusterVolume> declared(Target.OnHost target, String name) {
    return DeclaredStorage.volumes(target.inventory()).stream()
        .filter(it -> it.name().equals(name))
        .findFirst();
  }

  /** Members of the pool that no storage host of the inventory is. */
  static List<Pool.Peer> gone(
      Pool pool, List<HostName> storage, Map<HostName, GlusterHealth.Seen> seen) {
    var names = storage.stream().map(HostName::value).collect(Collectors.toSet());
    var uuids = seen.values().stream().map(GlusterHealth.Seen::uuid).collect(Collectors.toSet());
    var unheard = storage.stream().anyMatch(host -> !seen.containsKey(host));
    return pool.peers().stream()
        .filter(peer -> !peer.isSelf())
        .filter(peer -> !uuids.contains(peer.uuid()))
        .filter(peer -> peer.names().stream().noneMatch(names::contains))
        // one that is known by an address alone may be a host of ours that did not answer
        .filter(peer -> !unheard || !peer.name().matches("[0-9.]+|.*:.*"))
        .toList();
  }

  private static Map<String, Layout> layouts(
      Target.OnHost target, List<VolumeInfo> volumes, Known known, Removals removals) {
    if (!DeclaredStorage.concerns(target)) {
      return Map.of();
    }
    var view = PoolView.of(target.inventory(), known);
    return Layouts.of(target.inventory(), view, removals, volumes).byName();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(MEMBERS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.REMOVE);
  }
}
