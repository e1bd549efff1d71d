package io.provision.section;

import io.provision.model.Cluster;
import java.util.List;

/**
 * What areas have in an inventory, as the catalog lists it.
 *
 * @param distributions those that can be named besides none
 */
public record Areas(List<SectionEntry> sections, List<Cluster.Distribution> distributions) {
  public static final Areas NONE = new Areas(List.of(), List.of());

  public Areas {
    sections = List.copyOf(sections);
    distributions = List.copyOf(distributions);
  }
}
