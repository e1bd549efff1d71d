package io.provision.steps.cni;

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

/** What Calico says of itself, for a status: it decides nothing and fails nothing. */
record CalicoState() implements Step<Target.OnCluster> {
  private static final int MOST = 100;
  private static final Duration BUDGET = Duration.ofSeconds(10);

  private static final ClusterQuestion.States PARTS =
      new ClusterQuestion.States("operator.tigera.io/v1", "TigeraStatus", MOST, BUDGET);
  private static final ClusterQuestion.States POOLS =
      new ClusterQuestion.States("crd.projectcalico.org/v1", "IPPool", MOST, BUDGET);

  /**
   * What was seen.
   *
   * @param parts what the operator says of what it runs
   */
  record Seen(ObjectStates parts, ObjectStates pools) {}

  static final Output<Seen> SEEN = new Output<>("calico-state", Seen.class);

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(List.of(PARTS, POOLS));
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
    return new Check.InSync(Observed.of(SEEN, new Seen(seen.of(PARTS), seen.of(POOLS))));
  }
}
