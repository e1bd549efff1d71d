package io.provision.steps.kubeadm.apiserver;

import io.provision.model.Sha256;
import io.provision.resource.FileState;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import java.util.Optional;

/**
 * Whether a host has a key of Secrets before anything is done to it: one that comes first in the
 * inventory, and was made anew, takes it from another.
 *
 * @param file the digest of the file that holds it; empty where there is none
 */
public record HeldKey(Optional<Sha256> file) {
  public static final Output<HeldKey> OUTPUT = new Output<>("held-encryption-key", HeldKey.class);

  /** What tells of it. */
  public static Probes probes() {
    return Probes.of(EncryptionKey.LOOK);
  }

  /** As it was seen. */
  public static Observed observed(Observations seen) {
    return Observed.of(OUTPUT, new HeldKey(digest(seen.of(EncryptionKey.LOOK))));
  }

  static Optional<Sha256> digest(FileState state) {
    return state.isFile() && state.size() > 0 ? state.sha256() : Optional.empty();
  }
}
