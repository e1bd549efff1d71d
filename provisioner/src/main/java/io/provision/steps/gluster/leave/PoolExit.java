package io.provision.steps.gluster.leave;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Orphan;
import io.provision.steps.gluster.answers.Pool;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether the pool has let go of a host that leaves, for whoever takes it out of something else:
 * its bricks leave first. What they need was asked for in runs that remove something.
 */
public sealed interface PoolExit {
  /** Nothing of it is in the way: it is in no pool (any more), or is to stay in it. */
  record Free() implements PoolExit {}

  /** In a plan: this run takes it out of the pool before. */
  record First() implements PoolExit {}

  /** It stays in the pool, or nobody knows whether it is in it. */
  record Held(String why, String remedy) implements PoolExit {}

  /**
   * A host that leaves.
   *
   * @param names its name and its addresses
   * @param lives whether it is known to; of one that does not, bricks that are down are in nobody's
   *     way
   */
  record Leaver(Set<String> names, boolean lives) {
    public Leaver {
      names = Set.copyOf(names);
    }

    boolean is(Host host) {
      return names.contains(host.name().value());
    }
  }

  /** What {@link #of} reads; nothing where nobody has or had to do with GlusterFS. */
  static Set<Need> needs(Inventory inventory) {
    var hosts = inventory.hosts();
    return hosts.isEmpty() || inventory.known().stream().noneMatch(it -> it.is(Role.STORAGE))
        ? Set.of()
        : Set.of(
            Need.someSoFar(GlusterTrace.TRACE, hosts),
            Need.someSoFar(GlusterDepartures.MEMBERS, hosts));
  }

  static PoolExit of(Inventory inventory, Leaver leaver, Known known) {
    if (inventory.with(Role.STORAGE).stream().anyMatch(leaver::is)) {
      return new Free();
    }
    var holders = holders(inventory, leaver, known);
    var peers = holders.values().stream().flatMap(List::stream).toList();
    if (peers.isEmpty()) {
      return unheard(inventory, leaver, known);
    }
    if (!leaver.lives() && peers.stream().noneMatch(Pool.Peer::connected)) {
      return new Free();
    }
    var after = new HashMap<>(known.all(GlusterDepartures.MEMBERS));
    after.keySet().retainAll(holders.keySet());
    var speaker = holders.firstEntry().getKey();
    if (after.isEmpty()) {
      return Optional.ofNullable(known.never(GlusterDepartures.MEMBERS).get(speaker))
          .<PoolExit>map(why ->
              new Held(
                  "its bricks do not leave GlusterFS: " + why,
                  "see what gluster-departures says on " + speaker))
          .orElseGet(First::new);
    }
    return after.values().stream()
            .allMatch(members -> Collections.disjoint(members.names(), leaver.names()))
        ? new Free()
        : new Held(
            "it is in the pool of GlusterFS, and this run does not take it out there",
            remedy(speaker, peers, known));
  }

  /** Who has it in the pool, and as what, storage hosts first: the first of them speaks for it. */
  private static SequencedMap<HostName, List<Pool.Peer>> holders(
      Inventory inventory, Leaver leaver, Known known) {
    var traces = known.all(GlusterTrace.TRACE);
    var holders = new LinkedHashMap<HostName, List<Pool.Peer>>();
    Stream.concat(inventory.with(Role.STORAGE).stream(), inventory.hosts().stream())
        .map(Host::name)
        .forEach(host ->
            Optional.ofNullable(traces.get(host))
                .map(trace -> peers(trace, leaver))
                .filter(peers -> !peers.isEmpty())
                .ifPresent(peers -> holders.putIfAbsent(host, peers)));
    return holders;
  }

  private static List<Pool.Peer> peers(GlusterTrace.Trace trace, Leaver leaver) {
    return trace.seen().pool().value().stream()
        .flatMap(pool -> pool.peers().stream())
        .filter(peer -> !Collections.disjoint(peer.names(), leaver.names()))
        .toList();
  }

  private static String remedy(HostName speaker, List<Pool.Peer> peers, Known known) {
    return peers.stream()
        .map(peer -> Orphan.host(peer.name()))
        .filter(orphan -> !known.removals().ask(orphan))
        .findFirst()
        .map(orphan -> "name it as the pool does, too: --remove " + orphan)
        .orElse("let the run change %s too (see --limit, --only, --skip)".formatted(speaker));
  }

  /** Nobody who was heard has it in a pool; a storage host that lives may be in that of others. */
  private static PoolExit unheard(Inventory inventory, Leaver leaver, Known known) {
    var traces = known.all(GlusterTrace.TRACE);
    var isStorage =
        inventory.leaving().stream().filter(leaver::is).anyMatch(it -> it.is(Role.STORAGE));
    if (!isStorage || !leaver.lives() || isPool(traces.values())) {
      return new Free();
    }
    var never = known.never(GlusterTrace.TRACE);
    var pending = false;
    for (var host : inventory.with(Role.STORAGE)) {
      var trace = traces.get(host.name());
      var why = trace == null ? never.get(host.name()) : silence(trace);
      if (why == null) {
        pending = true;
      } else if (!why.isEmpty()) {
        return new Held(
            "nobody could say whether it has bricks of GlusterFS (%s: %s)"
                .formatted(host.name(), why),
            "bring back that one first; then run again");
      }
    }
    return pending ? new First() : new Free();
  }

  private static boolean isPool(Collection<GlusterTrace.Trace> traces) {
    return traces.stream().anyMatch(GlusterTrace.Trace::isSettled);
  }

  /**
   * Why a host that has to do with GlusterFS does not say who is in its pool; empty where it does.
   */
  private static String silence(GlusterTrace.Trace trace) {
    return trace.seen().uuid().isEmpty() ? "" : trace.seen().pool().why();
  }
}
