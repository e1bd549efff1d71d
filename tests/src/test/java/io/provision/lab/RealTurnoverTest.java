package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each node of a cluster of the real programs leaves it and comes back, one after another, the one
 * that began it last but one: in the end none is the one that it was, and the cluster is the same.
 */
@Tag("long")
class RealTurnoverTest {
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker", "worker");

  private static final List<String> SERVERS = List.of("n1", "n2", "n3");
  private static final List<String> ALL = List.of("n1", "n2", "n3", "n4", "n5");

  @Test
  void ofKubeadm() {
    allAreReplaced(RealCluster::ofKubeadm);
  }

  @Test
  void ofK3s() {
    allAreReplaced(RealCluster::ofK3s);
  }

  private static void allAreReplaced(Function<Lab, RealCluster> of) {
    try (var lab = Lab.of(5)) {
      var cluster = of.apply(lab);
      System.out.println("RealTurnoverTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      inventory(cluster, Set.of());
      lab.provision().json("apply", "cluster.yml").exits(0);
      isWhole(cluster);
      cluster.kubectl(lab.node(1), "create configmap kept --from-literal=word=still-here");
      var before = uids(cluster);
      for (var number : List.of(5, 3, 1, 2, 4)) {
        leavesAndComesBack(cluster, lab.node(number));
      }
      assertThat(cluster.kubectl(lab.node(1), "get configmap kept -o jsonpath={.data.word}"))
          .isEqualTo("still-here");
      assertThat(uids(cluster)).as("each is another Node").doesNotContainAnyElementsOf(before);
      lab.provision().json("reset", "cluster.yml", "--force-remove").exits(0);
      lab.nodes().forEach(cluster::isWiped);
    }
  }

  private static void leavesAndComesBack(RealCluster cluster, Node node) {
    var lab = cluster.lab();
    var stays = lab.node(node.name().equals("n1") ? 2 : 1);
    inventory(cluster, Set.of(node.name()));
    lab.provision()
        .json("apply", "cluster.yml", "--remove", node.name(), "--force-remove")
        .exits(0);
    cluster.isWiped(node);
    cluster.hasMembers(stays, without(SERVERS, node.name()));
    cluster.hasNodes(stays, cluster.newer(), without(ALL, node.name()));
    lab.nothingIsLeftToDo(lab.nodes());

    cluster.letRun(node);
    inventory(cluster, Set.of());
    lab.provision().json("apply", "cluster.yml").exits(0);
    isWhole(cluster);
  }

  private static void isWhole(RealCluster cluster) {
    var lab = cluster.lab();
    cluster.hasMembers(lab.node(1), SERVERS.toArray(String[]::new));
    cluster.hasNodes(lab.node(1), cluster.newer(), ALL.toArray(String[]::new));
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static List<String> uids(RealCluster cluster) {
    return cluster
        .kubectl(
            cluster.lab().node(1),
            "get nodes -o 'jsonpath={range .items[*]}{.metadata.uid}{\"\\n\"}{end}'")
        .lines()
        .toList();
  }

  private static String[] without(List<String> names, String gone) {
    var left = new ArrayList<>(names);
    left.remove(gone);
    return left.toArray(String[]::new);
  }

  private static void inventory(RealCluster cluster, Set<String> leaving) {
    cluster.inventory(cluster.newer(), ROLES, Set.of(), leaving);
  }
}
