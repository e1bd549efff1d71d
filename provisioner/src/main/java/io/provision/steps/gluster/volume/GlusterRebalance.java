package io.provision.steps.gluster.volume;

import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.GlusterScripts;
import io.provision.steps.gluster.pool.PoolStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code gluster-rebalance}: after bricks were added, files are where they belong. That it is still
 * to be done is kept in the volume itself, so that any later run ends what one began.
 */
public record GlusterRebalance() implements PoolStep {
  private static final Duration LIMIT = Duration.ofHours(12);

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!DeclaredStorage.concerns(target)) {
      return Set.of();
    }
    var storage = DeclaredStorage.storage(target.inventory());
    return Set.of(
        Need.some(GlusterIdentity.NODE, storage), Need.any(GlusterVolumes.VOLUMES, storage));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Probes.of(GlusterLook.INFO, GlusterLook.PEERS)
        : Probes.NONE;
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    if (!(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return GlusterIdentity.unanswered(seen);
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    for (var wanted : DeclaredStorage.volumes(target.inventory())) {
      VolumeInfo.find(volumes, wanted.name())
          .filter(it -> GlusterVolumes.PENDING.equals(it.options().get(GlusterVolumes.REBALANCE)))
          .ifPresent(it -> {
            changes.add(Change.of(Change.Action.RUN, "rebalance of volume " + it.name()));
            scripts.add(Script.of(GlusterScripts.REBALANCE, it.name()).within(LIMIT));
          });
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.RUN);
  }
}
