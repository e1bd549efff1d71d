package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterApi.Eviction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods that a drain has crowded together; the time limit only ends a hanging test. */
@Timeout(60)
class SpreadAgainTest {
  private static final ObjectRef W1 = ObjectRef.of("v1", "Node", "w1");

  private final FakeNodes nodes = new FakeNodes().node("w1").node("w2").node("w3");
  private final List<String> told = new ArrayList<>();
  private final PassedTime time = new PassedTime();
  private final ClusterActions actions = new ClusterActions(nodes, time, told::add);

  SpreadAgainTest() throws ClusterException {
    inTurn("rotation-in-use");
  }

  /** As a node is that was uncordoned while its turn goes on. */
  private void inTurn(String claim) throws ClusterException {
    nodes.merge(
        W1, Map.of("metadata", Map.of("annotations", Map.of("provision.io/cordoned", claim))));
  }

  private static ObjectRef ref(String kind, String name) {
    return new ObjectRef("apps/v1", kind, Optional.of("shop"), name);
  }

  private void workload(String kind, String name, int replicas) {
    var selector = Map.of("matchLabels", Map.of("app", name));
    nodes.object(
        ref(kind, name), Map.of("spec", Map.of("replicas", replicas, "selector", selector)));
  }

  private void pod(String name, String node, String kind, String of, Eviction... answers) {
    var owner =
        Map.<String, Object>of(
            "apiVersion", "apps/v1", "kind", kind, "name", of, "controller", true);
    nodes.pod(
        name,
        node,
        Map.of("labels", Map.of("app", of), "ownerReferences", List.of(owner)),
        1,
        answers);
    nodes.ready(name);
  }

  /** Three of a workload, all beside each other. */
  private void crowded(String name, Eviction... answers) {
    workload("ReplicaSet", name, 3);
    for (var i = 1; i <= 3; i++) {
      pod(name + i, "w2", "ReplicaSet", name, answers);
    }
  }

  private void spread() throws Exception {
    actions.run(new ClusterAction.SpreadAgain("w1", "rotation", List.of("w2", "w3")));
  }

  private List<String> evictions() {
    return nodes.requests().stream().filter(it -> it.startsWith("evict")).toList();
  }

  @Test
  void oneOfThoseBesideEachOtherIsMovedAndItsSuccessorAwaited() throws Exception {
    crowded("web");
    nodes.instead("web1", "webA", "w1", 4);
    spread();
    assertThat(evictions()).containsExactly("evict Pod shop/web1");
    assertThat(time.pauses()).hasSizeGreaterThan(2);
    assertThat(told)
        .anyMatch(it -> it.contains("until all pods of ReplicaSet shop/web are Ready again, 180 s"))
        .anyMatch(it -> it.contains("a pod each was moved to w1 again, of ReplicaSet shop/web"));
  }

  /** Never two at a time: the second workload begins once the first is whole. */
  @Test
  void oneWorkloadAfterTheOther() throws Exception {
    for (var name : List.of("api", "web")) {
      crowded(name);
      nodes.instead(name + "1", name + "A", "w1", 5);
    }
    spread();
    var requests = nodes.requests();
    assertThat(evictions()).containsExactly("evict Pod shop/api1", "evict Pod shop/web1");
    assertThat(
            requests.subList(
                requests.indexOf("evict Pod shop/api1"), requests.indexOf("evict Pod shop/web1")))
        .filteredOn(it -> it.contains("app in (api)"))
        .hasSizeGreaterThan(4);
  }

  @Test
  void whatIsSpreadAlreadyIsLeftAlone() throws Exception {
    workload("ReplicaSet", "web", 2);
    pod("web1", "w2", "ReplicaSet", "web");
    pod("web2", "w3", "ReplicaSet", "web");
    crowded("api");
    pod("api4", "w1", "ReplicaSet", "api");
    workload("ReplicaSet", "single", 1);
    pod("single1", "w2", "ReplicaSet", "single");
    pod("single2", "w2", "ReplicaSet", "single");
    spread();
    assertThat(nodes.requests()).as("asked about").noneMatch(it -> it.startsWith("list"));
    assertThat(evictions()).isEmpty();
    assertThat(told).isEmpty();
  }

  /** Volumes, selectors and numbers hold pods where they are. */
  @Test
  void whatNeedsItsNodeIsLeftAlone() throws Exception {
    crowded("web");
    for (var i = 1; i <= 3; i++) {
      nodes.uses("web" + i, "files" + i, "pv-" + i);
    }
    workload("StatefulSet", "db", 2);
    pod("db1", "w2", "StatefulSet", "db");
    pod("db2", "w2", "StatefulSet", "db");
    spread();
    assertThat(evictions()).isEmpty();
  }

