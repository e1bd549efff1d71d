package io.provision.steps.gluster.absence;

import io.provision.model.Host;
import io.provision.step.Absence;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.gluster.gate.GlusterSafety;
import io.provision.steps.gluster.mount.GlusterMounts;
import io.provision.steps.gluster.mount.MountPause;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.volume.BrickPause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A host of GlusterFS goes only while the pool is whole and stays usable without it; its clients
 * are told so by the end of its bricks, and do not have to find out; and it is back once its bricks
 * have all that was written meanwhile, and its mounts are there.
 */
public record GlusterAbsence() implements Absence {

  @Override
  public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
    if (!DeclaredStorage.concerns(target)) {
      return List.of();
    }
    var host = target.host().name();
    var inventory = target.inventory();
    return List.of(
        new Repair.AwaitHosts(
            "GlusterFS to be healthy, and to stay usable without " + host,
            patience,
            GlusterSafety.asked(inventory),
            (seen, never) -> GlusterSafety.without(host, inventory, seen, never),
            "fix what is named ('provision gluster check --without %s' says all of it) and wait for self-heal; then run the same command again"
                .formatted(host)));
  }

  @Override
  public List<Repair> asItGoes(Target.OnHost target) {
    if (!DeclaredStorage.concerns(target)) {
      return List.of();
    }
    return List.of(new Repair.OnHost(MountPause.ended(target), BrickPause.ended()));
  }

  @Override
  public List<Repair> onceItStays(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? List.of(new Repair.OnHost(BrickPause.over(target), MountPause.over(target)))
        : List.of();
  }

  @Override
  public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
    var concerned = DeclaredStorage.concerns(target);
    var mounts = new GlusterMounts();
    var own = mounts.probes(target);
    if (!concerned && own.equals(Probes.NONE)) {
      return List.of();
    }
    var host = target.host();
    Map<Host, Probes> asked =
        new LinkedHashMap<>(concerned ? GlusterSafety.asked(target.inventory()) : Map.of());
    asked.merge(host, own, Probes::and);
    return List.of(
        new Repair.AwaitHosts(
            "GlusterFS to be whole again on " + host,
            patience,
            asked,
            (seen, never) -> {
              var missing = new ArrayList<String>();
              if (concerned) {
                missing.addAll(GlusterSafety.back(host.name(), target.inventory(), seen, never));
              }
              if (seen.containsKey(host.name())) {
                missing.addAll(mounts.missing(target, seen.get(host.name())));
              } else if (!concerned) {
                missing.add("%s was not reached (%s)".formatted(host, never.get(host.name())));
              }
              return missing;
            },
            "it stays out of use until then: fix what is named ('provision apply' starts what is down) and wait for self-heal; then run the same command again"));
  }
}
