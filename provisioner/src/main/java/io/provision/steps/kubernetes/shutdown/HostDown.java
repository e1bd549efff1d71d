package io.provision.steps.kubernetes.shutdown;

import io.provision.remote.Script;
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
import io.provision.step.outage.Outages;
import io.provision.steps.kubernetes.Distributions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code shutdown-down}: the node runs no more, nor anything of its pods, and no volume is mounted:
 * workers, then control planes, all of those at once, then hosts that are no nodes. No API is asked
 * from here on.
 */
record HostDown(Distributions distributions, Outages outages) implements Step<Target.OnHost> {
  static final Output<Boolean> DOWN = new Output<>("shutdown-down", Boolean.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return Standing.isNode(target)
        ? Probes.of(ShutdownMark.QUESTION, Units.of(unit(target)))
        : Probes.of(ShutdownMark.QUESTION);
  }

  private String unit(Target.OnHost target) {
    return distributions.of(target).unit(target.host());
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var inventory = target.inventory();
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.someSoFar(NodeClaimed.CLAIMED, inventory.hosts()));
    needs.add(Need.someSoFar(NodeEmptied.EMPTIED, Standing.nodes(inventory)));
    if (!Standing.isNode(target)) {
      needs.add(Need.someSoFar(DOWN, Standing.nodes(inventory)));
    } else if (Standing.isServer(target)) {
      needs.add(Need.someSoFar(DOWN, Standing.agents(inventory)));
    }
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(DOWN);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.STOP);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var mark = seen.of(ShutdownMark.QUESTION);
    var isDown = mark.phase().isAtLeast(ShutdownPhase.DOWN) && !mark.booted();
    if (isDown && !runs(target, seen)) {
      return new Check.InSync(Observed.of(DOWN, true));
    }
    return Standing.held(known, NodeClaimed.CLAIMED)
        .or(() -> Standing.held(known, NodeEmptied.EMPTIED))
        .or(() -> Standing.held(known, DOWN))
        .orElseGet(() -> down(target));
  }

  private boolean runs(Target.OnHost target, Observations seen) {
    if (!Standing.isNode(target)) {
      return false;
    }
    var unit = seen.of(Units.of(unit(target)));
    return unit.isRunning() || unit.isStarting();
  }

  private Check down(Target.OnHost target) {
    var parts = new ArrayList<Repair>();
    if (Standing.isNode(target)) {
      var shims = distributions.of(target).exit().shims();
      parts.add(new Repair.OnHost(Script.of(ShutdownScripts.STOP_NODE, unit(target), shims)));
    }
    parts.addAll(outages.letGo(target));
    parts.add(new Repair.OnHost(ShutdownMark.of(ShutdownPhase.DOWN)));
    var subject = Standing.isNode(target) ? "unit " + unit(target) : "use of volumes";
    var after =
        Standing.isServer(target)
            ? ", after all workers"
            : Standing.isNode(target) ? "" : ", after all nodes";
    return new Check.Drift(
        List.of(Change.of(Change.Action.STOP, subject, "running", "stopped" + after)),
        new Repair.InOrder(parts));
  }
}
