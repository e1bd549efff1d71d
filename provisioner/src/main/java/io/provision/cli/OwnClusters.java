package io.provision.cli;

import io.provision.fabric8.Fabric8Clusters;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.Clusters;
import io.provision.model.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How the API of a cluster is asked: in a pod of it by the account of that pod. What is made of
 * fabric8 is made when it is needed.
 */
final class OwnClusters implements Clusters {
  /** See https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final boolean isPod;

  private OwnClusters(boolean isPod) {
    this.isPod = isPod;
  }

  static Clusters of(boolean isPod) {
    return new OwnClusters(isPod);
  }

  /** By the address that Kubernetes gives to each of its pods. */
  static ClusterApi around(Map<String, String> environment) throws ClusterException {
    var host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    var port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    var server = "https://%s:%s".formatted(host.contains(":") ? "[" + host + "]" : host, port);
    return new Fabric8Clusters(ACCOUNT).open(new Access(List.of(server), Secret.of("")));
  }

  @Override
  public boolean asksAsItself() {
    return isPod;
  }

  @Override
  public ClusterApi open(Access access) throws ClusterException {
    return (isPod ? new Fabric8Clusters(ACCOUNT) : new Fabric8Clusters()).open(access);
  }
}
