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
 * @param settings settings of kubelet, kube_proxy, containerd and k3s that we have no key for: the
 *     program's name, then free data: String, Long, BigDecimal, Boolean, List, Map and Secret
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
    Map<String, Map<String, Object>> settings,
    Map<String, Object> vars,
    Position position) {

  public Host {
    roles = Collections.unmodifiableSet(new TreeSet<>(roles));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    taints = List.copyOf(taints);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
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
      Map<String, Map<String, Object>> settings,
      Map<String, Object> vars,
      Position position) {
    this(
        name,
        address,
        nodeAddress,
        roles,
        labels,
        taints,
        ssh,
        Sections.NONE,
        settings,
        vars,
        position);
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }

  /** This host, logged in to in another way. */
  public Host withSsh(SshSettings other) {
    return new Host(
        name,
        address,
        nodeAddress,
        roles,
        labels,
        taints,
        other,
        sections,
        settings,
        vars,
        position);
  }

  @Override
  public String toString() {
    return name.value();
  }
}
