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
 * does not answer, so that a kubelet and kube-proxy outlive the first control plane. They need no
 * virtual address for that: it is for those who are not nodes, and comes once the cluster stands.
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

  /**
   * Whether {@code /etc/hosts} carries it. A name that stands for the virtual address elsewhere
   * cannot lead a first control plane to itself: what carries that address comes later.
   */
  static boolean isOurs(Cluster cluster) {
    return cluster.virtualIp().isPresent() || cluster.endpoint().filter(ApiName::isName).isEmpty();
  }

  /**
   * What the name stands for on nodes: the address of the operator's own balancer, else those of
   * all control planes; empty while one of them is unknown.
   */
  static List<String> addresses(Target.OnHost target, Known known) {
    var cluster = target.cluster();
    if (cluster.endpoint().isPresent() && cluster.virtualIp().isEmpty()) {
      return List.of(cluster.endpoint().get());
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
