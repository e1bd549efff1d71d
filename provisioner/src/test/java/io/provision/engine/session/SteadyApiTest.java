package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.FakeNodes;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.OneServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of two servers of one cluster, the first falls silent. */
class SteadyApiTest {
  private static final ObjectRef NODE = ObjectRef.of("v1", "Node", "w1");
  private static final ObjectRef POD = new ObjectRef("v1", "Pod", Optional.of("shop"), "db-0");
  private static final Manifest SETTINGS =
      Manifest.of(
          Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "settings")));

  private final FakeCluster cluster = new FakeCluster();
  private final FakeNodes nodes = new FakeNodes().node("w1").pod("db-0", "w1");
  private final FakeApi api = new FakeApi(cluster, nodes);
  private final OneServer first = new OneServer("https://a", api);
  private final OneServer second = new OneServer("https://b", api);
  private int detours;
  private Optional<ClusterApi> other = Optional.of(second);
  private final SteadyApi steady =
      new SteadyApi(
          first,
          (silent, why) -> {
            detours++;
            assertThat(why.isUnanswered()).isTrue();
            assertThat(silent).isSameAs(first);
            return other;
          });

  /** A request. */
  private interface Request {
    void to(ClusterApi api) throws Exception;
  }

  private static final ClusterQuestion<?> QUESTION = new ClusterQuestion.One(NODE);
  private static final Map<String, Object> PATCH = Map.of("spec", Map.of("unschedulable", true));

  private static final Map<String, Request> TWICE =
      Map.of(
          "look", it -> it.view().look(List.of(QUESTION)),
          "preview", it -> it.view().preview(List.of(SETTINGS)),
          "read", it -> it.work().read(NODE),
          "pods", it -> it.work().podsOn("w1"),
          "pods of a namespace", it -> it.work().podsIn("shop", ""),
          "volumes", it -> it.work().volumeAttachments(),
          "delete", it -> it.work().delete(NODE),
          "change", it -> it.change(new ClusterChange.Apply(SETTINGS, false)));

  private static final Map<String, Request> ONCE =
      Map.of(
          "merge",
          it -> it.work().merge(NODE, PATCH),
          "merge unchanged",
          it -> {
            var _ = it.work().mergeUnchanged(NODE, "1", PATCH);
          },
          "create",
          it -> {
            var _ = it.work().create(POD, PATCH);
          },
          "evict",
          it -> it.work().evict(POD));

  @Test
  void asLongAsItAnswersNoOtherIsAsked() throws Exception {
    for (var request : TWICE.values()) {
      request.to(steady);
    }
    assertThat(first.asked()).hasSize(TWICE.size());
    assertThat(second.asked()).isEmpty();
    assertThat(detours).isZero();
    assertThat(steady.server()).isEqualTo("https://a");
  }

  @Test
  void whatCanBeSentTwiceIsAskedOfAnotherOneThenAndFromThenOn() throws Exception {
    first.fallSilent();
    for (var request : TWICE.values()) {
      request.to(steady);
    }
    assertThat(first.asked()).hasSize(1);
    assertThat(second.asked()).containsExactlyInAnyOrderElementsOf(TWICE.keySet());
    assertThat(detours).isEqualTo(1);
    assertThat(steady.server()).isEqualTo("https://b");
  }

  @Test
  void allWhoFindItSilentGoOnByTheSameOne() throws Exception {
    first.fallSilent();
    steady.view().look(List.of(QUESTION));
    assertThat(steady.other(first, unanswered())).isSameAs(second);
    assertThat(detours).isEqualTo(1);
  }

  private static ClusterException unanswered() {
    return ClusterException.unanswered("https://a does not answer", "look at it", null);
  }

  @Test
  void anAnswerThatIsLostIsAskedForAgain() throws Exception {
    first.fallSilentAfterHearing("change");
    steady.change(new ClusterChange.Apply(SETTINGS, false));
    assertThat(second.asked()).containsExactly("change");
    assertThat(cluster.find(SETTINGS.ref())).isPresent();
  }

  /** Whether it has arrived is not known: the next pod of that name would be hit. */
  @Test
  void whatMayHaveArrivedIsNotSentTwiceButTheNextRequestGoesOn() throws Exception {
    for (var each : ONCE.entrySet()) {
      var silent = new OneServer("https://a", api);
      var other = new OneServer("https://b", api);
      try (var once = new SteadyApi(silent, (_, _) -> Optional.of(other))) {
        silent.fallSilentAfterHearing(each.getKey());
        assertThatThrownBy(() -> each.getValue().to(once))
            .isInstanceOfSatisfying(
                ClusterException.class,
                e -> assertThat(e.what()).isEqualTo("https://a does not answer"));
        assertThat(other.asked()).as(each.getKey()).isEmpty();
        assertThat(once.work().read(NODE)).isPresent();
        assertThat(other.asked()).containsExactly("read");
      }
    }
  }

  @Test
  void aRefusalIsAnAnswer() {
    api.refuses(new ClusterException("it is invalid", "correct it", null));
    assertThatThrownBy(() -> steady.change(new ClusterChange.Apply(SETTINGS, false)))
        .hasMessage("it is invalid");
    assertThat(detours).isZero();
  }

  @Test
  void whereThereIsNoOtherItFailsAsItDid() {
    other = Optional.empty();
    first.fallSilent();
    assertThatThrownBy(() -> steady.work().read(NODE)).hasMessage("https://a does not answer");
    assertThatThrownBy(() -> steady.work().read(NODE)).hasMessage("https://a does not answer");
    assertThat(detours).as("another one may have come up").isEqualTo(2);
  }

  @Test
  void thoseWhoAllFallSilentAreNotAskedForEver() {
    var steps = new int[1];
    try (var endless =
        new SteadyApi(
            first,
            (_, _) -> {
              steps[0]++;
              var next = new OneServer("https://" + steps[0], api);
              next.fallSilent();
              return Optional.of(next);
            })) {
      first.fallSilent();
      assertThatThrownBy(() -> endless.work().read(NODE)).hasMessage("https://4 does not answer");
    }
  }

  @Test
  void allThatWereOpenedAreClosedAtTheEnd() throws Exception {
    first.fallSilent();
    steady.view().look(List.of(QUESTION));
    assertThat(first.isClosed()).as("others may still wait for it").isFalse();
    steady.close();
    assertThat(first.isClosed()).isTrue();
    assertThat(second.isClosed()).isTrue();
  }

  @Test
  void anEndThatIsAskedForEndsTheSearchAndStaysAskedFor() {
    try (var interrupted =
        new SteadyApi(
            first,
            (_, _) -> {
              throw new InterruptedException();
            })) {
      first.fallSilent();
      assertThatThrownBy(() -> interrupted.work().read(NODE))
          .hasMessage("https://a does not answer");
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
