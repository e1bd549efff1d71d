package io.provision.steps.kubernetes.leave;

import io.provision.model.Cluster;
import java.util.Optional;

/** Clusters with an endpoint. */
final class Endpoints {
  private Endpoints() {}

  static Cluster of(Cluster is, String endpoint) {
    return new Cluster(
        is.name(),
        is.distribution(),
        is.version(),
        Optional.of(endpoint),
        is.virtualIp(),
        is.network(),
        is.sections(),
        is.kubeconfig(),
        is.tlsSans(),
        is.position());
  }
}
