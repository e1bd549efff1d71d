package io.provision.steps.k3s.digests;

import io.provision.model.Sha256;
import java.util.Map;
import java.util.Optional;

/**
 * Pinned digests.
 *
 * @param binaries by architecture
 * @param images by architecture; only where the operator offers them
 */
public record Digests(Map<String, Sha256> binaries, Map<String, Sha256> images) {
  public Digests {
    binaries = Map.copyOf(binaries);
    images = Map.copyOf(images);
  }

  public Optional<Sha256> binary(String arch) {
    return Optional.ofNullable(binaries.get(arch));
  }
}
