package io.provision.steps.kubeadm;

import io.provision.model.Cluster;
import io.provision.model.NodeAddress;
import io.provision.step.Known;
import io.provision.step.Target;
import io.provision.steps.kubernetes.AgentServerUrl;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;

/**
 * The name by which nodes reach the API. kubeadm writes it into every kubeconfig, {@code
 * cluster-info} and kube-proxy's settings, and cannot change it later (kubernetes/kubeadm#1955); an
 * address behind a name is changed in {@code /etc/hosts}. A name that the inventory gives is the
 * operator's to resolve. Ours stands for all control planes, in the order of the inventory: Go's
 * resolver takes every line of /etc/hosts (net/hosts.go), and its dialer the next address where one
 * does not answer, so that a kubelet and kube-proxy outlive the first control plane.
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

  /**
   * What our name stands for: the endpoint's address, else those of all control planes; empty while
   * one of them is unknown.
   */
  static List<String> addresses(Target.OnHost target, Known known) {
    if (target.cluster().endpoint().isPresent()) {
      return List.of(target.cluster().endpoint().get());
    }
    var servers = Nodes.servers(target.inventory());
    var addresses =
        servers.stream()
            .flatMap(server -> AgentServerUrl.address(server, known).stream())
            .map(Object::toString)
            .toList();
    return addresses.size() == servers.size() ? addresses : List.of();
  }
}
