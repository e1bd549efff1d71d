package io.provision.steps.kubernetes.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.LabelSelector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds of every placement, whatever the pods and nodes. */
class PlacementProperties {
  private static final KeptApart FROM_ITS_LIKE =
      new KeptApart(List.of("shop"), LabelSelector.of(Map.of("matchLabels", Map.of("app", "web"))));

  private record Case(List<PodShape> pods, List<NodeRoom> nodes) {}

  private static Amounts amounts(long cpu, long memory, long pods) {
    return Amounts.of("cpu", cpu).plus(Amounts.of("memory", memory)).plus(Amounts.of("pods", pods));
  }

  private static PodShape pod(String name, long cpu, long memory, boolean apart) {
    return new PodShape(
        "shop",
        name,
        apart ? Map.of("app", "web") : Map.of(),
        amounts(cpu, memory, 1),
        List.of(),
        List.of(),
        apart ? List.of(FROM_ITS_LIKE) : List.of());
  }

  private static NodeRoom node(int number, long cpu, long memory, long pods, boolean tainted) {
    return NodeRoom.of(
        "w" + number,
        Map.of(),
        tainted ? List.of(new NodeTaint("only", "", "NoSchedule")) : List.of(),
        Optional.empty(),
        amounts(cpu, memory, pods),
        List.of());
  }

  @Provide
  Arbitrary<Case> cases() {
    var pod =
        Combinators.combine(
            Arbitraries.longs().between(0, 4),
            Arbitraries.longs().between(0, 4),
            Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)));
    var node =
        Combinators.combine(
            Arbitraries.longs().between(0, 8),
            Arbitraries.longs().between(0, 8),
            Arbitraries.longs().between(0, 5),
            Arbitraries.frequency(Tuple.of(5, false), Tuple.of(1, true)));
    return Combinators.combine(
            pod.as((cpu, memory, apart) -> pod("", cpu, memory, apart)).list().ofMaxSize(6),
            node.as((cpu, memory, pods, tainted) -> node(0, cpu, memory, pods, tainted))
                .list()
                .ofMaxSize(4))
        .as(PlacementProperties::numbered);
  }

  private static Case numbered(List<PodShape> pods, List<NodeRoom> nodes) {
    var named = new ArrayList<PodShape>();
    for (var pod : pods) {
      named.add(
          new PodShape(
              pod.namespace(),
              "p" + named.size(),
              pod.labels(),
              pod.wants(),
              pod.tolerations(),
              pod.places(),
              pod.apart()));
    }
    var rooms = new ArrayList<NodeRoom>();
    for (var node : nodes) {
      rooms.add(
          NodeRoom.of(
              "w" + rooms.size(),
              node.labels(),
              node.taints(),
              node.closed(),
              node.allocatable(),
              List.of()));
    }
    return new Case(named, rooms);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void noNodeIsPromisedMoreThanItHas(@ForAll("cases") Case given) {
    var placed = Placement.of(given.pods(), given.nodes());
    var used = new HashMap<String, Amounts>();
    for (var pod : given.pods()) {
      var node = placed.where().get(pod.title());
      if (node != null) {
        used.merge(node, pod.wants(), Amounts::plus);
      }
    }
    for (var node : given.nodes()) {
      var all = used.getOrDefault(node.name(), Amounts.NOTHING);
      assertThat(node.allocatable().lacks(all)).isEmpty();
      assertThat(node.taints().isEmpty() || all.isEmpty()).isTrue();
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void whatIsKeptApartIsOnNodesOfItsOwn(@ForAll("cases") Case given) {
    var placed = Placement.of(given.pods(), given.nodes());
    var nodes =
        given.pods().stream()
            .filter(pod -> !pod.apart().isEmpty())
            .map(pod -> placed.where().get(pod.title()))
            .filter(Objects::nonNull)
            .toList();
    assertThat(nodes).doesNotHaveDuplicates();
  }

  /** Each is placed, or it is said why not. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  void nothingIsForgotten(@ForAll("cases") Case given) {
    var placed = Placement.of(given.pods(), given.nodes());
    var misses = placed.misses().stream().map(Placement.Miss::pod).toList();
    for (var pod : given.pods()) {
      assertThat(placed.where().containsKey(pod.title()))
          .isEqualTo(!misses.contains(pod.title()) && placed.together().isEmpty());
    }
    assertThat(placed.allFit()).isEqualTo(placed.where().size() == given.pods().size());
  }

  /** By trying all ways there are, which are few here. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  void itFindsAWayWhereverThereIsOne(@ForAll("cases") Case given) {
    var placed = Placement.of(given.pods(), given.nodes());
    assertThat(placed.isProven()).as("so few are all tried").isTrue();
    assertThat(placed.allFit()).isEqualTo(any(given.pods(), given.nodes()));
  }

  private static boolean any(List<PodShape> pods, List<NodeRoom> nodes) {
    if (pods.isEmpty()) {
      return true;
    }
    for (var i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).against(pods.getFirst()).isEmpty()) {
        var more = new ArrayList<>(nodes);
        more.set(i, nodes.get(i).with(pods.getFirst()));
        if (any(pods.subList(1, pods.size()), more)) {
          return true;
        }
      }
    }
    return false;
  }

  /** More room never makes it worse. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  void moreOfAnythingKeepsWhatFits(
      @ForAll("cases") Case given, @ForAll("more") List<Amounts> more) {
    var larger = new ArrayList<NodeRoom>();
    for (var i = 0; i < given.nodes().size(); i++) {
      var node = given.nodes().get(i);
      larger.add(
          NodeRoom.of(
              node.name(),
              node.labels(),
              node.taints(),
              node.closed(),
              node.allocatable().plus(more.get(i)),
              List.of()));
    }
    larger.add(node(9, 0, 0, 0, false));
    var before = Placement.of(given.pods(), given.nodes());
    var after = Placement.of(given.pods(), larger);
    if (before.allFit()) {
      assertThat(after.allFit()).isTrue();
    }
    assertThat(before.misses().stream().map(Placement.Miss::pod))
        .containsAll(after.misses().stream().map(Placement.Miss::pod).toList());
  }

  @Provide
  Arbitrary<List<Amounts>> more() {
    return Arbitraries.longs()
        .between(0, 3)
        .map(it -> amounts(it, 3 - it, it % 2))
        .list()
        .ofSize(4);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void amountsThatAreTakenAndGivenBackAreTheSame(
      @ForAll("more") List<Amounts> one, @ForAll("more") List<Amounts> other) {
    var sum = one.getFirst().plus(other.getFirst());
    for (var resource : List.of("cpu", "memory", "pods", "nothing of that name")) {
      assertThat(sum.minus(other.getFirst()).of(resource))
          .isEqualByComparingTo(one.getFirst().of(resource));
      assertThat(sum.max(one.getFirst()).of(resource)).isEqualByComparingTo(sum.of(resource));
    }
    assertThat(sum.lacks(sum)).isEmpty();
    assertThat(sum.of("nothing of that name")).isEqualByComparingTo(BigDecimal.ZERO);
  }
}
