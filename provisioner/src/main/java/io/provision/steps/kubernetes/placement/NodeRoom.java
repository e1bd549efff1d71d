package io.provision.steps.kubernetes.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node has for pods, and which are there.
 *
 * @param closed why it takes none; empty where it does
 * @param free what is left; below nothing where somebody has promised more than there is
 */
record NodeRoom(
    String name,
    Map<String, Object> labels,
    List<NodeTaint> taints,
    Optional<String> closed,
    Amounts allocatable,
    Amounts free,
    List<PodShape> pods) {
  NodeRoom {
    taints = List.copyOf(taints);
    pods = List.copyOf(pods);
  }

  /** One with these pods on it. */
  static NodeRoom of(
      String name,
      Map<String, Object> labels,
      List<NodeTaint> taints,
      Optional<String> closed,
      Amounts allocatable,
      List<PodShape> pods) {
    var free = pods.stream().map(PodShape::wants).reduce(allocatable, Amounts::minus);
    return new NodeRoom(name, labels, taints, closed, allocatable, free, pods);
  }

  /** The same with one more pod. */
  NodeRoom with(PodShape pod) {
    var more = new ArrayList<>(pods);
    more.add(pod);
    return new NodeRoom(name, labels, taints, closed, allocatable, free.minus(pod.wants()), more);
  }

  /** Why a pod does not want to be here, by its own rules, or somebody's here. */
  Optional<String> unwanted(PodShape pod) {
    return pod.places().stream()
        .filter(it -> !it.nodes().matches(name, labels))
        .map(it -> it.by() + " means another node")
        .findFirst()
        .or(() ->
            pods.stream()
                .filter(pod::isApartFrom)
                .map(it -> "it is kept apart from %s there".formatted(it.title()))
                .findFirst());
  }

  /** Why this node takes no such pod, however much room there is. */
  Optional<String> refused(PodShape pod) {
    return closed.or(() ->
        taints.stream()
            .filter(it -> !it.isToleratedBy(pod.tolerations()))
            .map(it -> "it does not tolerate the taint " + it)
            .findFirst());
  }

  /** Of what there is too little for a pod. */
  Optional<String> tooSmall(PodShape pod) {
    return free.lacks(pod.wants())
        .map(resource ->
            resource.equals("pods")
                ? "no more than %s pods are allowed there".formatted(allocatable.text("pods"))
                : "too little %s: %s is asked for, %s is free"
                    .formatted(resource, pod.wants().text(resource), free.text(resource)));
  }

  /** Why a pod cannot be placed here; empty where it can. */
  Optional<String> against(PodShape pod) {
    return unwanted(pod).or(() -> refused(pod)).or(() -> tooSmall(pod));
  }
}
