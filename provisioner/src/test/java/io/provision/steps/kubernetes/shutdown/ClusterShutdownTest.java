package io.provision.steps.kubernetes.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Role;
import io.provision.steps.kubernetes.Cases;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A whole cluster goes down and comes up, in order, and whoever is killed in between. */
final class ClusterShutdownTest {
  private static PretendCluster cluster() {
    return new PretendCluster(
        Cases.host("cp1", 1, Set.of(Role.CONTROL_PLANE, Role.STORAGE), Map.of()),
        Cases.server(2),
        Cases.server(3),
        Cases.host("w1", 101, Set.of(Role.WORKER, Role.STORAGE), Map.of()),
        Cases.agent(2),
        Cases.host("s1", 51, Set.of(Role.STORAGE), Map.of()));
  }

  @Test
  void podsGoBeforeWorkersWorkersBeforeControlPlanesAndStorageIsLast() {
    var cluster = cluster();
    assertThat(cluster.stop()).isEmpty();
    assertThat(cluster.isStopped()).isTrue();
    assertThat(cluster.cordoned()).containsExactlyInAnyOrder("cp1", "cp2", "cp3", "w1", "w2");
    assertThat(cluster.done)
        .containsSubsequence(
            "claim cp1",
            "claim w2",
            "end pods of w1",
            "await volumes off w1",
            "end pods of cp1",
            "stop_node w1",
            "let_go w1",
            "stop_node cp1",
            "let_go cp1",
            "let_go s1",
            "end_bricks cp1")
        .containsSubsequence("end pods of w2", "end pods of cp1")
        .containsSubsequence("stop_node w2", "stop_node cp1")
        .containsSubsequence("let_go s1", "end_bricks w1", "mark w1 stopped");
  }

  @Test
  void storageComesFirstThenControlPlanesThenWorkersAndPodsOnceAllAreThere() {
    var cluster = cluster();
    assertThat(cluster.stop()).isEmpty();
    cluster.done.clear();
    assertThat(cluster.start()).isEmpty();
    assertThat(cluster.isAsBefore()).isTrue();
    assertThat(cluster.cordoned()).isEmpty();
    for (var first : List.of("begin_bricks cp1", "begin_bricks w1", "begin_bricks s1")) {
      for (var server : List.of("cp1", "cp2", "cp3")) {
        for (var agent : List.of("w1", "w2")) {
          assertThat(cluster.done)
              .containsSubsequence(
                  first,
                  "use " + server,
                  "begin_node " + server,
                  "await_cluster_api " + server,
                  "begin_node " + agent,
                  "await %s to be heard of anew".formatted(agent),
                  "release " + server,
                  "mark_in_use " + server);
          assertThat(cluster.done).containsSubsequence("begin_node w2", "release " + agent);
        }
      }
    }
  }

  /** Hosts are not equally fast: what one does, others may not have come to yet. */
  @Test
  void nobodyGoesAheadOfThoseWhoComeBefore() {
    for (var lastFirst : List.of(true, false)) {
      var cluster = cluster().eagerly(lastFirst);
      assertThat(cluster.stop()).isEmpty();
      assertThat(cluster.isStopped()).isTrue();
      assertThat(cluster.start()).isEmpty();
      assertThat(cluster.isAsBefore()).isTrue();
      var released = cluster.done.stream().filter(it -> it.startsWith("release")).findFirst();
      var last = cluster.done.stream().filter(it -> it.startsWith("begin_node")).toList().getLast();
      assertThat(cluster.done).containsSubsequence(last, released.orElseThrow());
      var server = cluster.done.indexOf("await_cluster_api cp3");
      assertThat(cluster.done.indexOf("begin_node w1")).isGreaterThan(server);
    }
  }

  @Test
  void aSecondStopAndASecondStartHaveNothingToDo() {
    var cluster = cluster();
    assertThat(cluster.start()).isEmpty();
    assertThat(cluster.done).as("of a cluster that was never stopped").isEmpty();
    assertThat(cluster.stop()).isEmpty();
    cluster.done.clear();
    assertThat(cluster.stop()).isEmpty();
    assertThat(cluster.done).isEmpty();
    assertThat(cluster.start()).isEmpty();
    cluster.done.clear();
    assertThat(cluster.start()).isEmpty();
    assertThat(cluster.done).isEmpty();
  }

