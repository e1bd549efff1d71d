package io.provision.steps.kubernetes.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes and pods as an API gives them. */
final class RawCluster {
  private final List<Map<String, Object>> nodes = new ArrayList<>();
  private final List<Map<String, Object>> pods = new ArrayList<>();
  private final List<Map<String, Object>> claims = new ArrayList<>();
  private final List<Map<String, Object>> volumes = new ArrayList<>();
  private final List<Map<String, Object>> budgets = new ArrayList<>();

  RawCluster node(String name, Object cpu, Object memory) {
    return node(name, cpu, memory, Map.of(), Map.of());
  }

  RawCluster node(
      String name,
      Object cpu,
      Object memory,
      Map<String, Object> metadata,
      Map<String, Object> spec) {
    var all = new LinkedHashMap<String, Object>(metadata);
    all.put("name", name);
    nodes.add(
        Map.of(
            "metadata",
            all,
            "spec",
            spec,
            "status",
            Map.of(
                "allocatable",
                Map.of("cpu", cpu, "memory", memory, "pods", "110"),
                "conditions",
                List.of(Map.of("type", "Ready", "status", "True")))));
    return this;
  }

  /** One that is as it is. */
  RawCluster node(Map<String, Object> raw) {
    nodes.add(raw);
    return this;
  }

  RawCluster pod(String name, String node, Object cpu, Object memory) {
    return pod(name, node, cpu, memory, Map.of());
  }

  /**
   * @param spec besides node and containers
   */
  RawCluster pod(String name, String node, Object cpu, Object memory, Map<String, Object> spec) {
    var all = new LinkedHashMap<String, Object>(spec);
    all.put("nodeName", node);
    all.put(
        "containers",
        List.of(Map.of("resources", Map.of("requests", Map.of("cpu", cpu, "memory", memory)))));
    return pod(name, all, "ReplicaSet");
  }

  /** A pod without requests. */
  RawCluster pod(String name, Map<String, Object> spec, String owner) {
    var metadata = new HashMap<String, Object>();
    metadata.put("name", name);
    metadata.put("namespace", "shop");
    metadata.put("labels", Map.of("app", name.replaceAll("[0-9-].*", "")));
    if (!owner.isEmpty()) {
      metadata.put("ownerReferences", List.of(Map.of("kind", owner, "controller", true)));
    }
    return pod(
        Map.of(
            "metadata",
            metadata,
            "spec",
            spec,
            "status",
            Map.of(
                "phase",
                "Running",
                "conditions",
                List.of(Map.of("type", "Ready", "status", "True")))));
  }

  RawCluster pod(Map<String, Object> raw) {
    pods.add(raw);
    return this;
  }

  /** A claim, and the volume that it is bound to, which is to be had on one host. */
  RawCluster claim(String name, String volume, String host) {
    claims.add(
        Map.of(
            "metadata",
            Map.of("name", name, "namespace", "shop"),
            "spec",
            Map.of("volumeName", volume)));
    var term =
        Map.of(
            "matchExpressions",
            List.of(
                Map.of(
                    "key", "kubernetes.io/hostname", "operator", "In", "values", List.of(host))));
    volumes.add(
        Map.of(
            "metadata",
            Map.of("name", volume),
            "spec",
            Map.of(
                "nodeAffinity", Map.of("required", Map.of("nodeSelectorTerms", List.of(term))))));
    return this;
  }

  RawCluster budget(String name, String app, Map<String, Object> status) {
    budgets.add(
        Map.of(
            "metadata",
            Map.of("name", name, "namespace", "shop"),
            "spec",
            Map.of("selector", Map.of("matchLabels", Map.of("app", app))),
            "status",
            status));
    return this;
  }

  ClusterRoom.Lists lists() {
    return new ClusterRoom.Lists(nodes, pods, claims, volumes, budgets);
  }

  NodeFit fit(String node) {
    return new ClusterRoom(lists()).fits().get(node);
  }
}
