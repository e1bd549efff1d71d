package io.provision.steps.kubernetes;

import io.provision.model.Sha256;
import java.util.Set;

/**
 * What identifies a server's kubeconfig, without its key.
 *
 * @param names the names and addresses in the API server's certificate; empty where it could not be
 *     read
 */
public record ServerCredentials(Sha256 authority, Sha256 clientCertificate, Set<String> names) {
  public ServerCredentials {
    names = Set.copyOf(names);
  }
}