  /** Before each action there is, and gone on from in both directions. */
  @Test
  void aKilledStopIsGoneOnFromAndTakenBack() {
    var actions = 0;
    for (var goesOn = true; goesOn; actions++) {
      var onwards = cluster();
      goesOn = onwards.killed(actions, onwards::stop);
      assertThat(onwards.stop()).as("%d actions", actions).isEmpty();
      assertThat(onwards.isStopped()).as("%d actions: %s", actions, onwards.done).isTrue();
      assertThat(onwards.start()).as("%d actions", actions).isEmpty();
      assertThat(onwards.isAsBefore()).as("%d actions: %s", actions, onwards.done).isTrue();

      var back = cluster();
      var _ = back.killed(actions, back::stop);
      assertThat(back.start()).as("%d actions", actions).isEmpty();
      assertThat(back.isAsBefore()).as("%d actions: %s", actions, back.done).isTrue();
      assertThat(back.cordoned()).as("%d actions", actions).isEmpty();
    }
    assertThat(actions).isGreaterThan(40);
  }

  @Test
  void aKilledStartIsGoneOnFromAndTakenBack() {
    var actions = 0;
    for (var goesOn = true; goesOn; actions++) {
      var onwards = cluster();
      assertThat(onwards.stop()).isEmpty();
      goesOn = onwards.killed(actions, onwards::start);
      assertThat(onwards.start()).as("%d actions", actions).isEmpty();
      assertThat(onwards.isAsBefore()).as("%d actions: %s", actions, onwards.done).isTrue();
      assertThat(onwards.cordoned()).as("%d actions", actions).isEmpty();

      var back = cluster();
      assertThat(back.stop()).isEmpty();
      var _ = back.killed(actions, back::start);
      assertThat(back.stop()).as("%d actions", actions).isEmpty();
      assertThat(back.isStopped()).as("%d actions: %s", actions, back.done).isTrue();
    }
    assertThat(actions).isGreaterThan(30);
  }

  /** What is enabled begins at a boot; nodes are cordoned until all are there. */
  @Test
  void afterAPowerCutStartGivesBackWhatHasBegunByItselfWhereverStopHadCome() {
    for (var actions = 1; actions < 60; actions++) {
      var cluster = cluster();
      var _ = cluster.killed(actions, cluster::stop);
      cluster.loseItsPower();
      assertThat(cluster.start()).as("%d actions", actions).isEmpty();
      assertThat(cluster.isAsBefore()).as("%d actions: %s", actions, cluster.done).isTrue();
      assertThat(cluster.cordoned()).as("%d actions", actions).isEmpty();
    }
  }

  @Test
  void aStoppedClusterThatBootedIsStoppedAgain() {
    var cluster = cluster();
    assertThat(cluster.stop()).isEmpty();
    cluster.loseItsPower();
    assertThat(cluster.stop()).isEmpty();
    assertThat(cluster.isStopped()).isTrue();
  }

  /** While it comes up, too, and then in either direction. */
  @Test
  void afterAPowerCutInTheMiddleOfAStartItIsGoneOnFromAndTakenBack() {
    for (var actions = 1; actions < 60; actions++) {
      var onwards = cluster();
      assertThat(onwards.stop()).isEmpty();
      var _ = onwards.killed(actions, onwards::start);
      onwards.loseItsPower();
      var wasUp = onwards.isMarked();
      assertThat(onwards.start()).as("%d actions", actions).isEmpty();
      assertThat(!wasUp || onwards.isAsBefore())
          .as("%d actions: %s", actions, onwards.done)
          .isTrue();
    }
  }

