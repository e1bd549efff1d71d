package io.provision.steps.metallb;

import io.provision.model.Version;
import io.provision.section.LoadBalancer;
import io.provision.section.NeedsPorts;
import java.util.List;

/**
 * What hands out addresses for services and answers for them in layer 2.
 *
 * @param addresses the ranges, {@code first-last} or CIDR
 */
public record MetallbSettings(Version version, List<String> addresses)
    implements LoadBalancer, NeedsPorts {
  /** Where the inventory says nothing. */
  public static final Version USUAL_VERSION = new Version(0, 16, 1, "");

  public MetallbSettings {
    addresses = List.copyOf(addresses);
  }

  /** By which speakers agree on who announces an address (metallb.io, installation). */
  @Override
  public List<String> portsOfNodes() {
    return List.of("7946/tcp", "7946/udp");
  }
}
