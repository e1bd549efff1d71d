package io.provision.steps.kubernetes.encryption;

import io.provision.model.Cluster;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.apiserver.EncryptionSection.Provider;
import java.util.Optional;

/**
 * What Secrets are to be written with: a provider, and which of its keys. Another name is another
 * key, so that changing the name in the inventory rolls it.
 *
 * @param provider in the words of an EncryptionConfiguration
 * @param name of the key; empty for {@code identity}, which has none
 */
record EncryptionKey(String provider, String name) {

  /** Empty where the inventory says nothing of it. */
  static Optional<EncryptionKey> wanted(Cluster cluster) {
    return EncryptionSection.of(cluster)
        .map(provider ->
            new EncryptionKey(
                provider.toString(),
                provider == Provider.IDENTITY ? "" : EncryptionSection.key(cluster)));
  }

  boolean isPlain() {
    return provider.equals(Provider.IDENTITY.toString());
  }

  /** For people. */
  @Override
  public String toString() {
    return isPlain() ? provider : "%s key '%s'".formatted(provider, name);
  }
}
