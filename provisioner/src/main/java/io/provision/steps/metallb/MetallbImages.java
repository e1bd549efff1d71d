package io.provision.steps.metallb;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.ImageSource;
import java.util.Optional;

/** The images of MetalLB's controller and speaker. */
public record MetallbImages() implements ImageSource {
  @Override
  public String name() {
    return "metallb";
  }

  @Override
  public boolean isWanted(Target target) {
    return MetallbManifest.isWanted(target);
  }

  @Override
  public Optional<ArtifactId> artifact(Target target, String arch) {
    var version = MetallbManifest.version(target);
    return Optional.of(new ArtifactId("metallb", version, arch, FILE));
  }
}
