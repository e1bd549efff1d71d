package io.provision.steps.kubernetes.placement;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where pods could go. Pure. A place that is found for each is proof that all fit; that none is
 * found is said as proven only where there is none: a pod that fits nowhere by itself, more of
 * something asked for than all have, or all ways tried.
 */
final class Placement {
  /** Ways that are tried: with more pods than that in it, nobody knows. */
  private static final int MOST_STEPS = 5_000;

  /** How many nodes are named of a pod. */
  private static final int MOST_NAMES = 3;

  /**
   * A pod that fits on none of the nodes, even by itself.
   *
   * @param isItsOwnWish whether by its own rules it wants to be on none of them, so that no room
   *     would help
   */
  record Miss(String pod, String why, boolean isItsOwnWish) {
    @Override
    public String toString() {
      return "%s (%s)".formatted(pod, why);
    }
  }

  /**
   * What it comes to.
   *
   * @param where the node of each pod, by its title; those of which no place was found are not in
   *     it
   * @param misses pods that fit nowhere
   * @param together why the others do not fit at once; empty where they do
   * @param isProven whether that is certain
   */
  record Result(
      Map<String, String> where, List<Miss> misses, Optional<String> together, boolean isProven) {
    boolean allFit() {
      return misses.isEmpty() && together.isEmpty();
    }
  }

  private final List<PodShape> pods;
  private final List<NodeRoom> rooms;
  private final Map<String, String> where = new HashMap<>();
  private int steps;

  private Placement(List<PodShape> pods, List<NodeRoom> nodes) {
    this.pods = pods;
    this.rooms = new ArrayList<>(nodes);
  }

  static Result of(List<PodShape> pods, List<NodeRoom> nodes) {
    var misses = new ArrayList<Miss>();
    var others = new ArrayList<PodShape>();
    for (var pod : pods) {
      if (nodes.stream().allMatch(node -> node.against(pod).isPresent())) {
        misses.add(miss(pod, nodes));
      } else {
        others.add(pod);
      }
    }
    var sum = tooMuch(others, nodes);
    if (sum.isPresent()) {
      return new Result(Map.of(), misses, sum, true);
    }
    others.sort(hardestFirst(others, nodes));
    var placement = new Placement(others, nodes);
    if (placement.place(0)) {
      return new Result(Map.copyOf(placement.where), misses, Optional.empty(), true);
    }
    var proven = placement.steps < MOST_STEPS;
    return new Result(
        Map.of(),
        misses,
        Optional.of(
            proven
                ? "each of its other pods fits by itself, but there is no way to place all of them"
                : "no way was found to place all of its other pods at once; not all were tried"),
        proven);
  }

  private static Miss miss(PodShape pod, List<NodeRoom> nodes) {
    var reasons =
        nodes.stream()
            .collect(
                Collectors.groupingBy(
                    node -> node.against(pod).orElseThrow(),
                    LinkedHashMap::new,
                    Collectors.mapping(NodeRoom::name, Collectors.toList())));
    var why =
        reasons.entrySet().stream()
            .limit(MOST_NAMES)
            .map(it -> "%s: %s".formatted(names(it.getValue()), it.getKey()))
            .collect(Collectors.joining("; "));
    return new Miss(
        pod.title(),
        reasons.size() > MOST_NAMES
            ? "%s; and %d more reasons".formatted(why, reasons.size() - MOST_NAMES)
            : why,
        nodes.stream().allMatch(node -> node.unwanted(pod).isPresent()));
  }

  private static String names(List<String> all) {
    return all.size() > MOST_NAMES
        ? "%s and %d more"
            .formatted(String.join(", ", all.subList(0, MOST_NAMES)), all.size() - MOST_NAMES)
        : String.join(", ", all);
  }

  /** More of a resource than is free on all nodes that take any of them. */
  private static Optional<String> tooMuch(List<PodShape> pods, List<NodeRoom> nodes) {
    var wanted = pods.stream().map(PodShape::wants).reduce(Amounts.NOTHING, Amounts::plus);
    var free =
        nodes.stream()
            .filter(node -> pods.stream().anyMatch(pod -> node.against(pod).isEmpty()))
            .map(node -> node.free().atLeastNothing())
            .reduce(Amounts.NOTHING, Amounts::plus);
    return free.lacks(wanted)
        .map(resource ->
            "each of its other pods fits by itself, but together they ask for %s of %s, and %s is free"
                .formatted(wanted.text(resource), resource, free.text(resource)));
  }

  /** Those with the fewest places, and of these the largest. */
  private static Comparator<PodShape> hardestFirst(List<PodShape> pods, List<NodeRoom> nodes) {
    var all = nodes.stream().map(NodeRoom::allocatable).reduce(Amounts.NOTHING, Amounts::plus);
    var places = new IdentityHashMap<PodShape, Long>();
    pods.forEach(
        pod -> places.put(pod, nodes.stream().filter(node -> node.against(pod).isEmpty()).count()));
    return Comparator.comparing((PodShape pod) -> places.getOrDefault(pod, 0L))
        .thenComparing(pod -> share(pod.wants(), all), Comparator.reverseOrder())
        .thenComparing(PodShape::title);
  }

  /** The largest part of anything. */
  private static double share(Amounts wanted, Amounts all) {
    return wanted.each().entrySet().stream()
        .filter(it -> all.of(it.getKey()).signum() > 0)
        .mapToDouble(it -> it.getValue().doubleValue() / all.of(it.getKey()).doubleValue())
        .max()
        .orElse(0);
  }

  /** Places the pods from here on; what led nowhere is taken back. */
  private boolean place(int index) {
    if (index == pods.size()) {
      return true;
    }
    var pod = pods.get(index);
    for (var node : fullestFirst(pod)) {
      if (++steps >= MOST_STEPS) {
        return false;
      }
      var room = rooms.get(node);
      rooms.set(node, room.with(pod));
      where.put(pod.title(), room.name());
      if (place(index + 1)) {
        return true;
      }
      rooms.set(node, room);
      where.remove(pod.title());
    }
    return false;
  }

  /** Nodes that take it now, as places in the list; those with the least left come first. */
  private List<Integer> fullestFirst(PodShape pod) {
    return IntStream.range(0, rooms.size())
        .boxed()
        .filter(it -> rooms.get(it).against(pod).isEmpty())
        .sorted(
            Comparator.comparing((Integer it) -> left(rooms.get(it), pod))
                .thenComparing(it -> rooms.get(it).name()))
        .toList();
  }

  /** The smallest part that would be left of what the pod asks for. */
  private static double left(NodeRoom room, PodShape pod) {
    var free = room.free().minus(pod.wants());
    return pod.wants().each().keySet().stream()
        .filter(it -> room.allocatable().of(it).compareTo(BigDecimal.ZERO) > 0)
        .mapToDouble(it -> free.of(it).doubleValue() / room.allocatable().of(it).doubleValue())
        .min()
        .orElse(0);
  }
}
