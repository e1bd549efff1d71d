package io.provision.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One host of the inventory.
 *
 * @param labels Kubernetes labels that the inventory declares for its node
 * @param settings settings of kubelet, kube_proxy, containerd and k3s that we have no key for: the
 *     program's name, then plain YAML values
 * @param vars free values that a playbook's templates see as host.vars
 */
public record Host(
    HostName name,
    SshAddress address,
    Optional<NodeAddress> nodeAddress,
    Set<Role> roles,
    Map<String, String> labels,
    List<Taint> taints,
    SshSettings ssh,
    Map<String, Map<String, Object>> settings,
    Map<String, String> vars,
    Position position) {

  public Host {
    roles = Set.copyOf(roles);
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
    taints = List.copyOf(taints);
    settings = Map.copyOf(settings);
    vars = Map.copyOf(vars);
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }

  @Override
  public String toString() {
    return name.value();
  }
}
