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
                "How Secrets are encrypted: secretbox (XSalsa20 and Poly1305), or aescbc (AES-CBC), which every version knows.",
            example = "secretbox")
        Optional<Provider> provider)
    implements Section {
  static final List<String> REQUIRED = List.of("provider");

  /**
   * In the words of an EncryptionConfiguration; both are there with either distribution
   * (kubernetes.io/docs/tasks/administer-cluster/encrypt-data).
   */
  public enum Provider {
    SECRETBOX,
    AESCBC;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Empty where Secrets lie in the datastore as they are. */
  public static Optional<Provider> of(Cluster cluster) {
    return cluster.sections().find(EncryptionSection.class).flatMap(EncryptionSection::provider);
  }

  @Override
  public void check(Outline outline, Findings findings) {
    outline.onlyOfKubernetes("encryption", source, findings);
  }
}
