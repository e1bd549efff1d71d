package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.ClusterApi.Eviction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a drain does of which all Ready replicas are on one node. */
@Timeout(60)
class LastReplicasTest {
  private static final ObjectRef W1 = ObjectRef.of("v1", "Node", "w1");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final Eviction BLOCKED = new Eviction.Blocked("the budget 'web' needs 2");

  private final FakeNodes nodes = new FakeNodes().node("w1").node("w2");
  private final List<String> told = new ArrayList<>();
  private final ClusterActions actions = new ClusterActions(nodes, new PassedTime(), told::add);

  private static Map<String, Object> controlledBy(String apiVersion, String kind, String name) {
    return Map.of("apiVersion", apiVersion, "kind", kind, "name", name, "controller", true);
  }

  private static ObjectRef ref(String apiVersion, String kind, String name) {
    return new ObjectRef(apiVersion, kind, Optional.of("shop"), name);
  }

  private static Map<String, Object> spec(Object replicas, String app) {
    return Map.of("replicas", replicas, "selector", Map.of("matchLabels", Map.of("app", app)));
  }

  /** A Deployment with its ReplicaSet. */
  private void deployment(String name, Object replicas) {
    nodes.object(ref("apps/v1", "Deployment", name), Map.of("spec", spec(replicas, name)));
    set(name, name + "-1");
  }

  private void set(String deployment, String name) {
    var owners = List.of(controlledBy("apps/v1", "Deployment", deployment));
    nodes.object(
        ref("apps/v1", "ReplicaSet", name),
        Map.of(
            "metadata", Map.of("namespace", "shop", "ownerReferences", owners),
            "spec", spec(1, deployment)));
  }

  private void pod(String name, String node, Map<String, Object> owner, Eviction... answers) {
    var app = owner.get("name").toString().replaceAll("-.*", "");
    nodes.pod(
        name,
        node,
        Map.of("labels", Map.of("app", app), "ownerReferences", List.of(owner)),
        1,
        answers);
  }

  private void pod(String name, String node, Eviction... answers) {
    pod(name, node, controlledBy("apps/v1", "ReplicaSet", name.charAt(0) + "eb-1"), answers);
  }

  private void drain(Duration timeout) throws Exception {
    actions.run(new ClusterAction.Drain("w1", "upgrade", timeout));
  }

  private List<String> evictions() {
    return nodes.requests().stream().filter(it -> it.startsWith("evict")).toList();
  }

  private String node() {
    return nodes.node(W1).toString();
  }

