package io.provision.steps.kubevip;

import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.kubernetes.addon.AddOn;
import java.util.List;
import java.util.Optional;

/** How kube-vip leaves the cluster. */
public record KubeVipAddOn() implements AddOn {
  @Override
  public String name() {
    return "kube-vip";
  }

  @Override
  public boolean isWanted(Target target) {
    return target.cluster().virtualIp().isPresent();
  }

  @Override
  public List<Kind> kinds() {
    return List.of(
        new Kind("apps/v1", "DaemonSet"),
        new Kind("rbac.authorization.k8s.io/v1", "RoleBinding"),
        new Kind("rbac.authorization.k8s.io/v1", "Role"),
        new Kind("v1", "ServiceAccount"));
  }

  @Override
  public Optional<Check.Refused> obstacle(Observations seen) {
    return Optional.empty();
  }

  @Override
  public String aftermath() {
    return "Whoever still asks the API by that address reaches nothing";
  }
}
