package io.provision.steps.metallb;

import io.provision.load.yaml.Node.Mapping;
import io.provision.model.Position;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sections of inventories with MetalLB. */
public final class MetallbCases {
  private MetallbCases() {}

  /** With these ranges. */
  public static MetallbSection section(String... ranges) {
    var addresses = Stream.of(ranges).map(AddressRange::parse).toList();
    return new MetallbSection(
        Mapping.empty(new Position("inventory.yml", 1, 1)), Optional.of(List.copyOf(addresses)));
  }
}
