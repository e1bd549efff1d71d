package io.provision.steps.kubernetes.status;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectStates;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the cluster's API says of its nodes and pods, for a status: it decides nothing, changes
 * nothing, and fails nothing where the API is silent.
 */
public record ClusterState() implements Step<Target.OnCluster> {
  /** Beyond this a status is no longer one screen. */
  private static final int MOST = 2000;

  private static final Duration BUDGET = Duration.ofSeconds(10);

  private static final ClusterQuestion.States NODES =
      new ClusterQuestion.States("v1", "Node", MOST, BUDGET);
  private static final ClusterQuestion.States PODS =
      new ClusterQuestion.States("v1", "Pod", MOST, BUDGET);

  /** What was seen. */
  public record Seen(ObjectStates nodes, ObjectStates pods) {}

  public static final Output<Seen> SEEN = new Output<>("cluster-state", Seen.class);

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(List.of(NODES, PODS));
  }

  @Override
  public Set<Output<?>> provides(Target.OnCluster target) {
    return Set.of(SEEN);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(SEEN, new Seen(seen.of(NODES), seen.of(PODS))));
  }
}
