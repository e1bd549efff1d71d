package io.provision.steps.kubernetes.placement;

import io.provision.kube.ClusterQuestion;
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
 * {@code spread-advice}: what {@code rotate --advise} asks of the cluster, and says of it. It
 * changes nothing.
 */
public record SpreadLook() implements Step<Target.OnCluster> {
  public static final String NAME = "spread-advice";

  /** As it is printed. */
  public static final Output<String> ADVICE = new Output<>("spread-advice", String.class);

  private static final Duration BUDGET = Duration.ofSeconds(30);
  private static final ClusterQuestion.Whole DEPLOYMENTS = all("apps/v1", "Deployment");
  private static final ClusterQuestion.Whole SETS = all("apps/v1", "StatefulSet");
  private static final ClusterQuestion.Whole BUDGETS = all("policy/v1", "PodDisruptionBudget");

  private static ClusterQuestion.Whole all(String apiVersion, String kind) {
    return new ClusterQuestion.Whole(apiVersion, kind, BUDGET);
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(List.of(DEPLOYMENTS, SETS, BUDGETS));
  }

  @Override
  public Set<Output<?>> provides(Target.OnCluster target) {
    return Set.of(ADVICE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    var unheard =
        List.of(DEPLOYMENTS, SETS, BUDGETS).stream()
            .flatMap(it -> seen.of(it).unheard().stream())
            .findFirst();
    return unheard.isPresent()
        ? new Check.Refused(
            unheard.get(), "look at the API server there, then run the same command again")
        : new Check.InSync(
            Observed.of(
                ADVICE,
                SpreadAdvice.of(
                    seen.of(DEPLOYMENTS).objects(),
                    seen.of(SETS).objects(),
                    seen.of(BUDGETS).objects())));
  }
}
