package io.provision.steps.kubeadm;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Sha256;
import java.util.Map;
import java.util.Optional;

/**
 * Pinned digests by the names of artifacts.
 *
 * @param digests as {@link ArtifactId#toString} names them
 */
record PinnedFiles(Map<String, Sha256> digests) {
  PinnedFiles {
    digests = Map.copyOf(digests);
  }

  Optional<Sha256> of(ArtifactId id) {
    return Optional.ofNullable(digests.get(id.toString()));
  }
}
