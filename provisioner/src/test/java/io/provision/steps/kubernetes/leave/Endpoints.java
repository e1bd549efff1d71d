package io.provision.steps.kubernetes.leave;

import io.provision.model.Cluster;
import io.provision.model.NodeAddress;
import java.util.Optional;

/** Clusters with an endpoint. */
final class Endpoints {
  private Endpoints() {}

  static Cluster of(Cluster is, String endpoint) {
    return with(is, endpoint, is.virtualIp());
  }

  /** One whose endpoint is carried among the control planes. */
  static Cluster carried(Cluster is, String endpoint) {
    return with(is, endpoint, Optional.of(NodeAddress.parse(endpoint)));
  }

  private static Cluster with(Cluster is, String endpoint, Optional<NodeAddress> virtualIp) {
    return new Cluster(
        is.name(),
        is.distribution(),
        is.version(),
        Optional.of(endpoint),
        virtualIp,
        is.network(),
        is.sections(),
        is.kubeconfig(),
        is.tlsSans(),
        is.position());
  }
}
