package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.ClusterApi.Eviction;
import io.provision.model.rotation.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node taken out of use and back; the time limit only ends a hanging test. */
@Timeout(60)
class NodeDrainTest {
  private static final ObjectRef W1 = ObjectRef.of("v1", "Node", "w1");
  private static final Eviction BLOCKED = new Eviction.Blocked("the budget 'web' needs 2");
  private static final Duration LONG = Duration.ofMinutes(10);

  private final FakeNodes nodes = new FakeNodes().node("w1").node("w2");
  private final List<String> told = new ArrayList<>();
  private final ClusterActions actions = new ClusterActions(nodes, new PassedTime(), told::add);

  private void drain(Duration timeout) throws Exception {
    actions.run(new ClusterAction.Drain("w1", "upgrade", timeout));
  }

  private void release() throws Exception {
    actions.run(new ClusterAction.Release("w1", "upgrade"));
  }

  private String node() {
    return nodes.node(W1).toString();
  }

  private void failsAndGivesBack(Duration timeout, String... words) {
    fails(() -> drain(timeout), words);
    assertThat(node()).doesNotContain("unschedulable", "provision.io/cordoned");
  }

  private static void fails(ThrowingCallable action, String... words) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.what()).contains(words);
              assertThat(e.remedy()).isNotBlank();
            });
  }

  @Test
  void itsPodsGoAndThoseOfOtherNodesStay() throws Exception {
    nodes.pod("web", "w1").pod("db", "w1", FakeNodes.owner("StatefulSet"), 3).pod("api", "w2");
    drain(LONG);
    assertThat(nodes.pods()).containsExactly("api");
    assertThat(node()).contains("unschedulable=true", "provision.io/cordoned=upgrade");

    release();
    assertThat(node()).doesNotContain("unschedulable", "provision.io/cordoned");
  }

  private List<Fact> learnt(Duration timeout, ClusterAction... actions) throws Exception {
    var learnt = new ArrayList<Fact>();
    var told = new ClusterActions(nodes, new PassedTime(), _ -> {}, learnt::add);
    try {
      told.run(new ClusterAction.Drain("w1", "rotation", timeout));
      for (var action : actions) {
        told.run(action);
      }
    } catch (ClusterException _) {
      // what was learnt until then counts
    }
    return learnt;
  }

  @Test
  void howManyPodsRanThereIsLearntBeforeAndOnceItIsBack() throws Exception {
    nodes
        .pod("web", "w1")
        .pod("db", "w1")
        .pod("api", "w2")
        .pod("log", "w1", FakeNodes.owner("DaemonSet"), 3);
    assertThat(learnt(LONG, new ClusterAction.Release("w1", "rotation")))
        .containsExactly(new Fact.Pods(3), new Fact.OutOfUse(), new Fact.InUse(), new Fact.Pods(1));
  }

  @Test
  void thatANodeWasGivenBackSinceItWouldNotBeEmptiedIsLearnt() throws Exception {
    nodes.pod("web", "w1", BLOCKED);
    assertThat(learnt(Duration.ofSeconds(3)))
        .containsExactly(new Fact.Pods(1), new Fact.OutOfUse(), new Fact.InUse());
  }

  @Test
  void aNodeThatIsNotOursIsNotSaidToBeGivenBack() throws Exception {
    assertThat(learnt(LONG, new ClusterAction.Release("w1", "another")))
        .containsExactly(new Fact.Pods(0), new Fact.OutOfUse());
  }

  @Test
  void whatSomebodyElseHasCordonedIsRefused() throws Exception {
    var ours = new ClusterAction.RefuseForeign("w1", "rotation");
    actions.run(ours);
    nodes.merge(W1, Map.of("spec", Map.of("unschedulable", true)));
    fails(() -> actions.run(ours), "somebody has cordoned w1");
    actions.run(new ClusterAction.RefuseClaimed("w1"));

    nodes.merge(
        W1, Map.of("metadata", Map.of("annotations", Map.of("provision.io/cordoned", "upgrade"))));
    fails(() -> actions.run(ours), "w1 is out of use", "upgrade");
    actions.run(new ClusterAction.RefuseForeign("w1", "upgrade"));
    fails(() -> actions.run(new ClusterAction.RefuseClaimed("w1")), "w1 is out of use", "upgrade");
  }

  /** It would be removed as ours in the end. */
  @Test
  void aCordonThatComesAtThatMomentIsNotTakenForOurOwn() throws Exception {
    cordonedOnceItWasRead(1);
    drain(LONG);
    assertThat(node()).contains("unschedulable=true").doesNotContain("provision.io/cordoned");
    release();
    assertThat(node()).contains("unschedulable=true");
  }

  /** Else each pod that is evicted could come back, to be evicted again for ten minutes. */
  @Test
  void whereSomebodyUncordonsItTheDrainIsOver() {
    nodes.pod("web", "w1", BLOCKED);
    var time = new PassedTime(_ -> nodes.cordon("w1", false));
    fails(
        () ->
            new ClusterActions(nodes, time, told::add)
                .run(new ClusterAction.Drain("w1", "upgrade", LONG)),
        "somebody has uncordoned w1");
    assertThat(time.pauses().size()).isLessThan(10);
    assertThat(node()).doesNotContain("unschedulable=true", "provision.io/cordoned");
  }

  @Test
  void whatSomebodyHasUncordonedSinceIsRefused() throws Exception {
    var ours = new ClusterAction.RefuseUncordoned("w1");
    drain(LONG);
    actions.run(ours);
    nodes.cordon("w1", false);
    fails(() -> actions.run(ours), "somebody has uncordoned w1");
  }

  @Test
  void aNodeThatChangesAllTheTimeIsNotClaimed() {
    cordonedOnceItWasRead(0);
    fails(() -> drain(LONG), "w1 was changed by somebody else", "10 times");
    assertThat(node()).doesNotContain("unschedulable", "provision.io/cordoned");
  }

  /**
   * Somebody is faster each time.
   *
   * @param left how often that one leaves it cordoned
   */
  private void cordonedOnceItWasRead(int left) {
    nodes.meanwhile(
        "merge",
        () -> {
          nodes.cordon("w1", true);
          nodes.cordon("w1", left > 0);
        });
  }

  @Test
  void aNodeThatThereIsNotIsRefusedAsOursAndNotAsAnother() throws Exception {
    fails(
        () -> actions.run(new ClusterAction.RefuseForeign("w9", "rotation")),
        "the cluster has no node w9");
    actions.run(new ClusterAction.RefuseClaimed("w9"));
  }

  @Test
  void podsOfDaemonSetsAndOfTheKubeletItselfStay() throws Exception {
    var mirror = Map.<String, Object>of("annotations", Map.of("kubernetes.io/config.mirror", "1"));
    nodes
        .pod("flannel", "w1", FakeNodes.owner("DaemonSet"), 1)
        .pod("apiserver", "w1", mirror, 1)
        .pod("web", "w1");
    drain(LONG);
    assertThat(nodes.pods()).containsExactly("flannel", "apiserver");
  }

  @Test
  void aPodIsAskedAgainUntilItsBudgetLetsItGo() throws Exception {
    nodes.pod("web", "w1", BLOCKED, BLOCKED, new Eviction.Going());
    drain(LONG);
    assertThat(nodes.pods()).isEmpty();
    assertThat(told).contains("draining w1: shop/web: the budget 'web' needs 2");
  }

  @Test
  void aPodThatStaysIsNamedWithItsBudgetAndTheNodeGivenBack() {
    nodes.pod("web", "w1", BLOCKED).pod("db", "w1");
    failsAndGivesBack(
        Duration.ofSeconds(20), "w1 could not be drained", "shop/web: the budget 'web' needs 2");
  }

  @Test
  void ofManyPodsThatStaySomeAreNamedAndTheRestIsCounted() {
    for (var i = 1; i <= 7; i++) {
      nodes.pod("web" + i, "w1", BLOCKED);
    }
    failsAndGivesBack(Duration.ofSeconds(20), "shop/web5", "and 2 more");
    nodes.pod("web6", "w2").pod("web7", "w2");
    assertThatThrownBy(() -> drain(Duration.ofSeconds(20)))
        .hasMessageContaining("shop/web5")
        .hasMessageNotContaining("more");
  }

  /** Its budget is asked about less often than who is still there. */
  @Test
  void aPodThatIsBlockedIsNotAskedWithEveryLook() {
    nodes.pod("web", "w1", BLOCKED);
    var looks = new java.util.concurrent.atomic.AtomicInteger();
    var some =
        new ClusterActions(
            nodes,
            new PassedTime(_ -> {
              if (looks.incrementAndGet() == 10) {
                throw new IllegalStateException("enough");
              }
            }),
            told::add);
    assertThatThrownBy(() -> some.run(new ClusterAction.Drain("w1", "upgrade", LONG)))
        .hasMessage("enough");
    assertThat(nodes.requests()).filteredOn(it -> it.startsWith("evict")).hasSize(2);
    assertThat(told).as("the same is told once").hasSize(1);
  }

  @Test
  void twoBudgetsOnOnePodAreNotWaitedFor() {
    nodes.pod("web", "w1", new Eviction.Never("it has two budgets"));
    failsAndGivesBack(LONG, "pod shop/web cannot be evicted", "it has two budgets");
    assertThat(nodes.requests()).filteredOn(it -> it.startsWith("evict")).hasSize(1);
  }

  @Test
  void whatNothingWouldBringBackIsRefusedBeforeTheFirstEviction() {
    nodes.pod("web", "w1").pod("alone", "w1", Map.of(), 1);
    failsAndGivesBack(LONG, "shop/alone");
    assertThat(nodes.requests())
        .as("nothing is changed")
        .containsExactly("pods w1", "read Node w1");
  }

  /** As in its turn: nothing of it may stay out of use. */
  @Test
  void whatIsRefusedBeforeTheFirstEvictionGivesAClaimedNodeBack() throws Exception {
    actions.run(new ClusterAction.Claim("w1", "upgrade"));
    nodes.pod("alone", "w1", Map.of(), 1);
    failsAndGivesBack(LONG, "shop/alone");
    actions.run(new ClusterAction.Claim("w1", "upgrade"));
    nodes.silent("pods", 1);
    failsAndGivesBack(LONG, "the API does not answer");
  }

  /** Who is only named by a pod does not bring it back. */
  @Test
  void anOwnerThatIsNoControllerBringsNothingBack() {
    var named = List.of(Map.of("kind", "ReplicaSet", "controller", false));
    nodes.pod("web", "w1", Map.of("ownerReferences", named), 1);
    failsAndGivesBack(LONG, "shop/web");
  }

  @Test
  void aFaultWithoutWordsIsNamedByItsKind() {
    nodes.pod("web", "w1", BLOCKED);
    fails(
        () ->
            new ClusterActions(
                    nodes,
                    new PassedTime(_ -> {
                      nodes.silent("read", 100);
                      throw new IllegalStateException();
                    }),
                    told::add)
                .run(new ClusterAction.Drain("w1", "upgrade", LONG)),
        "IllegalStateException",
        "w1 stays cordoned");
  }

  @Test
  void aNodeThatIsDeletedIsThereNoMore() throws Exception {
    actions.run(new ClusterAction.Delete(W1));
    assertThat(nodes.read(W1)).isEmpty();
    assertThat(nodes.read(ObjectRef.of("v1", "Node", "w2"))).isPresent();
  }

  @Test
  void aCordonOfSomebodyElseStays() throws Exception {
    nodes.merge(W1, Map.of("spec", Map.of("unschedulable", true)));
    drain(LONG);
    release();
    assertThat(node()).contains("unschedulable=true").doesNotContain("provision.io");
  }

  @Test
  void aClaimOfAnotherPurposeStays() throws Exception {
    drain(LONG);
    actions.run(new ClusterAction.Release("w1", "reboot"));
    assertThat(node()).contains("unschedulable=true", "provision.io/cordoned=upgrade");
  }

  @Test
  void aKilledRunIsFinishedByTheNextOne() throws Exception {
    drain(LONG);
    drain(LONG);
    release();
    release();
    assertThat(node()).doesNotContain("unschedulable", "provision.io");
  }

  @Test
  void aNodeThatTheClusterDoesNotHaveIsNamedAndNotMade() throws Exception {
    fails(() -> actions.run(new ClusterAction.Drain("w9", "upgrade", LONG)), "has no node w9");
    actions.run(new ClusterAction.Release("w9", "upgrade"));
    assertThat(nodes.requests()).noneMatch(it -> it.startsWith("merge"));
  }

  @Test
  void anApiThatIsSilentForAMomentIsAskedAgain() throws Exception {
    nodes.pod("web", "w1");
    nodes.silent("evict", 2);
    drain(LONG);
    assertThat(nodes.pods()).isEmpty();
  }

  @Test
  void anApiThatStaysSilentEndsIt() {
    nodes.pod("web", "w1");
    nodes.silent("evict", 100);
    failsAndGivesBack(LONG, "the API does not answer");
    assertThat(nodes.requests()).filteredOn(it -> it.startsWith("evict")).hasSize(3);
  }

  @Test
  void aNodeThatCannotBeGivenBackIsNamed() {
    nodes.pod("web", "w1", BLOCKED);
    fails(
        () ->
            new ClusterActions(
                    nodes,
                    new PassedTime(_ -> {
                      nodes.silent("read", 100);
                      throw new IllegalStateException("boom");
                    }),
                    told::add)
                .run(new ClusterAction.Drain("w1", "upgrade", LONG)),
        "boom",
        "w1 stays cordoned",
        "the API does not answer");
  }

  @Test
  void whatIsWaitedForIsAwaitedThroughSilence() throws Exception {
    var looks = new ArrayList<Object>();
    nodes.silent("read", 2);
    var time = new PassedTime();
    new ClusterActions(nodes, time, told::add)
        .run(
            new ClusterAction.Await(
                W1,
                "w1 to be Ready",
                LONG,
                state -> {
                  looks.add(state);
                  return looks.size() > 2
                      ? java.util.Optional.empty()
                      : java.util.Optional.of("NotReady");
                },
                "look"));
    assertThat(looks).hasSize(3);
    assertThat(time.pauses()).hasSize(4);
    assertThat(told).containsExactly("waiting for w1 to be Ready");
  }

  @Test
  void whatDoesNotComeIsSaidWithWhatWasSeenLast() {
    var await =
        new ClusterAction.Await(
            W1,
            "w1 to be Ready",
            Duration.ZERO,
            _ -> java.util.Optional.of("KubeletNotReady: no CNI"),
            "look at its kubelet");
    fails(() -> actions.run(await), "w1 to be Ready", "KubeletNotReady: no CNI");
  }

  /** For whoever takes the volume over: what a node holds that is gone is held for minutes. */
  @Test
  void beforeARebootItsVolumesAreDetached() throws Exception {
    nodes.pod("db", "w1").attached("pv-1", "w1", 3).attached("pv-2", "w2", 100);
    actions.run(new ClusterAction.Drain("w1", "rotation", LONG, LONG));
    assertThat(told).anyMatch(it -> it.contains("detached from w1") && it.contains("pv-1"));
    assertThat(node()).contains("provision.io/cordoned=rotation");
  }

  @Test
  void whereOneStaysAttachedTheNodeIsGivenBack() {
    nodes.pod("db", "w1").attached("pv-1", "w1", 100_000);
    fails(
        () -> actions.run(new ClusterAction.Drain("w1", "rotation", LONG, Duration.ofNanos(1))),
        "still attached to w1",
        "pv-1");
    assertThat(node()).doesNotContain("unschedulable", "provision.io/cordoned");
  }

  @Test
  void withoutARebootTheyStay() throws Exception {
    nodes.pod("db", "w1").attached("pv-1", "w1", 100_000);
    drain(LONG);
    assertThat(nodes.requests()).doesNotContain("attachments of all");
  }
}
