package io.provision.section;

import io.provision.model.Cidr;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rest of an inventory, as far as it is right, for checks of a section that are about both.
 *
 * @param endpoint of the API, where it is a number
 * @param inner ranges of addresses that exist inside of the cluster only
 */
public record Outline(
    boolean isKubernetes,
    List<OutlinedHost> hosts,
    Optional<NodeAddress> endpoint,
    List<Range> inner) {
  public Outline {
    hosts = List.copyOf(hosts);
    inner = List.copyOf(inner);
  }

  /**
   * A host.
   *
   * @param address the best that is known without asking it; empty where that is a name
   */
  public record OutlinedHost(HostName name, Set<Role> roles, Optional<NodeAddress> address) {}

  /** A range with its key, such as {@code pod_cidr}. */
  public record Range(String key, Cidr cidr) {}
}
