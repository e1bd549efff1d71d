package io.provision.steps.kubeadm;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.ImageSource;
import java.util.Optional;

/** The images of the control plane, of kube-proxy, CoreDNS and the sandboxes of pods. */
public record KubernetesImages() implements ImageSource {
  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public boolean isWanted(Target target) {
    return target.cluster().distribution().equals(KubeadmDistribution.DECLARED);
  }

  @Override
  public Optional<ArtifactId> artifact(Target target, String arch) {
    return Optional.of(Kubeadm.artifact(target, arch, FILE));
  }
}
