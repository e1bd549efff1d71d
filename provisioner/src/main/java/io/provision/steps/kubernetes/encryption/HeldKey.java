package io.provision.steps.kubernetes.encryption;

import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import java.util.List;

/**
 * Which keys of Secrets a host has: before anything is done to it ({@link #OUTPUT}), since one that
 * comes first in the inventory, and was made anew, takes them from another; and once it has the one
 * of the inventory ({@link #HAS}).
 *
 * @param encrypts whether its API server is started with a file of keys
 */
public record HeldKey(List<EncryptionFile.Entry> entries, boolean encrypts) {
  public static final Output<HeldKey> OUTPUT = new Output<>("held-encryption-key", HeldKey.class);

  static final Output<HeldKey> HAS = new Output<>("encryption-key", HeldKey.class);

  public HeldKey {
    entries = List.copyOf(entries);
  }

  /** What tells of it. */
  public static Probes probes(EncryptionPlace place) {
    return Probes.of(EncryptionFile.at(place.file()), place.look());
  }

  /** As it was seen. */
  public static Observed observed(EncryptionPlace place, Observations seen) {
    return Observed.of(OUTPUT, of(place, seen));
  }

  static HeldKey of(EncryptionPlace place, Observations seen) {
    return new HeldKey(
        seen.of(EncryptionFile.at(place.file())).entries(), seen.of(place.look()).encrypts());
  }

  boolean has(EncryptionKey key) {
    return entries.stream().anyMatch(it -> it.of().equals(key));
  }

  /** Whether nothing that was written with these could be read no more without them. */
  boolean covers(List<EncryptionFile.Entry> others) {
    return others.stream().filter(it -> !it.of().isPlain()).allMatch(entries::contains);
  }
}
