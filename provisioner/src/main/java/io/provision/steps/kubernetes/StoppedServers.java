package io.provision.steps.kubernetes;

import io.provision.remote.Script;
import io.provision.resource.unit.ServiceManagers;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import java.util.Set;

/**
 * {@code stopped-servers}: servers that hold the cluster and do not run are started, all at once
 * and with the files that are there. One at a time, which is right for those that join and for
 * restarts, would never end here: a member of etcd is ready only with a majority of the others.
 */
public record StoppedServers(Distributions distributions) implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Probes.of(unit(target)).and(ServiceManagers.SYSTEMD.probes())
        : Probes.NONE;
  }

  private Question<UnitState> unit(Target.OnHost target) {
    return Units.of(name(target));
  }

  private String name(Target.OnHost target) {
    return distributions.of(target).unit(target.host());
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Set.of(Need.all(Nodes.STATE, List.of(target.host())))
        : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is an agent");
    }
    var state = known.all(Nodes.STATE).get(target.host().name());
    var unit = seen.of(unit(target));
    if (state == null || !state.holdsCluster() || !unit.exists() || isOnItsWay(unit)) {
      return new Check.InSync();
    }
    var name = name(target);
    return Checks.together(
        ServiceManagers.SYSTEMD.check(seen),
        new Check.Drift(
            List.of(Change.of(Change.Action.START, "unit " + name, unit.active(), "running")),
            new Repair.OnHost(Script.of(NodeUnit.START, name))));
  }

  private static boolean isOnItsWay(UnitState unit) {
    return unit.isRunning() || unit.isStarting();
  }
}
