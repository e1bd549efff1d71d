package io.provision.steps.kubevip;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Role;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.ImageSource;
import java.util.Optional;

/** The image of kube-vip, which control planes alone run. */
public record KubeVipImages() implements ImageSource {
  @Override
  public String name() {
    return "kube-vip";
  }

  @Override
  public boolean isWanted(Target target) {
    return target.cluster().virtualIp().isPresent()
        && !(target instanceof Target.OnHost(var host, _) && !host.is(Role.CONTROL_PLANE));
  }

  @Override
  public Optional<ArtifactId> artifact(Target target, String arch) {
    return Optional.of(new ArtifactId("kube-vip", KubeVip.VERSION, arch, FILE));
  }
}
