package io.provision.steps.kubernetes;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.Manifest;
import java.util.List;

/**
 * The objects of a published manifest, in the order of its documents.
 *
 * @param of where they come from
 */
public record PublishedObjects(ArtifactId of, List<Manifest> manifests) {
  public PublishedObjects {
    manifests = List.copyOf(manifests);
  }
}
