package io.provision.steps.kubernetes.apiserver;

import io.provision.model.Cluster;
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
  public static final String KEY = "encryption";
  static final List<String> REQUIRED = List.of("provider");

  /**
   * In the words of an EncryptionConfiguration
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

  /** What to write where the keys of an archive would not be read. */
  public static final String REMEDY =
      "Put 'encryption' into the inventory as it was; with 'provider: identity' where they had come to be written in plain";

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
    if (provider.equals(Optional.of(Provider.IDENTITY))) {
      key.ifPresent(_ -> findings.meaningless(source, "key", "with 'identity', which has none"));
    }
  }
}