  private void failsSafely(Duration timeout, String... words) {
    assertThatThrownBy(() -> drain(timeout))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.what()).contains(words);
              assertThat(e.isUnsafe()).isTrue();
              assertThat(e.remedy()).contains("kubectl");
            });
    assertThat(node()).doesNotContain("unschedulable", "provision.io/cordoned");
  }

  @Test
  void oneOfThemGoesFirstAndTheOthersOnceItIsReadyElsewhere() throws Exception {
    deployment("web", 3);
    for (var name : List.of("wa", "wb", "wc")) {
      pod(name, "w1");
      nodes.ready(name).instead(name, name + "2", "w2", 3);
    }
    drain(LONG);
    var requests = nodes.requests();
    var second = requests.indexOf("evict Pod shop/wb");
    assertThat(requests.indexOf("evict Pod shop/wa")).isPositive().isLessThan(second);
    assertThat(requests.subList(0, second))
        .as("looks until it was Ready, with the cordon before all")
        .filteredOn(it -> it.startsWith("list"))
        .hasSizeGreaterThan(3);
    assertThat(requests.indexOf("merge Node w1")).isLessThan(requests.indexOf("evict Pod shop/wa"));
    assertThat(nodes.pods()).containsExactly("wa2", "wb2", "wc2");
    assertThat(told)
        .anySatisfy(it ->
            assertThat(it)
                .contains("waiting for a Ready pod on another node than w1")
                .contains("600 s at most", "Deployment shop/web", "shop/wa2 is not Ready"));
  }

  @Test
  void whereOneIsReadyElsewhereNothingIsWaitedFor() throws Exception {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w2");
    nodes.ready("wa").ready("wb");
    drain(LONG);
    assertThat(nodes.requests()).filteredOn(it -> it.startsWith("list")).hasSize(1);
    assertThat(told).noneMatch(it -> it.contains("waiting"));
  }

  /** While its pods are replaced, a Deployment has those of two ReplicaSets. */
  @Test
  void thePodsOfAnotherReplicaSetOfTheSameDeploymentCount() throws Exception {
    deployment("web", 2);
    set("web", "web-2");
    pod("wa", "w1");
    pod("wb", "w2", controlledBy("apps/v1", "ReplicaSet", "web-2"));
    nodes.ready("wa").ready("wb");
    drain(LONG);
    assertThat(told).noneMatch(it -> it.contains("waiting"));
  }

  /** Whoever has the same labels is not the same workload. */
  @Test
  void aReadyPodOfSomebodyElseDoesNotCount() {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w1");
    pod("stranger", "w2", controlledBy("example.com/v1", "Webs", "web-9"));
    nodes.ready("wa").ready("wb").ready("stranger");
    failsSafely(SHORT, "Deployment shop/web", "no pod of it elsewhere");
  }

  @Test
  void oneThatIsEndingElsewhereDoesNotCount() throws Exception {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w1");
    pod("wc", "w2");
    nodes.ready("wa").ready("wb").ready("wc");
    nodes.evict(ref("v1", "Pod", "wc"));
    failsSafely(SHORT, "Deployment shop/web");
  }

  @Test
  void whereNoneComesTheWorkloadIsNamedAndTheNodeGivenBack() {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w1");
    nodes.ready("wa").ready("wb").instead("wa", "wa2", "", -1);
    failsSafely(SHORT, "w1 was not drained", "Deployment shop/web", "shop/wa2");
    assertThat(evictions()).as("one, once").containsExactly("evict Pod shop/wa");
    assertThat(nodes.pods()).contains("wb");
  }

  /** One that is Ready nowhere else must not be the one to go. */
  @Test
  void theOnlyReadyOneIsNotTheOneThatGoesFirst() throws Exception {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w1");
    nodes.ready("wa").instead("wb", "wb2", "w2", 2);
    drain(LONG);
    assertThat(evictions()).containsExactly("evict Pod shop/wb", "evict Pod shop/wa");
  }

  @Test
  void theOnlyOneWaitsForAnotherOneThatComesByItself() {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w2");
    nodes.ready("wa");
    failsSafely(SHORT, "Deployment shop/web", "shop/wb is not Ready");
    assertThat(evictions()).isEmpty();
  }

  @Test
  void whatIsReadyNowhereHasNothingThatCouldBeKept() throws Exception {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w1");
    drain(LONG);
    assertThat(nodes.pods()).isEmpty();
    assertThat(told).noneMatch(it -> it.contains("waiting"));
  }

  /** What was left of it here may break meanwhile. */
  @Test
  void oneThatWasAskedToGoIsWaitedForEvenIfNoneIsReadyAnyMore() throws Exception {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w1");
    nodes.ready("wa").ready("wb").instead("wa", "wa2", "w2", 4);
    var breaking = new ClusterActions(nodes, new PassedTime(_ -> nodes.unready("wb")), told::add);
    breaking.run(new ClusterAction.Drain("w1", "upgrade", LONG));
    var requests = nodes.requests();
    assertThat(requests.subList(0, requests.indexOf("evict Pod shop/wb")))
        .filteredOn(it -> it.startsWith("list"))
        .hasSizeGreaterThan(4);
  }

  @Test
  void aStatefulSetIsKeptToo() {
    var owner = controlledBy("apps/v1", "StatefulSet", "db");
    nodes.object(ref("apps/v1", "StatefulSet", "db"), Map.of("spec", spec(2, "db")));
    pod("db-0", "w1", owner);
    pod("db-1", "w1", owner);
    nodes.ready("db-0").ready("db-1");
    failsSafely(SHORT, "StatefulSet shop/db");
  }

  @Test
  void whatABudgetHoldsIsNamedByIt() {
    deployment("web", 2);
    pod("wa", "w1", BLOCKED);
    pod("wb", "w1", BLOCKED);
    nodes.ready("wa").ready("wb");
    failsSafely(SHORT, "Deployment shop/web (shop/wa: the budget 'web' needs 2)");
  }

  @Test
  void twoBudgetsAreNotWaitedFor() {
    deployment("web", 2);
    pod("wa", "w1", new Eviction.Never("it has two budgets"));
    pod("wb", "w1");
    nodes.ready("wa").ready("wb");
    failsSafely(LONG, "pod shop/wa cannot be evicted", "it has two budgets");
  }

  @Test
  void whatHasOneReplicaIsOnlyNamed() throws Exception {
    for (var name : List.of("aeb", "beb", "ceb", "deb", "eeb", "feb")) {
      deployment(name, 1);
      pod(name.charAt(0) + "1", "w1");
      nodes.ready(name.charAt(0) + "1");
    }
    drain(LONG);
    assertThat(nodes.pods()).isEmpty();
    assertThat(told)
        .containsOnlyOnce(
            "note: what has one replica is away until it is Ready on another node than w1:"
                + " Deployment shop/aeb, Deployment shop/beb, Deployment shop/ceb, Deployment"
                + " shop/deb, Deployment shop/eeb and 1 more");
  }

  /** As an API that says something else than it should. */
  @Test
  void whatIsNotAsItShouldBeIsTakenForOneReplica() throws Exception {
    deployment("web", "many");
    pod("wa", "w1");
    pod("wb", "w1", controlledBy("apps/v1", "ReplicaSet", "gone-1"));
    nodes.ready("wa").ready("wb");
    drain(LONG);
    assertThat(nodes.pods()).isEmpty();
  }

  @Test
  void anApiThatIsSilentForAMomentIsAskedAgain() throws Exception {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w1");
    nodes.ready("wa").ready("wb").instead("wa", "wa2", "w2", 1);
    nodes.silent("list", 2);
    drain(LONG);
    assertThat(nodes.pods()).containsExactly("wa2");
    assertThat(told).filteredOn(it -> it.startsWith("note: what has one")).isEmpty();
  }

  @Test
  void anApiThatStaysSilentEndsIt() {
    deployment("web", 2);
    pod("wa", "w1");
    nodes.ready("wa");
    nodes.silent("list", 100);
    assertThatThrownBy(() -> drain(LONG)).hasMessageContaining("the API does not answer");
    assertThat(node()).doesNotContain("unschedulable", "provision.io/cordoned");
  }

  private void turn(String... holders) throws Exception {
    for (var holder : holders) {
      if (!holder.equals("w1")) {
        nodes.node(holder);
      }
      var beside = List.of(holders);
      actions.run(new ClusterAction.TakeTurn(holder, new Company(beside, holders.length)));
      actions.run(new ClusterAction.ClaimInTurn(holder, "upgrade"));
    }
  }

  private void oneHereAndOneThere() {
    deployment("web", 2);
    pod("wa", "w1");
    pod("wb", "w2");
    nodes.ready("wa").ready("wb");
  }

  /**
   * Two that are emptied at the same time would each take the other's pod for the one that stays.
   */
  @Test
  void whatRunsOnANodeWhoseTurnCameBeforeDoesNotCount() throws Exception {
    oneHereAndOneThere();
    turn("w2", "w1");
    failsSafely(SHORT, "waiting for a Ready pod on another node of Deployment shop/web");
    assertThat(evictions()).isEmpty();
  }

  @Test
  void oneOfTheTwoGoesAllTheSame() throws Exception {
    oneHereAndOneThere();
    turn("w1", "w2");
    drain(LONG);
    assertThat(evictions()).containsExactly("evict Pod shop/wa");
  }

  /** A run that was killed before it claimed its node empties nothing. */
  @Test
  void whoseTurnNobodyClaimsForCountsAfterAWhile() throws Exception {
    oneHereAndOneThere();
    actions.run(new ClusterAction.TakeTurn("w2"));
    drain(LONG);
    assertThat(evictions()).containsExactly("evict Pod shop/wa");
    assertThat(told).anyMatch(it -> it.contains("waiting for a Ready pod on another node"));
  }

  /** An upgrade takes no turn: whoever has one goes before it. */
  @Test
  void whoHasNoTurnWaitsForAllWhoHave() throws Exception {
    oneHereAndOneThere();
    turn("w2");
    failsSafely(SHORT, "waiting for a Ready pod on another node of Deployment shop/web");
  }
}
