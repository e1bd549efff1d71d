package io.provision.kube;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what has pods, and how many of them it wants, by following who controls whom: a pod of a
 * Deployment is its ReplicaSet's. Each is read once.
 */
final class Workloads {
  /** What runs several alike, by what its API is called. */
  private static final Map<String, String> KINDS =
      Map.of(
          "Deployment", "apps/v1",
          "ReplicaSet", "apps/v1",
          "StatefulSet", "apps/v1",
          "ReplicationController", "v1");

  private final ClusterApi.Work work;
  private final Map<ObjectRef, Optional<Workload>> found = new HashMap<>();

  Workloads(ClusterApi.Work work) {
    this.work = work;
  }

  /**
   * What has pods.
   *
   * @param replicas how many it wants
   */
  record Workload(ObjectRef ref, long replicas, LabelSelector selector) {}

  /** What has a pod; empty where that is nothing that runs several alike. */
  Optional<Workload> of(RawPod pod) throws ClusterException {
    var controller = pod.controller();
    return controller.isEmpty() ? Optional.empty() : of(controller.get());
  }

  /** Two at most: nothing that has a Deployment is followed. */
  private Optional<Workload> of(ObjectRef controller) throws ClusterException {
    if (!controller.apiVersion().equals(KINDS.get(controller.kind()))) {
      return Optional.empty();
    }
    var known = found.get(controller);
    if (known != null) {
      return known;
    }
    var raw = work.read(controller);
    var above =
        raw.flatMap(RawPod::controllerOf)
            .filter(_ -> controller.kind().equals("ReplicaSet"))
            .filter(it -> it.kind().equals("Deployment"));
    var workload = above.isPresent() ? of(above.get()) : raw.map(it -> workload(controller, it));
    found.put(controller, workload);
    return workload;
  }

  private static Workload workload(ObjectRef ref, Map<String, Object> raw) {
    var spec = RawObject.map(raw.get("spec"));
    var selector =
        ref.kind().equals("ReplicationController")
            ? LabelSelector.ofLabels(spec.get("selector"))
            : LabelSelector.of(spec.get("selector"));
    var replicas = spec.get("replicas") instanceof Number number ? number.longValue() : 1;
    return new Workload(ref, replicas, selector);
  }

  /** The pods of a workload, wherever they are. */
  List<RawPod> pods(Workload workload) throws ClusterException {
    var namespace = workload.ref().namespace().orElse("default");
    var pods = new ArrayList<RawPod>();
    for (var raw : work.podsIn(namespace, workload.selector().query())) {
      var pod = new RawPod(raw);
      if (of(pod).map(Workload::ref).equals(Optional.of(workload.ref()))) {
        pods.add(pod);
      }
    }
    return pods;
  }
}