  @Test
  void whatIsNotWellIsNamedAndNothingIsTouched() {
    var brick = cluster();
    brick.brickDown("s1");
    assertThat(brick.stop().get("cp1")).isEqualTo("shutdown-claimed: a brick of s1 is down");
    assertThat(brick.done).isEmpty();

    var node = cluster();
    node.nodeDown("w2");
    assertThat(node.stop().get("cp1")).contains("node w2 is not Ready");
    assertThat(node.done).isEmpty();

    var server = cluster();
    server.nodeDown("cp2");
    assertThat(server.stop().get("cp1"))
        .contains("the API server of cp2 does not answer", "node cp2 is not Ready");

    var claimed = cluster();
    claimed.claimedFor("w1", "rotation");
    assertThat(claimed.stop().get("cp1")).contains("w1 is out of use", "rotation");
    assertThat(claimed.done).isEmpty();

    var stranger = cluster();
    stranger.strangers.add("w9");
    assertThat(stranger.stop().get("cp1")).contains("has a node w9");
    assertThat(stranger.done).isEmpty();
  }

  /** It was well when it was begun; half of it is down by now. */
  @Test
  void aStopThatIsGoneOnWithIsNotAskedWhetherAllIsWell() {
    var cluster = cluster();
    assertThat(cluster.killed(3, cluster::stop)).isTrue();
    cluster.nodeDown("w2");
    assertThat(cluster.stop()).isEmpty();
    assertThat(cluster.isStopped()).isTrue();
  }

  /** The others are of use without it, and the same command tries it again. */
  @Test
  void aNodeThatDoesNotComeKeepsNoOtherAndAllControlPlanesAwayKeepAllWorkers() {
    for (var name : List.of("w1", "cp2")) {
      var cluster = cluster();
      assertThat(cluster.stop()).isEmpty();
      cluster.neverComes(name, true);
      assertThat(cluster.start().keySet()).as(name).containsExactly(name);
      assertThat(cluster.cordoned()).containsExactly(name);
      cluster.neverComes(name, false);
      assertThat(cluster.start()).isEmpty();
      assertThat(cluster.isAsBefore()).as(name).isTrue();
    }
    var again = cluster();
    assertThat(again.stop()).isEmpty();
    again.neverComes("cp1", true);
    assertThat(again.start()).isNotEmpty();
    assertThat(again.stop()).as("by the API of one that came").isEmpty();
    assertThat(again.isStopped()).isTrue();

    var none = cluster();
    assertThat(none.stop()).isEmpty();
    none.done.clear();
    List.of("cp1", "cp2", "cp3").forEach(name -> none.neverComes(name, true));
    assertThat(none.start()).hasSize(6);
    assertThat(none.done).noneMatch(it -> it.contains("begin_node w"));
  }

  @Test
  void volumesThatAreNotWholeKeepAllNodesDown() {
    var cluster = cluster();
    assertThat(cluster.stop()).isEmpty();
    cluster.done.clear();
    cluster.neverServes("w1");
    assertThat(cluster.start().get("cp1")).isEqualTo("start-storage: a brick of w1 is down");
    assertThat(cluster.done).noneMatch(it -> it.startsWith("begin_node") || it.startsWith("use"));
  }

  @Test
  void aHostThatIsAwayKeepsAllFromGoingDownAndFromComingUp() {
    for (var name : List.of("cp1", "w2", "s1")) {
      var cluster = cluster();
      cluster.away(name);
      assertThat(cluster.stop()).hasSize(6);
      assertThat(cluster.done).as(name).isEmpty();
      var stopped = cluster();
      assertThat(stopped.stop()).isEmpty();
      stopped.done.clear();
      stopped.away(name);
      assertThat(stopped.start()).isNotEmpty();
      assertThat(stopped.done).as(name).isEmpty();
    }
  }

  @Test
  void whatSomebodyElseHasCordonedStaysTheirs() {
    var cluster = cluster();
    cluster.cordonedBySomebody("w2");
    assertThat(cluster.stop()).isEmpty();
    assertThat(cluster.start()).isEmpty();
    assertThat(cluster.cordoned()).containsExactly("w2");
  }

  @Test
  void aClusterOfOneNodeGoesTheSameWay() {
    var cluster =
        new PretendCluster(
            Cases.host("cp1", 1, Set.of(Role.CONTROL_PLANE, Role.WORKER, Role.STORAGE), Map.of()));
    assertThat(cluster.stop()).isEmpty();
    assertThat(cluster.isStopped()).isTrue();
    assertThat(cluster.start()).isEmpty();
    assertThat(cluster.isAsBefore()).isTrue();
  }
}
