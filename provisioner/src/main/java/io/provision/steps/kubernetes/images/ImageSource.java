package io.provision.steps.kubernetes.images;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Target;
import java.util.Optional;

/**
 * Images that something in the cluster needs, as an operator without a registry offers them: one
 * archive an architecture, for example {@code metallb/v0.16.1/amd64/images.tar}, as {@code docker
 * save} writes it. A line in the catalog registers it.
 */
public interface ImageSource {
  /** The name of an archive in its folder. */
  String FILE = "images.tar";

  /** A word for whose they are; the archive on a node is named by it. */
  String name();

  /** Whether the inventory needs them at all. */
  boolean isWanted(Target target);

  /** Empty where no archive could be named so; asked where they are wanted only. */
  Optional<ArtifactId> artifact(Target target, String arch);
}
