package io.provision.steps.gluster.leave;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.GlusterServer;
import io.provision.steps.gluster.pool.GlusterLook;
import java.util.List;
import java.util.Set;

/**
 * {@code gluster-drop-in}: how we have glusterd started goes from a host that is no storage host
 * any more and has left the pool. The daemon itself stays as it is, and so does what a host of a
 * pool has, whatever its role.
 */
public record GlusterDropIn() implements Step<Target.OnHost> {
  /** {@code remove_gluster_drop_in PATH}. */
  static final ShellFunction REMOVE =
      new ShellFunction(
          "remove_gluster_drop_in",
          """
          try rm -f -- "$1" || return
          rmdir -- "${1%/*}" 2>/dev/null
          try systemctl daemon-reload\
          """);

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var storage = GlusterTrace.storage(target.inventory());
    return storage.isEmpty() || GlusterTrace.concerns(target)
        ? Set.of()
        : Set.of(Need.some(GlusterDepartures.MEMBERS, storage));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return GlusterTrace.concerns(target)
        ? Probes.NONE
        : Probes.of(
            Files.at(GlusterServer.DROP_IN_PATH),
            GlusterLook.UUID,
            GlusterLook.PEERS,
            GlusterLook.INFO);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (GlusterTrace.concerns(target)) {
      return new Check.Skipped("it is a storage host");
    }
    if (!seen.of(Files.at(GlusterServer.DROP_IN_PATH)).exists() || isInAPool(target, seen, known)) {
      return new Check.InSync();
    }
    return new Check.Drift(
        List.of(Change.of(Change.Action.REMOVE, GlusterServer.DROP_IN_PATH)),
        new Repair.OnHost(Script.of(REMOVE, GlusterServer.DROP_IN_PATH)));
  }

  /** As far as anybody knows; where nobody does it may be in one. */
  private static boolean isInAPool(Target.OnHost target, Observations seen, Known known) {
    if (seen.of(GlusterLook.UUID).isEmpty()) {
      return false; // a daemon that was never asked, or is gone
    }
    if (!(seen.of(GlusterLook.PEERS) instanceof Reading.Of<Pool>(var pool))
        || !(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return true;
    }
    var members = known.all(GlusterDepartures.MEMBERS).values().stream().findFirst();
    if (members.isEmpty()) {
      // a host that leaves in this run was looked at before it did: the next run will see it
      return !known.removals().equals(Removals.NONE) || !pool.isAlone() || !volumes.isEmpty();
    }
    var names = members.get().names();
    if (names.contains(target.host().name().value())) {
      return true;
    }
    var wasThere =
        pool.peers().stream()
            .filter(peer -> !peer.isSelf())
            .anyMatch(peer -> peer.names().stream().anyMatch(names::contains));
    // by what was seen before others detached it, its peers are those of the pool that it left
    return !wasThere && (!pool.isAlone() || !volumes.isEmpty());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.REMOVE);
  }
}
