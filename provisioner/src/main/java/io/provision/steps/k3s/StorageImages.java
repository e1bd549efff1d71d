package io.provision.steps.k3s;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import java.util.List;
import java.util.Optional;

/**
 * The images that storage classes need, as an operator without a registry offers them: one archive,
 * for example {@code local-path-provisioner/v0.0.37/amd64/images.tar}, named by the provisioner's
 * image and its tag.
 */
final class StorageImages {
  static final String FILE = "images.tar";
  static final String PLACE = "/var/lib/rancher/k3s/agent/images/provision-storage.tar";
  static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  /** The digests that are pinned, by architecture. */
  static final Output<Digests> DIGESTS = new Output<>("storage-digests", Digests.class);

  private StorageImages() {}

  /** Whether the inventory needs them at all. */
  static boolean wanted(Target target) {
    return GlusterStorage.of(target.cluster()).volumes().stream()
        .map(GlusterVolume::storageClass)
        .anyMatch(Optional::isPresent);
  }

  /** Empty where the image has no tag, or none that can be a directory. */
  static Optional<ArtifactId> artifact(Target target, String arch) {
    var image = GlusterStorage.of(target.cluster()).images().provisioner();
    var name = image.substring(image.lastIndexOf('/') + 1);
    var colon = name.indexOf(':');
    return colon < 1 || name.contains("@")
        ? Optional.empty()
        : Optional.of(
            new ArtifactId(name.substring(0, colon), name.substring(colon + 1), arch, FILE));
  }
}
