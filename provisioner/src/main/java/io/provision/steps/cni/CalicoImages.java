package io.provision.steps.cni;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.ImageSource;
import java.util.Optional;

/** The images of Calico's operator and of all that it runs here. */
public record CalicoImages() implements ImageSource {
  @Override
  public String name() {
    return Calico.PROGRAM;
  }

  @Override
  public boolean isWanted(Target target) {
    return Calico.isWanted(target);
  }

  @Override
  public Optional<ArtifactId> artifact(Target target, String arch) {
    return Optional.of(new ArtifactId(Calico.PROGRAM, Calico.version(target), arch, FILE));
  }
}
