package io.provision.steps.kubeadm;

import io.provision.model.Cluster.Distribution;
import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.Source;
import io.provision.section.ValueSection;
import java.util.List;
import java.util.Optional;

/** What the inventory says at {@code cluster.ignore_preflight}. */
public record IgnorePreflightSection(Source source, List<CheckName> names) implements ValueSection {
  public IgnorePreflightSection {
    names = List.copyOf(names);
  }

  @Override
  public void check(Outline outline, Findings findings) {
    outline
        .distribution()
        .flatMap(IgnorePreflightSection::whyNot)
        .ifPresent(why -> findings.add(source.position(), why));
  }

  private static Optional<String> whyNot(Distribution distribution) {
    if (distribution.equals(KubeadmDistribution.DECLARED)) {
      return Optional.empty();
    }
    return Optional.of(
        distribution.isKubernetes()
            ? "'ignore_preflight' is for distribution kubeadm: %s has no preflight checks. take it out."
                .formatted(distribution.name())
            : "'ignore_preflight' means nothing with distribution none. take it out.");
  }

  /** The names as kubeadm has them. */
  List<String> texts() {
    return names.stream().map(CheckName::value).toList();
  }
}