  @Test
  void aPodOfAnywhereIsOneWithoutAWishForANode() {
    assertThat(anywhere(Map.of())).isTrue();
    assertThat(anywhere(Map.of("volumes", List.of(Map.of("name", "a", "configMap", Map.of())))))
        .isTrue();
    assertThat(anywhere(Map.of("volumes", List.of(Map.of("name", "a", "hostPath", Map.of())))))
        .isFalse();
    assertThat(anywhere(Map.of("nodeSelector", Map.of("disk", "ssd")))).isFalse();
    assertThat(anywhere(Map.of("affinity", Map.of("nodeAffinity", Map.of())))).isFalse();
  }

  private static boolean anywhere(Map<String, Object> spec) {
    return new RawPod(Map.of("spec", spec)).isAnywhere();
  }

  @Test
  void whereOneIsNotReadyNoneIsTaken() throws Exception {
    crowded("web");
    nodes.unready("web2");
    spread();
    assertThat(evictions()).isEmpty();
  }

  @Test
  void aBudgetIsRespectedAndNamed() throws Exception {
    crowded("web", new Eviction.Blocked("the budget 'web' needs 3"));
    crowded("api");
    nodes.instead("api1", "apiA", "w1", 1);
    spread();
    assertThat(evictions()).containsExactly("evict Pod shop/web1", "evict Pod shop/api1");
    assertThat(told)
        .anyMatch(it -> it.contains("shop/web1 stays where it is: the budget 'web' needs 3"));
  }

  @Test
  void aNodeThatNoPodMayGoToGetsNone() throws Exception {
    crowded("web");
    nodes.merge(W1, Map.of("spec", Map.of("unschedulable", true)));
    spread();
    assertThat(evictions()).isEmpty();
    var taints = List.of(Map.of("key", "a", "effect", "NoSchedule"));
    nodes.merge(
        W1, Map.of("spec", new LinkedHashMap<>(Map.of("unschedulable", false, "taints", taints))));
    spread();
    assertThat(evictions()).isEmpty();
    var weak = List.of(Map.of("key", "a", "effect", "PreferNoSchedule"));
    nodes.merge(W1, Map.of("spec", Map.of("taints", weak)));
    nodes.instead("web1", "webA", "w1", 1);
    spread();
    assertThat(evictions()).hasSize(1);
    actions.run(new ClusterAction.SpreadAgain("w9", "rotation", List.of("w2")));
    assertThat(evictions()).as("a node that is not there").hasSize(1);
  }

  /** Another node's may have begun: what is moved then is moved while that one is drained. */
  @Test
  void onceItsTurnIsOverNoneIsMoved() throws Exception {
    crowded("web");
    for (var claim : List.of("rotation", "upgrade-in-use")) {
      inTurn(claim);
      spread();
    }
    actions.run(new ClusterAction.Release("w1", "upgrade"));
    spread();
    assertThat(evictions()).isEmpty();
  }

  @Test
  void whereTheSchedulerPrefersAnotherNodeItIsNotAskedForEver() throws Exception {
    for (var name : List.of("a", "b", "c")) {
      crowded(name);
      nodes.instead(name + "1", name + "9", "w3", 1);
    }
    spread();
    assertThat(evictions()).hasSize(2);
    assertThat(told).noneMatch(it -> it.contains("was moved"));
  }

  @Test
  void oneThatIsNotReadyAgainEndsItAndFailsNothing() throws Exception {
    for (var name : List.of("a", "b")) {
      crowded(name);
      nodes.instead(name + "1", name + "9", "w1", -1);
    }
    spread();
    assertThat(evictions()).hasSize(1);
    assertThat(told).last().asString().contains("not all its pods Ready again after 180 s");
    assertThat(time.pauses().stream().mapToLong(Duration::toSeconds).sum()).isBetween(180L, 190L);
  }

  @Test
  void smallSteps() throws Exception {
    for (var i = 0; i < 12; i++) {
      var name = "w%cb".formatted('a' + i);
      crowded(name);
      nodes.instead(name + "1", name + "9", "w1", 0);
    }
    spread();
    assertThat(evictions()).hasSize(10);
    assertThat(told).last().asString().contains("2 more workloads");
  }

  @Test
  void anApiThatIsSilentForAMomentIsAskedAgainAndOneThatStaysSilentFailsNothing() throws Exception {
    crowded("web");
    nodes.instead("web1", "webA", "w1", 6);
    var breaking =
        new ClusterActions(
            nodes,
            new PassedTime(_ -> {
              if (nodes.requests().stream().filter(it -> it.startsWith("list")).count() == 2) {
                nodes.silent("list", 2);
              }
            }),
            told::add);
    breaking.run(new ClusterAction.SpreadAgain("w1", "rotation", List.of("w2", "w3")));
    assertThat(told).last().asString().contains("moved to w1 again");
    crowded("api");
    nodes.silent("pods", 100);
    spread();
    assertThat(told)
        .last()
        .asString()
        .contains("pods are not spread over w1 again: the API does not answer");
  }
}
