package io.provision.steps.kubernetes.leave;

import io.provision.step.Output;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** The names of all nodes that a cluster has. */
record ClusterNodes(Set<String> names) {
  /** As the server sees it that speaks for the cluster. */
  static final Output<ClusterNodes> OUTPUT = new Output<>("cluster-nodes", ClusterNodes.class);

  ClusterNodes {
    names = Collections.unmodifiableSet(new TreeSet<>(names));
  }
}
