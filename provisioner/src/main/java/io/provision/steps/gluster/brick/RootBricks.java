package io.provision.steps.gluster.brick;

import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterLook;
import java.util.List;
import java.util.Optional;

/**
 * Bricks that would be on the root file system of a host that is in no pool yet: what a look can
 * tell before a package is installed and a peer joined is not found out after it.
 */
final class RootBricks {
  private RootBricks() {}

  static Probes probes(Target.OnHost target) {
    return Probes.ofAll(volumes(target).stream().<Question<?>>map(GlusterBrick::question).toList());
  }

  /**
   * Those that get a brick here if none is made on a device of its own: of a volume that exists
   * already others may hold all bricks, and this host none; the step gluster-brick knows then.
   */
  private static List<GlusterVolume> volumes(Target.OnHost target) {
    var self = target.host().name();
    var layouts = Layouts.ofNone(target.inventory());
    return DeclaredStorage.volumes(target.inventory()).stream()
        .filter(volume -> !volume.allowRoot() && volume.deviceOn(self).isEmpty())
        .filter(volume -> layouts.of(volume).added().contains(self))
        .toList();
  }

  /** Why nothing is installed here; empty where nothing is wrong, or it is in a pool already. */
  static Optional<Check> refusal(Target.OnHost target, Observations seen) {
    if (!seen.of(GlusterLook.UUID).isEmpty()) {
      return Optional.empty();
    }
    return volumes(target).stream()
        .filter(volume -> seen.of(GlusterBrick.question(volume)).isOnRoot())
        .findFirst()
        .flatMap(volume -> GlusterBrick.onRoot(volume.brick()));
  }
}
