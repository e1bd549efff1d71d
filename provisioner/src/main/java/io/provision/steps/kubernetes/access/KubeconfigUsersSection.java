package io.provision.steps.kubernetes.access;

import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.Source;
import io.provision.section.ValueSection;
import java.util.List;

/** What the inventory says at {@code cluster.kubeconfig_users}. */
public record KubeconfigUsersSection(Source source, List<UserName> names) implements ValueSection {
  static final String KEY = "kubeconfig_users";

  public KubeconfigUsersSection {
    names = List.copyOf(names);
  }

  @Override
  public void check(Outline outline, Findings findings) {
    if (outline.distribution().filter(it -> !it.isKubernetes()).isPresent()) {
      findings.add(
          source.position(),
          "'%s' means nothing where no Kubernetes is installed. take it out.".formatted(KEY));
    }
  }

  /** The names, each once. */
  List<String> texts() {
    return names.stream().map(UserName::value).distinct().toList();
  }
}
