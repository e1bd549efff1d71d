package io.provision.steps.kubernetes.images;

import io.provision.model.Cluster;
import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.Source;
import io.provision.section.ValueSection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the inventory says at {@code cluster.registries}.
 *
 * @param data in the words of k3s' registries.yaml, in the order of the inventory
 */
public record RegistriesSection(Source source, Map<String, Object> data) implements ValueSection {
  public RegistriesSection {
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  /** Nothing where the inventory says nothing. */
  public static Map<String, Object> of(Cluster cluster) {
    return cluster
        .sections()
        .find(RegistriesSection.class)
        .map(RegistriesSection::data)
        .orElse(Map.of());
  }

  @Override
  public void check(Outline outline, Findings findings) {
    outline.onlyOfKubernetes("registries", source, findings);
  }
}
