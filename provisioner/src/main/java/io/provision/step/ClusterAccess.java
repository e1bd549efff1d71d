package io.provision.step;

import io.provision.remote.Payload;
import java.util.List;

/**
 * How the cluster's API is reached, once it is up; a control plane's look sees it. Steps on the
 * cluster wait for it without saying so.
 *
 * @param servers URLs at which this control plane serves the API, the best first
 * @param kubeconfig of an administrator; read only where the API is really asked
 */
public record ClusterAccess(List<String> servers, Payload.Handoff kubeconfig) {
  public static final Output<ClusterAccess> OUTPUT =
      new Output<>("cluster-access", ClusterAccess.class);

  public ClusterAccess {
    servers = List.copyOf(servers);
  }
}
