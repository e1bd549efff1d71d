package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.ClusterApi.Eviction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The pods of a node end where the whole cluster stops; the time limit only ends a hanging test.
 */
@Timeout(60)
class PodsEndTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final FakeNodes nodes = new FakeNodes().node("w1").node("w2");
  private final List<String> told = new ArrayList<>();
  private final ClusterActions actions = new ClusterActions(nodes, new PassedTime(), told::add);

  private void end(Duration timeout) throws Exception {
    actions.run(new ClusterAction.EndPods("w1", timeout));
  }

  private static Map<String, Object> mirror() {
    return Map.of("annotations", Map.of("kubernetes.io/config.mirror", "x"));
  }

  @Test
  void itsPodsAreDeletedOnceWhateverABudgetSaysAndThoseOfOtherNodesStay() throws Exception {
    nodes
        .pod("web", "w1", FakeNodes.owner("ReplicaSet"), 3, new Eviction.Blocked("a budget"))
        .pod("db", "w1", FakeNodes.owner("StatefulSet"), 2)
        .pod("api", "w2");
    end(LONG);
    assertThat(nodes.pods()).containsExactly("api");
    assertThat(nodes.requests())
        .filteredOn(it -> it.startsWith("delete") || it.startsWith("evict"))
        .satisfiesExactlyInAnyOrder(
            it -> assertThat(it).startsWith("delete").contains("web"),
            it -> assertThat(it).startsWith("delete").contains("db"));
    assertThat(told).anyMatch(it -> it.contains("waiting for pods on w1") && it.contains("600 s"));
  }

  @Test
  void whatWouldComeBackAtOnceStaysAndSoDoesWhatNobodyWouldMakeAnew() throws Exception {
    nodes
        .pod("agent", "w1", FakeNodes.owner("DaemonSet"), 1)
        .pod("kube-apiserver", "w1", mirror(), 1)
        .pod("mine", "w1", Map.of(), 1);
    end(LONG);
    assertThat(nodes.pods()).containsExactly("agent", "kube-apiserver", "mine");
    assertThat(nodes.requests()).noneMatch(it -> it.startsWith("delete"));
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("note: ")
        .contains("shop/mine")
        .doesNotContain("agent", "apiserver");
  }

  @Test
  void oneThatGoesAlreadyIsWaitedForAlone() throws Exception {
    var going = new HashMap<>(FakeNodes.owner("ReplicaSet"));
    going.put("deletionTimestamp", "a moment ago");
    nodes.pod("web", "w1", going, 3);
    end(LONG);
    assertThat(nodes.pods()).isEmpty();
    assertThat(nodes.requests()).noneMatch(it -> it.startsWith("delete"));
  }

  @Test
  void whatDoesNotEndIsNamedWithWhatHoldsIt() {
    var held = new HashMap<>(FakeNodes.owner("ReplicaSet"));
    held.put("finalizers", List.of("example.com/slow"));
    nodes.pod("web", "w1", held, 1_000_000).pod("db", "w1", FakeNodes.owner("Job"), 1_000_000);
    assertThatThrownBy(() -> end(Duration.ZERO))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.what())
                  .contains("pods on w1", "shop/web (finalizer example.com/slow)", "shop/db");
              assertThat(e.remedy()).contains("provision start");
            });
  }

  @Test
  void anApiThatIsSilentForAMomentIsAskedAgainAndOneThatStaysSilentIsNot() throws Exception {
    nodes.pod("web", "w1");
    nodes.silent("pods", 2);
    end(LONG);
    assertThat(nodes.pods()).isEmpty();
    nodes.silent("pods", 3);
    assertThatThrownBy(() -> end(LONG)).hasMessageContaining("does not answer");
  }

  @Test
  void aClaimCordonsAndLeavesItsPodsAndIsNotTakenFromSomebodyElse() throws Exception {
    nodes.pod("web", "w1");
    actions.run(new ClusterAction.Claim("w1", "stop"));
    assertThat(nodes.node(ObjectRef.of("v1", "Node", "w1")).toString())
        .contains("unschedulable=true", "provision.io/cordoned=stop");
    assertThat(nodes.pods()).containsExactly("web");

    var w2 = ObjectRef.of("v1", "Node", "w2");
    nodes.merge(w2, Map.of("spec", Map.of("unschedulable", true)));
    actions.run(new ClusterAction.Claim("w2", "stop"));
    actions.run(new ClusterAction.Release("w2", "stop"));
    assertThat(nodes.node(w2).toString())
        .contains("unschedulable=true")
        .doesNotContain("provision.io");
  }
}
