package io.provision.steps.metallb;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectStates;
import io.provision.kube.Reaches;
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

/** What MetalLB says of itself, for a status: it decides nothing and fails nothing. */
record MetallbState() implements Step<Target.OnCluster> {
  private static final String API = "metallb.io/v1beta1";
  private static final int MOST = 500;
  private static final Duration BUDGET = Duration.ofSeconds(10);

  private static ClusterQuestion.States of(String kind) {
    return new ClusterQuestion.States(API, kind, MOST, BUDGET);
  }

  private static final ClusterQuestion.States POOLS = of("IPAddressPool");
  private static final ClusterQuestion.States ANNOUNCED = of("ServiceL2Status");
  private static final ClusterQuestion.States CONFIGURATION = of("ConfigurationState");

  /** What was seen. */
  record Seen(
      ObjectStates pools, ObjectStates announced, ObjectStates configuration, Reaches reaches) {}

  static final Output<Seen> SEEN = new Output<>("metallb-state", Seen.class);

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(List.of(POOLS, ANNOUNCED, CONFIGURATION, MetallbAnswers.FROM_HERE));
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
    var state =
        new Seen(
            seen.of(POOLS),
            seen.of(ANNOUNCED),
            seen.of(CONFIGURATION),
            seen.of(MetallbAnswers.FROM_HERE));
    return new Check.InSync(Observed.of(SEEN, state));
  }
}
