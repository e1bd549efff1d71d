package io.provision.steps.gluster.absence;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.step.outage.Outage;
import io.provision.steps.gluster.brick.GlusterServer;
import io.provision.steps.gluster.gate.GlusterSafety;
import io.provision.steps.gluster.mount.GlusterMounts;
import io.provision.steps.gluster.mount.MountPause;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.volume.BrickPause;
import io.provision.steps.gluster.volume.DaemonPause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GlusterFS while all hosts are down: its clients first, so that nothing is written any more when
 * the bricks end and all of them end with the same data; its servers come back together.
 */
public record GlusterOutage() implements Outage {
  @Override
  public Map<Host, Probes> asked(Inventory inventory) {
    return isThere(inventory) ? GlusterSafety.asked(inventory) : Map.of();
  }

  @Override
  public List<String> missing(
      Inventory inventory, Map<HostName, Observations> seen, Map<HostName, String> never) {
    return isThere(inventory)
        ? GlusterSafety.missing(inventory, Optional.empty(), seen, never)
        : List.of();
  }

  private static boolean isThere(Inventory inventory) {
    return !DeclaredStorage.volumes(inventory).isEmpty();
  }

  private static Probes mounts(Target.OnHost target) {
    return new GlusterMounts().probes(target);
  }

  private static boolean isClient(Target.OnHost target) {
    return !mounts(target).questions().isEmpty();
  }

  @Override
  public List<Repair> letGo(Target.OnHost target) {
    return isClient(target) ? List.of(new Repair.OnHost(MountPause.ended(target))) : List.of();
  }

  @Override
  public List<String> units(Target.OnHost target) {
    return DeclaredStorage.concerns(target) ? List.of(GlusterServer.UNIT) : List.of();
  }

  @Override
  public List<Repair> ended(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? List.of(new Repair.OnHost(BrickPause.ended(), DaemonPause.ended(GlusterServer.UNIT)))
        : List.of();
  }

  @Override
  public List<Repair> begun(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? List.of(new Repair.OnHost(GlusterServer.bring(), BrickPause.over(target)))
        : List.of();
  }

  @Override
  public List<Repair> used(Target.OnHost target, Duration patience) {
    if (!isClient(target)) {
      return List.of();
    }
    var host = target.host();
    var mounted =
        new Repair.AwaitHosts(
            "volumes of GlusterFS to be mounted on " + host,
            patience,
            Map.of(host, mounts(target)),
            (seen, never) -> {
              var answers = Optional.ofNullable(seen.get(host.name()));
              var missing = new ArrayList<String>();
              answers.ifPresentOrElse(
                  it -> missing.addAll(new GlusterMounts().missing(target, it)),
                  () -> missing.add("it was not reached (%s)".formatted(never.get(host.name()))));
              return missing;
            },
            "see 'systemctl status' of the unit of the mount on it; then run the same command again");
    return List.of(new Repair.OnHost(MountPause.over(target)), mounted);
  }
}
