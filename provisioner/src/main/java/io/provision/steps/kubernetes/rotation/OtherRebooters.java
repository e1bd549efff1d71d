package io.provision.steps.kubernetes.rotation;

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
import java.util.List;
import java.util.Set;

/**
 * {@code other-rebooters}: who else in the cluster takes nodes out of use by itself. It only looks:
 * two that reboot nodes do not know of each other, and whoever reboots one is to know.
 */
public record OtherRebooters() implements Step<Target.OnCluster> {
  public static final String NAME = "other-rebooters";

  static final Output<Rebooters> FOUND = new Output<>("rebooters", Rebooters.class);

  static final ClusterQuestion.All DAEMON_SETS =
      new ClusterQuestion.All("apps/v1", "DaemonSet", "");
  static final ClusterQuestion.All DEPLOYMENTS =
      new ClusterQuestion.All("apps/v1", "Deployment", "");
  static final ClusterQuestion.All PLANS =
      new ClusterQuestion.All("upgrade.cattle.io/v1", "Plan", "");

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(List.of(DAEMON_SETS, DEPLOYMENTS, PLANS));
  }

  @Override
  public Set<Output<?>> provides(Target.OnCluster target) {
    return Set.of(FOUND);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    var found = Rebooters.of(seen.of(DAEMON_SETS), seen.of(DEPLOYMENTS), seen.of(PLANS));
    return new Check.InSync(Observed.of(FOUND, found));
  }
}
