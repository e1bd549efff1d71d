package io.provision.steps.gluster.pool;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code gluster-identity}: no two storage hosts have the same gluster UUID, as cloned machines do.
 * A clone gets a new one where it holds neither peers nor volumes; otherwise it is refused by name.
 * Tells others what this host knows of pool and volumes.
 */
public record GlusterIdentity() implements Step<Target.OnHost> {
  /** What this host knew before anything was done about the pool. */
  public static final Output<GlusterNode> NODE = new Output<>("gluster", GlusterNode.class, true);

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Set.of(Need.some(ServerIdentity.OUTPUT, DeclaredStorage.storage(target.inventory())))
        : Set.of();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Probes.of(GlusterLook.UUID, GlusterLook.PEERS, GlusterLook.INFO, GlusterLook.RECORDED)
        : Probes.NONE;
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!DeclaredStorage.concerns(target)) {
      return DeclaredStorage.NO_VOLUMES;
    }
    if (!(seen.of(GlusterLook.PEERS) instanceof Reading.Of<Pool>(var pool))
        || !(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return unanswered(seen);
    }
    var node =
        new GlusterNode(seen.of(GlusterLook.UUID), pool, volumes, seen.of(GlusterLook.RECORDED));
    var original = original(target, node, known);
    if (original.isEmpty()) {
      return new Check.InSync(Observed.of(NODE, node));
    }
    var other = original.get();
    if (node.isSettled()) {
      return new Check.Refused(
          "its gluster UUID %s is also that of %s, and it has peers or volumes"
              .formatted(node.uuid(), other),
          "one is a clone of the other: find out which. On the clone alone: systemctl stop"
              + " glusterd; mv /var/lib/glusterd /root/glusterd-aside; then run again. Nothing is"
              + " deleted by that, but without its record that host forgets its peers and volumes:"
              + " where the pool has bricks on it under this UUID it is the original, leave it"
              + " alone");
    }
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.UPDATE, "gluster UUID", node.uuid() + ", also of " + other, "new")),
        new Repair.OnHost(Script.of(GlusterScripts.FRESH_IDENTITY)));
  }

  /** Why nothing can be said; the daemon answered a moment ago. */
  public static Check unanswered(Observations seen) {
    var why = seen.of(GlusterLook.PEERS).why() + seen.of(GlusterLook.INFO).why();
    return new Check.Refused(
        "glusterd does not answer as it should (%s)".formatted(why),
        "look at 'systemctl status glusterd' and /var/log/glusterfs/glusterd.log, then run again");
  }

  /** The host that has the same UUID and keeps it. */
  private static Optional<HostName> original(Target.OnHost target, GlusterNode node, Known known) {
    var identities = known.all(ServerIdentity.OUTPUT);
    var self = target.host().name();
    var twins =
        DeclaredStorage.storage(target.inventory()).stream()
            .map(Host::name)
            .filter(name ->
                name.equals(self)
                    || Optional.ofNullable(identities.get(name))
                        .filter(it -> it.uuid().equals(node.uuid()))
                        .isPresent())
            .toList();
    var settled =
        twins.stream()
            .filter(name -> !name.equals(self))
            .filter(name ->
                Optional.ofNullable(identities.get(name))
                    .filter(ServerIdentity::settled)
                    .isPresent())
            .findFirst();
    if (settled.isPresent()) {
      return settled;
    }
    return node.isSettled()
        ? Optional.empty()
        : twins.stream().findFirst().filter(it -> !it.equals(self));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return DeclaredStorage.concerns(target) ? Set.of(NODE) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }
}
