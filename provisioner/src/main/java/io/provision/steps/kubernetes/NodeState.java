package io.provision.steps.kubernetes;

import io.provision.model.Version;
import java.util.Optional;

/**
 * What a host is to its distribution, as a look saw it.
 *
 * @param arch {@code amd64} or {@code arm64}; else what {@code uname -m} says
 * @param version what was installed last
 * @param holdsCluster whether there is a datastore of a cluster on it
 * @param answers whether its API server says that it is ready
 * @param wasServer whether it was set up as a server once
 */
public record NodeState(
    String arch,
    Optional<Version> version,
    boolean holdsCluster,
    boolean answers,
    boolean wasServer) {

  /** Whether there is a cluster on it that does not answer. */
  boolean isDeaf() {
    return holdsCluster && !answers;
  }

  /** Whether it was set up as a server, and there is no cluster on it. */
  public boolean hasLostItsDatastore() {
    return !holdsCluster && wasServer && version.isPresent();
  }

  /** For a status: the version, and whether it answers where it is a server. */
  @Override
  public String toString() {
    var server =
        hasLostItsDatastore()
            ? ", server without a datastore"
            : holdsCluster ? answers ? ", server" : ", server that does not answer" : "";
    return version.map(Version::toString).orElse("none") + server;
  }
}
