package io.provision.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One host of the inventory.
 *
 * @param labels Kubernetes labels that the inventory declares for its node
 * @param sections what the areas have in the inventory at this host, besides what they have at its
 *     cluster
 * @param vars free data that a playbook's templates see as host.vars
 */
public record Host(
    HostName name,
    SshAddress address,
    Optional<NodeAddress> nodeAddress,
    Set<Role> roles,
    Map<String, String> labels,
    List<Taint> taints,
    SshSettings ssh,
    Sections sections,
    Map<String, Object> vars,
    Position position) {

  public Host {
    roles = Collections.unmodifiableSet(new TreeSet<>(roles));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    taints = List.copyOf(taints);
    vars = Collections.unmodifiableMap(new LinkedHashMap<>(vars));
  }

  /** A host at which no area has anything. */
  public Host(
      HostName name,
      SshAddress address,
      Optional<NodeAddress> nodeAddress,
      Set<Role> roles,
      Map<String, String> labels,
      List<Taint> taints,
      SshSettings ssh,
      Map<String, Object> vars,
      Position position) {
    this(name, address, nodeAddress, roles, labels, taints, ssh, Sections.NONE, vars, position);
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }

  /** This host, logged in to in another way. */
  public Host withSsh(SshSettings other) {
    return new Host(
        name, address, nodeAddress, roles, labels, taints, other, sections, vars, position);
  }

  @Override
  public String toString() {
    return name.value();
  }
}
