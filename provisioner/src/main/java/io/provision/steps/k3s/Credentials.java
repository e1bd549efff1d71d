package io.provision.steps.k3s;

import io.provision.model.Sha256;
import java.util.Set;

/**
 * What identifies a server's kubeconfig, without its key.
 *
 * @param names the names and addresses in the API server's certificate; empty where it could not be
 *     read
 */
record Credentials(Sha256 authority, Sha256 clientCertificate, Set<String> names) {
  Credentials {
    names = Set.copyOf(names);
  }
}
