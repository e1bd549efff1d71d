package io.provision.engine;

import io.provision.kube.Clusters;

/** A cluster that nobody asks for. */
public final class NoCluster {
  public static final Clusters NONE =
      access -> {
        throw new IllegalStateException("no cluster was expected");
      };

  private NoCluster() {}
}
