package io.provision.kube;

import io.provision.model.Secret;
import java.util.List;

/** Finds the API of a cluster. */
public interface Clusters {

  /**
   * Where an API is, and who asks.
   *
   * @param servers URLs of the one API, the best first
   * @param kubeconfig whose current context has the authority and the credentials; untrusted input
   */
  record Access(List<String> servers, Secret kubeconfig) {
    public Access {
      servers = List.copyOf(servers);
    }
  }

  /**
   * Whether who asks is known without what a control plane hands over, as it is of a pod: then no
   * kubeconfig is asked for, and none is looked at.
   */
  default boolean asksAsItself() {
    return false;
  }

  /**
   * The API at the first of these addresses that can be reached.
   *
   * @throws ClusterException where there is none, naming each
   */
  ClusterApi open(Access access) throws ClusterException, InterruptedException;
}
