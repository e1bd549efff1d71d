package io.provision.steps.kubeadm;

import io.provision.model.Cluster;
import io.provision.model.NodeAddress;
import io.provision.step.Known;
import io.provision.step.Target;
import io.provision.steps.kubernetes.AgentServerUrl;
import io.provision.steps.kubernetes.Nodes;
import java.util.Optional;

/**
 * The name by which nodes reach the API. kubeadm writes it into every kubeconfig, {@code
 * cluster-info} and kube-proxy's settings, and cannot change it later (kubernetes/kubeadm#1955); an
 * address behind a name is changed in {@code /etc/hosts}. A name that the inventory gives is the
 * operator's to resolve.
 */
final class ApiName {
  private ApiName() {}

  static String of(Cluster cluster) {
    return cluster.endpoint().filter(ApiName::isName).orElseGet(() -> ours(cluster));
  }

  /** {@code .internal} is kept for names of one's own (ICANN, 2024-07-29). */
  private static String ours(Cluster cluster) {
    return "api.%s.internal".formatted(cluster.name());
  }

  private static boolean isName(String endpoint) {
    try {
      var _ = NodeAddress.parse(endpoint);
      return false;
    } catch (IllegalArgumentException _) {
      return true;
    }
  }

  /** Whether {@code /etc/hosts} carries it. */
  static boolean isOurs(Cluster cluster) {
    return cluster.endpoint().filter(ApiName::isName).isEmpty();
  }

  /** What our name stands for: the endpoint, else the first control plane; empty while unknown. */
  static Optional<String> address(Target.OnHost target, Known known) {
    return target
        .cluster()
        .endpoint()
        .or(() ->
            AgentServerUrl.address(Nodes.servers(target.inventory()).getFirst(), known)
                .map(Object::toString));
  }
}
