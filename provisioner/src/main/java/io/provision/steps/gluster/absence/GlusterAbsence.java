package io.provision.steps.gluster.absence;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.rotation.Fact;
import io.provision.step.Absence;
import io.provision.step.Observations;
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
import java.util.Optional;

/**
 * A host of GlusterFS goes only while the pool is whole and stays usable without it; its clients
 * are told so by the end of its bricks, and do not have to find out; and it is back once its bricks
 * have all that was written meanwhile, and its mounts are there.
 */
public record GlusterAbsence() implements Absence {

  /** With its mounts: what is not there before it goes will not be there once it is back. */
  @Override
  public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
    return gate(
        target,
        patience,
        Optional.of(target.host().name()),
        "GlusterFS to be healthy, and to stay usable without " + target.host(),
        "fix what is named ('provision gluster check --without %s' says all of it, 'provision apply' starts what is down) and wait for self-heal; then run the same command again"
            .formatted(target.host()));
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
    return gate(
        target,
        patience,
        Optional.empty(),
        "GlusterFS to be whole again with %s, and mounted there".formatted(target.host()),
        "it stays out of use until then: fix what is named ('provision apply' starts what is down)"
            + " and wait for self-heal; then run the same command again");
  }

  /** One of its pool; a host that mounts its volumes only is missed by nobody. */
  @Override
  public boolean wantsAllOthers(Target.OnHost target) {
    return DeclaredStorage.concerns(target);
  }

  private static List<Repair.AwaitHosts> gate(
      Target.OnHost target,
      Duration patience,
      Optional<HostName> without,
      String what,
      String remedy) {
    var inventory = target.inventory();
    var host = target.host();
    var pool = DeclaredStorage.concerns(target);
    var own = new GlusterMounts().probes(target);
    if (!pool && own.questions().isEmpty()) {
      return List.of();
    }
    Map<Host, Probes> asked = new LinkedHashMap<>(pool ? GlusterSafety.asked(inventory) : Map.of());
    asked.merge(host, own, Probes::and);
    return List.of(
        new Repair.AwaitHosts(what, patience, asked, new Whole(target, pool, without), remedy));
  }

  /**
   * What is awaited of the pool, and of the mounts of one host.
   *
   * @param pool whether the host is one of it
   */
  private record Whole(Target.OnHost target, boolean pool, Optional<HostName> without)
      implements Repair.Condition {
    @Override
    public List<String> missing(Map<HostName, Observations> seen, Map<HostName, String> never) {
      var missing = new ArrayList<String>();
      var host = target.host();
      if (pool) {
        missing.addAll(GlusterSafety.missing(target.inventory(), without, seen, never));
      }
      var here = Optional.ofNullable(seen.get(host.name()));
      if (!pool && here.isEmpty()) {
        missing.add("%s was not reached (%s)".formatted(host, never.get(host.name())));
      }
      here.ifPresent(it -> missing.addAll(new GlusterMounts().missing(target, it)));
      return missing;
    }

    @Override
    public List<Fact> facts(Map<HostName, Observations> seen) {
      return pool
          ? GlusterSafety.unhealed(target.inventory(), seen).stream()
              .<Fact>map(Fact.Unhealed::new)
              .toList()
          : List.of();
    }
  }
}
