package io.provision.steps.gluster.pool;

import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code gluster-pool}: all storage hosts are one trusted pool, and each sees every other connected
 * and a full member: a probe that succeeded is not a pool yet. Probes go out from inside the pool.
 * Nobody is ever taken out.
 */
public record GlusterPool() implements PoolStep {
  private static final Duration MESH = Duration.ofMinutes(2);

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Set.of(Need.some(GlusterIdentity.NODE, DeclaredStorage.storage(target.inventory())))
        : Set.of();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Probes.of(GlusterLook.PEERS, GlusterLook.INFO)
        : Probes.NONE;
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    return ofMember(target, seen, known);
  }

  /** Every member waits until it is one with all others. */
  @Override
  public Check besides(Target.OnHost target, Observations seen, Known known, HostName actor) {
    return ofMember(target, seen, known);
  }

  private static Check ofMember(Target.OnHost target, Observations seen, Known known) {
    if (!(seen.of(GlusterLook.PEERS) instanceof Reading.Of<Pool>(var pool))) {
      return GlusterIdentity.unanswered(seen);
    }
    return check(target.host().name(), pool, PoolView.of(target.inventory(), known));
  }

  static Check check(HostName self, Pool pool, PoolView view) {
    var center = view.actor().orElseThrow();
    if (view.isForeign(self)) {
      return new Check.Refused(
          "it is in another pool than %s, or has volumes of its own: it knows %s"
              .formatted(center, pool.peers()),
          "take it out of that pool ('gluster peer detach %s' there), or out of the inventory"
              .formatted(self));
    }
    var rejected =
        pool.peers().stream()
            .filter(it -> it.state().filter(state -> state == Pool.REJECTED).isPresent())
            .toList();
    if (!rejected.isEmpty()) {
      return new PeerRejected(self, rejected, Dissent.of(view)).check();
    }
    var expected = view.nodes().keySet().stream().filter(it -> !view.isForeign(it)).toList();
    var missing =
        expected.stream().filter(it -> pool.find(view.node(it).uuid()).isEmpty()).toList();
    if (!missing.isEmpty() && self.equals(center)) {
      return probe(missing);
    }
    return mesh(expected, pool, view);
  }

  private static Check probe(List<HostName> missing) {
    var changes = new ArrayList<Change>();
    missing.forEach(name -> changes.add(Change.of(Change.Action.JOIN, "gluster peer " + name)));
    var names = missing.stream().map(HostName::value).toArray(String[]::new);
    return new Check.Drift(
        changes,
        new Repair.OnHost(Script.of(GlusterScripts.PROBE, names).within(Duration.ofMinutes(15))));
  }

  private static Check mesh(List<HostName> expected, Pool pool, PoolView view) {
    var awaited =
        expected.stream()
            .filter(
                name -> !pool.find(view.node(name).uuid()).map(Pool.Peer::isWhole).orElse(false))
            .toList();
    if (awaited.isEmpty()) {
      return new Check.InSync();
    }
    var uuids = expected.stream().map(it -> view.node(it).uuid()).toArray(String[]::new);
    return new Check.NotYet(
        "gluster peers " + joined(awaited),
        MESH,
        Call.of(GlusterScripts.PEERS_WHOLE, uuids),
        Call.of(GlusterScripts.SHOW_POOL));
  }

  private static String joined(List<HostName> names) {
    return names.stream().map(HostName::value).collect(Collectors.joining(", "));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.JOIN);
  }
}
