package io.provision.kube;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A pod as the API gives it: what has another shape counts as not there. */
record RawPod(Map<String, Object> raw) {
  /** Volumes that every node can make. */
  private static final Set<String> OF_ANY =
      Set.of("configMap", "secret", "projected", "downwardAPI", "emptyDir");

  private Map<String, Object> metadata() {
    return RawObject.map(raw.get("metadata"));
  }

  private Map<String, Object> status() {
    return RawObject.map(raw.get("status"));
  }

  String namespace() {
    return String.valueOf(metadata().get("namespace"));
  }

  ObjectRef ref() {
    var name = String.valueOf(metadata().get("name"));
    return new ObjectRef("v1", "Pod", Optional.of(namespace()), name);
  }

  /** {@code namespace/name}. */
  String title() {
    return "%s/%s".formatted(namespace(), metadata().get("name"));
  }

  /** Where it was placed; empty where it is not yet. */
  String node() {
    return Objects.toString(RawObject.map(raw.get("spec")).get("nodeName"), "");
  }

  /** A file of the kubelet's, which only shows as a pod. */
  boolean isMirror() {
    return RawObject.map(metadata().get("annotations")).containsKey("kubernetes.io/config.mirror");
  }

  /** How many of some have not come to their end. */
  static int running(List<Map<String, Object>> raw) {
    return (int) raw.stream().map(RawPod::new).filter(pod -> !pod.isOver()).count();
  }

  /** One of a Job that is through, say: it lies there for its log. */
  private boolean isOver() {
    var phase = status().get("phase");
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  boolean isGoing() {
    return metadata().get("deletionTimestamp") != null;
  }

  /** The names of its finalizers. */
  List<String> finalizers() {
    return metadata().get("finalizers") instanceof List<?> all
        ? all.stream().map(String::valueOf).toList()
        : List.of();
  }

  boolean isReady() {
    return !isGoing()
        && status().get("conditions") instanceof List<?> conditions
        && conditions.stream()
            .map(RawObject::map)
            .anyMatch(it -> "Ready".equals(it.get("type")) && "True".equals(it.get("status")));
  }

  /** What keeps it, as its status says; empty where it says nothing. */
  String why() {
    return Readiness.ofPod(raw).why();
  }

  /** What has it, of those that own it. */
  Optional<ObjectRef> controller() {
    return controllerOf(raw);
  }

  /** What has an object, and would bring it back. */
  static Optional<ObjectRef> controllerOf(Map<String, Object> raw) {
    var metadata = RawObject.map(raw.get("metadata"));
    return metadata.get("ownerReferences") instanceof List<?> owners
        ? owners.stream()
            .map(RawObject::map)
            .filter(owner -> Boolean.TRUE.equals(owner.get("controller")))
            .map(owner ->
                new ObjectRef(
                    String.valueOf(owner.get("apiVersion")),
                    String.valueOf(owner.get("kind")),
                    Optional.ofNullable(metadata.get("namespace")).map(Object::toString),
                    String.valueOf(owner.get("name"))))
            .findFirst()
        : Optional.empty();
  }

  /**
   * Whether nothing of it asks for a certain node: volumes that are more than files of the API or
   * an empty directory, a selector, or affinity.
   */
  boolean isAnywhere() {
    var spec = RawObject.map(raw.get("spec"));
    var volumes = spec.get("volumes") instanceof List<?> all ? all : List.of();
    return RawObject.map(spec.get("nodeSelector")).isEmpty()
        && RawObject.map(spec.get("affinity")).isEmpty()
        && volumes.stream()
            .map(RawObject::map)
            .allMatch(volume ->
                volume.keySet().stream().allMatch(it -> it.equals("name") || OF_ANY.contains(it)));
  }

  /** Whether a drain leaves it: it goes and comes with its node. */
  boolean belongsToItsNode() {
    return isMirror() || controller().filter(it -> it.kind().equals("DaemonSet")).isPresent();
  }
}
