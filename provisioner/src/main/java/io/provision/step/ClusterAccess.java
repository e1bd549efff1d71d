package io.provision.step;

import io.provision.model.Sha256;
import io.provision.remote.Handoff;
import java.util.List;
import java.util.Optional;

/**
 * How the cluster's API is reached, once it is up; a control plane's look sees it. Steps on the
 * cluster wait for it without saying so.
 *
 * @param servers URLs at which this control plane serves the API, the best first
 * @param kubeconfig of an administrator; read only where it is needed
 * @param identity what is in it, where that is known
 */
public record ClusterAccess(
    List<String> servers, Handoff.Kept kubeconfig, Optional<Identity> identity) {
  public static final Output<ClusterAccess> OUTPUT =
      new Output<>("cluster-access", ClusterAccess.class);

  /** The certificates of a kubeconfig, by their digests. */
  public record Identity(Sha256 authority, Sha256 clientCertificate) {}

  public ClusterAccess {
    servers = List.copyOf(servers);
  }
}
