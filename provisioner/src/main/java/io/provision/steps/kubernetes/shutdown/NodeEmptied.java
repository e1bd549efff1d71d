package io.provision.steps.kubernetes.shutdown;

import io.provision.kube.ClusterAction;
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
import io.provision.steps.kubernetes.Distributions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code shutdown-emptied}: the pods of a node have ended and its volumes are detached, while all
 * API servers run; those of workers first, since what all others lean on is on control planes more
 * often.
 */
record NodeEmptied(Distributions distributions) implements Step<Target.OnHost> {
  static final Output<Boolean> EMPTIED = new Output<>("shutdown-emptied", Boolean.class);

  private static final Duration PODS = Duration.ofMinutes(10);

  /** A minute more than the cluster itself takes for a node that does not unmount them. */
  private static final Duration DETACHED = Duration.ofMinutes(7);

  @Override
  public Probes probes(Target.OnHost target) {
    return Standing.isNode(target) ? Probes.of(ShutdownMark.QUESTION) : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var inventory = target.inventory();
    var needs = new LinkedHashSet<Need>();
    if (Standing.isNode(target)) {
      needs.add(ShutdownLook.needed(inventory));
      needs.add(Need.someSoFar(NodeClaimed.CLAIMED, inventory.hosts()));
      if (Standing.isServer(target)) {
        needs.add(Need.someSoFar(EMPTIED, Standing.agents(inventory)));
      }
    }
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Standing.isNode(target) ? Set.of(EMPTIED) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.DRAIN);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Standing.isNode(target)) {
      return new Check.Skipped("it is not a node");
    }
    if (seen.of(ShutdownMark.QUESTION).phase().isAtLeast(ShutdownPhase.SERVED)) {
      return new Check.InSync(Observed.of(EMPTIED, true));
    }
    return Standing.held(known, NodeClaimed.CLAIMED)
        .or(() -> Standing.held(known, EMPTIED))
        .orElseGet(() -> emptied(target, known));
  }

  private Check emptied(Target.OnHost target, Known known) {
    var node = target.host().name().value();
    var after = Standing.isServer(target) ? ", after those of workers" : "";
    return new Check.Drift(
        List.of(Change.of(Change.Action.DRAIN, "node " + node, "its pods", "ended" + after)),
        new Repair.InOrder(
            new Repair.OnApi(
                Standing.access(target, known, distributions),
                List.of(
                    new ClusterAction.EndPods(node, PODS),
                    new ClusterAction.AwaitDetached(node, DETACHED))),
            new Repair.OnHost(ShutdownMark.of(ShutdownPhase.EMPTY))));
  }
}
