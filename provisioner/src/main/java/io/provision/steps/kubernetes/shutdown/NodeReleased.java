package io.provision.steps.kubernetes.shutdown;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import java.util.List;
import java.util.Set;

/**
 * {@code start-released}: nodes take pods again, once all of them are there: the first one would
 * get those of all. What somebody else has cordoned stays cordoned. One that does not come up keeps
 * no other.
 */
record NodeReleased(Distributions distributions) implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(ShutdownMark.QUESTION);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(
        ShutdownLook.needed(target.inventory()),
        Need.someSoFar(HostUp.UP, target.inventory().hosts()));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (seen.of(ShutdownMark.QUESTION).phase() == ShutdownPhase.NONE) {
      return new Check.InSync();
    }
    var why = known.never(HostUp.UP).get(target.host().name());
    if (why != null) {
      return new Check.Skipped("it did not come up (%s)".formatted(why));
    }
    var name = target.host().name();
    return Standing.isNode(target)
        ? new Check.Drift(
            List.of(
                Change.of(
                    Change.Action.UPDATE,
                    "node " + name,
                    "cordoned for the shutdown",
                    "in use, once all nodes are up")),
            new Repair.InOrder(
                new Repair.OnHost(ShutdownMark.of(ShutdownPhase.BEGUN)), // it may be so no more
                Standing.upkeep(target, HostUp.access(target, known, distributions)).backInUse()))
        : new Check.Drift(
            List.of(
                Change.of(
                    Change.Action.UPDATE, "host " + name, "marked for the shutdown", "in use")),
            new Repair.OnHost(ShutdownMark.gone()));
  }
}
