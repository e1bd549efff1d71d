package io.provision.steps.cni;

import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.kubernetes.addon.AddOn;
import java.util.List;
import java.util.Optional;

/**
 * What is ours of Calico. It never leaves a living cluster, whose pods have their addresses of it;
 * its pins do, once a new cluster has another network.
 */
public record CalicoAddOn() implements AddOn {
  /** Without its definitions, 3 MB that every look would have to read once more. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind("apps/v1", "Deployment"),
          new Kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
          new Kind("rbac.authorization.k8s.io/v1", "ClusterRole"),
          new Kind("v1", "Namespace"));

  @Override
  public String name() {
    return Calico.PROGRAM;
  }

  @Override
  public boolean isWanted(Target target) {
    return Calico.isWanted(target);
  }

  @Override
  public List<Kind> kinds() {
    return KINDS;
  }

  /** Asked only where something of it is in the cluster. */
  @Override
  public Optional<Check.Refused> obstacle(Observations seen) {
    return Optional.of(
        new Check.Refused(
            "the pods of the cluster have their addresses of it",
            "set 'cni: calico' back; only a new cluster can have another network"));
  }
}
