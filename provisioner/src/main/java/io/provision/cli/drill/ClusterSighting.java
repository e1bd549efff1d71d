package io.provision.cli.drill;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.ClusterQuestion.Whole;
import io.provision.kube.WholeObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as one look saw it: what has another shape than expected is not there.
 *
 * @param nodeReady of the node that the drill is about
 * @param boot its boot, as its kubelet says it; empty where there is no such node
 * @param pods that came to no end, but those that belong to a node (DaemonSets, the kubelet's own)
 * @param attached the volumes that the cluster has attached to the node
 */
record ClusterSighting(boolean nodeReady, String boot, List<Pod> pods, List<String> attached) {
  private static final Duration BUDGET = Duration.ofSeconds(10);
  private static final Whole NODES = new Whole("v1", "Node", BUDGET);
  private static final Whole PODS = new Whole("v1", "Pod", BUDGET);
  private static final Whole ATTACHMENTS =
      new Whole("storage.k8s.io/v1", "VolumeAttachment", BUDGET);

  /**
   * A pod.
   *
   * @param workload what has it: {@code Deployment shop/web}, or itself where nobody has it
   * @param node empty where it has none yet
   */
  record Pod(String uid, String title, String workload, String node, boolean ready) {}

  ClusterSighting {
    pods = List.copyOf(pods);
    attached = List.copyOf(attached);
  }

  /** Empty where the API did not answer all of it: what was not heard is not gone. */
  static Optional<ClusterSighting> look(ClusterApi.View api, String node)
      throws InterruptedException {
    try {
      var questions = List.<ClusterQuestion<?>>of(NODES, PODS, ATTACHMENTS);
      var answers = api.look(questions);
      var nodes = (WholeObjects) answers.get(NODES);
      var pods = (WholeObjects) answers.get(PODS);
      var attachments = (WholeObjects) answers.get(ATTACHMENTS);
      return nodes == null
              || pods == null
              || attachments == null
              || nodes.unheard().isPresent()
              || pods.unheard().isPresent()
              || attachments.unheard().isPresent()
          ? Optional.empty()
          : Optional.of(of(node, nodes.objects(), pods.objects(), attachments.objects()));
    } catch (ClusterException _) {
      return Optional.empty();
    }
  }

  static ClusterSighting of(
      String node,
      List<Map<String, Object>> nodes,
      List<Map<String, Object>> pods,
      List<Map<String, Object>> attachments) {
    var own =
        nodes.stream()
            .filter(it -> node.equals(map(it.get("metadata")).get("name")))
            .findFirst()
            .orElse(Map.of());
    var status = map(own.get("status"));
    return new ClusterSighting(
        isReady(status),
        text(map(status.get("nodeInfo")).get("bootID")),
        pods.stream().flatMap(it -> pod(it).stream()).toList(),
        attachments.stream()
            .map(it -> map(it.get("spec")))
            .filter(spec -> node.equals(spec.get("nodeName")))
            .map(spec -> text(map(spec.get("source")).get("persistentVolumeName")))
            .filter(name -> !name.isEmpty())
            .sorted()
            .toList());
  }

  private static Optional<Pod> pod(Map<String, Object> raw) {
    var metadata = map(raw.get("metadata"));
    var status = map(raw.get("status"));
    var owner = owner(metadata);
    var kind = text(owner.get("kind"));
    var isMirror = map(metadata.get("annotations")).containsKey("kubernetes.io/config.mirror");
    if (isMirror
        || kind.equals("DaemonSet")
        || kind.equals("Job")
        || List.of("Succeeded", "Failed").contains(text(status.get("phase")))) {
      return Optional.empty();
    }
    var namespace = text(metadata.get("namespace"));
    var title = "%s/%s".formatted(namespace, text(metadata.get("name")));
    var ready = metadata.get("deletionTimestamp") == null && isReady(status);
    return Optional.of(
        new Pod(
            text(metadata.get("uid")),
            title,
            kind.isEmpty() ? "Pod " + title : workload(kind, namespace, owner, metadata),
            text(map(raw.get("spec")).get("nodeName")),
            ready));
  }

  /** A ReplicaSet of a Deployment is called as that, with the digest of its template behind. */
  private static String workload(
      String kind, String namespace, Map<String, Object> owner, Map<String, Object> metadata) {
    var name = text(owner.get("name"));
    var hash = "-" + text(map(metadata.get("labels")).get("pod-template-hash"));
    return kind.equals("ReplicaSet") && hash.length() > 1 && name.endsWith(hash)
        ? "Deployment %s/%s".formatted(namespace, name.substring(0, name.length() - hash.length()))
        : "%s %s/%s".formatted(kind, namespace, name);
  }

  private static Map<String, Object> owner(Map<String, Object> metadata) {
    return list(metadata.get("ownerReferences")).stream()
        .map(ClusterSighting::map)
        .filter(it -> Boolean.TRUE.equals(it.get("controller")))
        .findFirst()
        .orElse(Map.of());
  }

  private static boolean isReady(Map<String, Object> status) {
    return list(status.get("conditions")).stream()
        .map(ClusterSighting::map)
        .anyMatch(it -> "Ready".equals(it.get("type")) && "True".equals(it.get("status")));
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : new ArrayList<>();
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static String text(@Nullable Object value) {
    return Objects.toString(value, "");
  }
}
