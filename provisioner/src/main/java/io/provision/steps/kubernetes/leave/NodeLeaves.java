package io.provision.steps.kubernetes.leave;

import io.provision.remote.Script;
import io.provision.resource.Files;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
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
import io.provision.steps.gluster.leave.PoolExit;
import io.provision.steps.kubernetes.Distributions;
import java.util.List;
import java.util.Set;

/**
 * {@code node-leaves}: the node of a host that leaves runs on and never starts again by itself, so
 * that it does not come back between being taken out of the cluster and being ended: k3s would join
 * anew. On a host that stays, nothing of an earlier start of that is left.
 */
public record NodeLeaves(Distributions distributions) implements Step<Target.OnHost> {
  /** A node that leaves does not come back by itself. */
  static final Output<Boolean> KEPT_OUT = new Output<>("node-kept-out", Boolean.class);

  /** Below /run: a machine that was booted since finds the unit disabled. */
  static String dropIn(String unit) {
    return "/run/systemd/system/%s.d/50-leaving.conf".formatted(unit);
  }

  private String unit(Target.OnHost target) {
    return distributions.of(target).unit(target.host());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var dropIn = Probes.of(Files.at(dropIn(unit(target))));
    return Leaver.isLeaving(target) ? dropIn.and(Probes.of(Units.of(unit(target)))) : dropIn;
  }

  @Override
  public Set<Need> removalNeeds(Target.OnHost target) {
    return Leaver.isLeaving(target) ? BricksFirst.needs(target) : Set.of();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Leaver.isLeaving(target) ? Set.of(KEPT_OUT) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.REMOVE);
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.DISABLE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var unit = unit(target);
    var path = dropIn(unit);
    var hasDropIn = seen.of(Files.at(path)).exists();
    if (!Leaver.isLeaving(target)) {
      return hasDropIn
          ? new Check.Drift(
              List.of(Change.of(Change.Action.REMOVE, path, "the node was to leave", "it stays")),
              new Repair.OnHost(List.of(Script.of(ExitScripts.LET_IN, path)), true))
          : new Check.InSync();
    }
    var state = seen.of(Units.of(unit));
    if (!state.exists() || hasDropIn && !startsAtBoot(state)) {
      return new Check.InSync(Observed.of(KEPT_OUT, true));
    }
    var bricks = bricks(target, known);
    var changes =
        List.of(
            bricks.before(Change.Action.DISABLE, "unit " + unit, "starts by itself", "does not"));
    var removal =
        Leaver.refusal(target)
            .or(bricks::refusal)
            .orElseGet(() ->
                new Check.Drift(
                    changes,
                    new Repair.OnHost(List.of(Script.of(ExitScripts.KEEP_OUT, unit, path)), true)));
    return new Check.Leaving(
        List.of(Leaver.departure(target, changes, removal, "", "")), new Check.InSync());
  }

  /** It lives: it was asked just now. */
  private static BricksFirst bricks(Target.OnHost target, Known known) {
    var host = target.host();
    var names = Set.of(host.name().value(), host.address().value());
    return BricksFirst.of(
        target.inventory(), Set.of(Leaver.orphan(target)), new PoolExit.Leaver(names, true), known);
  }

  private static boolean startsAtBoot(UnitState state) {
    return state.boot().startsWith("enabled");
  }
}
