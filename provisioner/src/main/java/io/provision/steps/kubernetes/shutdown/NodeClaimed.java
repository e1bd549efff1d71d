package io.provision.steps.kubernetes.shutdown;

import io.provision.kube.ClusterAction;
import io.provision.model.Host;
import io.provision.model.Inventory;
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
 * {@code shutdown-claimed}: all nodes are cordoned before the first pod ends, so that none begins
 * elsewhere; one that somebody else has cordoned stays theirs. The first host goes through the gate
 * for all: nothing is touched before it has.
 */
record NodeClaimed(Distributions distributions, Outages outages) implements Step<Target.OnHost> {
  static final Output<Boolean> CLAIMED = new Output<>("shutdown-claimed", Boolean.class);

  private static boolean isFirst(Target.OnHost target) {
    return first(target.inventory()).equals(target.host());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(ShutdownMark.QUESTION);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<Need>();
    needs.add(ShutdownLook.needed(target.inventory()));
    if (!isFirst(target)) {
      needs.add(Need.someSoFar(CLAIMED, List.of(first(target.inventory()))));
    }
    return needs;
  }

  private static Host first(Inventory inventory) {
    return inventory.hosts().getFirst();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(CLAIMED);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (seen.of(ShutdownMark.QUESTION).phase().isAtLeast(ShutdownPhase.CLAIMED)) {
      return new Check.InSync(Observed.of(CLAIMED, true));
    }
    return Standing.held(known, CLAIMED)
        .orElseGet(() ->
            new Check.Drift(
                List.of(
                    Standing.isNode(target)
                        ? Change.of(
                            Change.Action.UPDATE,
                            "node " + target.host().name(),
                            "in use",
                            "cordoned for the shutdown")
                        : Change.of(
                            Change.Action.UPDATE,
                            "host " + target.host().name(),
                            "in use",
                            "marked for the shutdown")),
                claimed(target, known)));
  }

  /** Marked before the cordon, so that a run that is killed in between is gone on from. */
  private Repair claimed(Target.OnHost target, Known known) {
    var parts = new ArrayList<Repair>();
    if (isFirst(target) && !Standing.isBegun(known)) {
      parts.add(new ShutdownGate(distributions, outages).of(target));
    }
    if (Standing.isNode(target)) {
      parts.add(new Repair.OnHost(ShutdownMark.of(ShutdownPhase.BEGUN)));
      parts.add(
          new Repair.OnApi(
              Standing.access(target, known, distributions),
              List.of(new ClusterAction.Claim(target.host().name().value(), Standing.CLAIM))));
    }
    parts.add(new Repair.OnHost(ShutdownMark.of(ShutdownPhase.CLAIMED)));
    return new Repair.InOrder(parts);
  }
}
