package io.provision.steps.kubernetes.apiserver;

import io.provision.model.Cluster;
import io.provision.model.Kubernetes;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the inventory says at {@code cluster.encryption}. */
public record EncryptionSection(
    Source source,
    @Key(
            value =
                "How Secrets are encrypted: secretbox (XSalsa20 and Poly1305), or aescbc (AES-CBC), which every version knows; identity has them written in plain.",
            example = "secretbox")
        Optional<Provider> provider,
    @Key(
            value =
                "The name of the key; with another name Secrets get a new one, also in a cluster that lives.",
            usual = "the one that is there; else first",
            example = "autumn-2026")
        Optional<KeyName> key)
    implements Section {
  static final List<String> REQUIRED = List.of("provider");

  /**
   * In the words of an EncryptionConfiguration; the first two are there with either distribution
   * (kubernetes.io/docs/tasks/administer-cluster/encrypt-data).
   */
  public enum Provider {
    SECRETBOX,
    AESCBC,
    IDENTITY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The name of the key, whatever it is for. */
  public static String key(Cluster cluster) {
    return cluster
        .sections()
        .find(EncryptionSection.class)
        .flatMap(EncryptionSection::key)
        .map(KeyName::value)
        .orElse("first");
  }

  /** Whether the inventory gives the key a name. */
  public static boolean namesKey(Cluster cluster) {
    return cluster
        .sections()
        .find(EncryptionSection.class)
        .flatMap(EncryptionSection::key)
        .isPresent();
  }

  /** Empty where Secrets lie in the datastore as they are. */
  public static Optional<Provider> of(Cluster cluster) {
    return cluster.sections().find(EncryptionSection.class).flatMap(EncryptionSection::provider);
  }

  @Override
  public void check(Outline outline, Findings findings) {
    outline.onlyOfKubernetes("encryption", source, findings);
    if (outline.distribution().filter(it -> it.has(Kubernetes.Trait.MAKES_KEYS)).isPresent()) {
      key.ifPresent(
          _ -> findings.meaningless(source, "key", "with k3s, which names its keys itself"));
      provider
          .filter(Provider.IDENTITY::equals)
          .ifPresent(_ ->
              findings.add(
                  source.at("provider"),
                  "k3s has no provider 'identity'. take 'encryption' out for a new cluster; of one that lives 'k3s secrets-encrypt disable' is told by docs.k3s.io/cli/secrets-encrypt."));
    }
    if (provider.equals(Optional.of(Provider.IDENTITY))) {
      key.ifPresent(_ -> findings.meaningless(source, "key", "with 'identity', which has none"));
    }
  }
}
