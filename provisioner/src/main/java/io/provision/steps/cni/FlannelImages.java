package io.provision.steps.cni;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Kubernetes;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.ImageSource;
import java.util.Optional;

/** The images of flannel, where it is no part of the distribution. */
public record FlannelImages() implements ImageSource {
  @Override
  public String name() {
    return Flannel.PROGRAM;
  }

  @Override
  public boolean isWanted(Target target) {
    return target.cluster().distribution().has(Kubernetes.Trait.NEEDS_FLANNEL)
        && Flannel.isWanted(target);
  }

  @Override
  public Optional<ArtifactId> artifact(Target target, String arch) {
    return Optional.of(new ArtifactId(Flannel.PROGRAM, Flannel.VERSION, arch, FILE));
  }
}
