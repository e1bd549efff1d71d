package io.provision.steps.kubernetes.placement;

import io.provision.steps.kubernetes.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All nodes of a cluster with their pods, and for each whether its pods fit on the others. */
final class ClusterRoom {
  /** Whose cordon is ours: it is given back before another node goes. */
  private static final String OURS = "provision.io/cordoned";

  private final Map<String, NodeRoom> nodes = new LinkedHashMap<>();
  private final Map<String, List<Map<String, Object>>> moving = new HashMap<>();
  private final VolumePlaces volumes;
  private final Budgets budgets;

  /** As the API gives them. */
  record Lists(
      List<Map<String, Object>> nodes,
      List<Map<String, Object>> pods,
      List<Map<String, Object>> claims,
      List<Map<String, Object>> volumes,
      List<Map<String, Object>> budgets) {}

  ClusterRoom(Lists lists) {
    volumes = new VolumePlaces(lists.claims(), lists.volumes());
    budgets = Budgets.read(lists.budgets());
    var there = new HashMap<String, List<PodShape>>();
    for (var pod : lists.pods()) {
      PodList.node(pod)
          .ifPresent(node -> {
            there.computeIfAbsent(node, _ -> new ArrayList<>()).add(shape(pod));
            if (PodList.moves(pod)) {
              moving.computeIfAbsent(node, _ -> new ArrayList<>()).add(pod);
            }
          });
    }
    for (var node : lists.nodes()) {
      var name = Objects.toString(Fields.map(node.get("metadata")).get("name"), "");
      nodes.put(name, room(name, node, there.getOrDefault(name, List.of())));
    }
  }

  private PodShape shape(Map<String, Object> pod) {
    return PodShape.read(pod, volumes.of(pod));
  }

  private static NodeRoom room(String name, Map<String, Object> raw, List<PodShape> pods) {
    var metadata = Fields.map(raw.get("metadata"));
    var spec = Fields.map(raw.get("spec"));
    var status = Fields.map(raw.get("status"));
    return NodeRoom.of(
        name,
        Fields.map(metadata.get("labels")),
        NodeTaint.read(spec.get("taints")),
        closed(metadata, spec, status),
        Amounts.read(status.get("allocatable")),
        pods);
  }

  private static Optional<String> closed(
      Map<String, Object> metadata, Map<String, Object> spec, Map<String, Object> status) {
    var ready =
        Fields.maps(status.get("conditions")).stream()
            .anyMatch(it -> "Ready".equals(it.get("type")) && "True".equals(it.get("status")));
    if (!ready) {
      return Optional.of("it is not Ready");
    }
    var foreign = !Fields.map(metadata.get("annotations")).containsKey(OURS);
    return Boolean.TRUE.equals(spec.get("unschedulable")) && foreign
        ? Optional.of("it is cordoned")
        : Optional.empty();
  }

  /** One for each node, by its name. */
  Map<String, NodeFit> fits() {
    var fits = new LinkedHashMap<String, NodeFit>();
    nodes.keySet().forEach(name -> fits.put(name, fit(List.of(name))));
    return fits;
  }

  /** Of nodes that are away at the same time, as if they were one. */
  NodeFit fit(List<String> names) {
    var going = names.stream().flatMap(it -> moving.getOrDefault(it, List.of()).stream()).toList();
    var shapes = going.stream().map(this::shape).toList();
    var others = nodes.values().stream().filter(it -> !names.contains(it.name())).toList();
    var holds = new ArrayList<Budgets.Hold>();
    for (var pod : going) {
      budgets.against(shape(pod), PodList.isReady(pod)).ifPresent(holds::add);
    }
    return new NodeFit(
        String.join(", ", names),
        going.size(),
        Placement.of(shapes, others),
        holds,
        going.stream()
            .filter(pod -> !PodList.comesBack(pod))
            .map(pod -> shape(pod).title())
            .toList(),
        shapes.stream().filter(PodShape::asksForNothing).map(PodShape::title).toList());
  }
}
