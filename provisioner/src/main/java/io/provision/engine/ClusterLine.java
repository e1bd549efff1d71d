package io.provision.engine;

import io.provision.desk.DeskException;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Clusters;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.Collection;
import java.util.LinkedHashSet;

/**
 * The cluster's API while a run lasts: opened when it is first asked, with what a server hands
 * over.
 */
final class ClusterLine implements AutoCloseable {
  private final Clusters clusters;
  private @org.jspecify.annotations.Nullable ClusterApi api;

  ClusterLine(Clusters clusters) {
    this.clusters = clusters;
  }

  /** The API, the same for the whole run. */
  synchronized ClusterApi open(ClusterAccess access, Handoffs handoffs)
      throws ClusterException, DeskException, InterruptedException {
    if (api == null) {
      var kubeconfig = handoffs.read(access.kubeconfig());
      api = clusters.open(new Clusters.Access(access.servers(), kubeconfig));
    }
    return api;
  }

  static Observations look(ClusterApi api, Collection<Probes> probes)
      throws ClusterException, InterruptedException {
    var questions = new LinkedHashSet<ClusterQuestion<?>>();
    probes.forEach(each -> questions.addAll(each.cluster()));
    var seen = new Observations.Builder();
    api.view().look(questions).forEach(seen::put);
    return seen.build();
  }

  @Override
  public synchronized void close() {
    if (api != null) {
      api.close();
      api = null;
    }
  }
}
