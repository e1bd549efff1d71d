package io.provision.steps.storage;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.kubernetes.images.ImageSource;
import java.util.Optional;

/**
 * The images that storage classes need: {@code local-path-provisioner/v0.0.37/amd64/images.tar},
 * named by the provisioner's image and its tag.
 */
public record StorageImages() implements ImageSource {
  @Override
  public String name() {
    return "storage";
  }

  @Override
  public boolean isWanted(Target target) {
    return GlusterStorage.of(target.cluster()).volumes().stream()
        .map(GlusterVolume::storageClass)
        .anyMatch(Optional::isPresent);
  }

  /** Empty where the image has no tag, or none that can be a directory. */
  @Override
  public Optional<ArtifactId> artifact(Target target, String arch) {
    var image = GlusterStorage.of(target.cluster()).images().provisioner();
    var name = image.substring(image.lastIndexOf('/') + 1);
    var colon = name.indexOf(':');
    return colon < 1 || name.contains("@")
        ? Optional.empty()
        : Optional.of(
            new ArtifactId(name.substring(0, colon), name.substring(colon + 1), arch, FILE));
  }
}
