package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One node at a time, whoever takes them out of use. */
final class TurnLeaseTest {
  private final FakeNodes nodes = new FakeNodes().node("w1").node("w2");
  private final List<String> said = new ArrayList<>();
  private int pauses;
  private Runnable meanwhile = () -> {};

  private void run(ClusterAction action) throws ClusterException, InterruptedException {
    new ClusterActions(
            nodes,
            new PassedTime(_ -> {
              pauses++;
              meanwhile.run();
            }),
            said::add)
        .run(action);
  }

  private void take(String node) throws ClusterException, InterruptedException {
    run(new ClusterAction.TakeTurn(node));
  }

  private void drain(String node) throws ClusterException, InterruptedException {
    run(new ClusterAction.Drain(node, "rotation", Duration.ofMinutes(1)));
  }

  private Map<String, Object> spec() {
    return RawObject.map(nodes.object(TurnLease.REF).get("spec"));
  }

  @Test
  void whoComesFirstHasItAndWhoGoesOnWithItHasItStill() throws Exception {
    take("w1");
    assertThat(spec()).containsEntry("holderIdentity", "w1").containsEntry("leaseTransitions", 0);
    assertThat(spec().get("acquireTime").toString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    assertThat(spec()).containsKeys("renewTime", "leaseDurationSeconds");
    drain("w1");
    take("w1");
    assertThat(spec()).containsEntry("leaseTransitions", 0);
    assertThat(pauses).isZero();
  }

  @Test
  void itIsGivenUpForTheNextOne() throws Exception {
    take("w1");
    run(new ClusterAction.EndTurn("w1"));
    assertThat(spec()).doesNotContainKey("holderIdentity");
    take("w2");
    assertThat(spec()).containsEntry("holderIdentity", "w2").containsEntry("leaseTransitions", 1);
    run(new ClusterAction.EndTurn("w1"));
    assertThat(spec()).as("not by who has it no more").containsEntry("holderIdentity", "w2");
    assertThat(pauses).isZero();
  }

  @Test
  void whereNobodyEverTookATurnNoneIsEnded() throws Exception {
    run(new ClusterAction.EndTurn("w1"));
    assertThat(nodes.requests()).hasSize(1);
  }

  /** However long the other one is away. */
  @Test
  void whatIsOutOfUseKeepsItAndIsNamed() throws Exception {
    take("w1");
    drain("w1");
    assertThatThrownBy(() -> take("w2"))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.isHeld()).isTrue();
              assertThat(e.what()).contains("w2 waits for its turn, and it is that of w1, since 2");
              assertThat(e.remedy()).contains("'provision rotate'");
            });
    assertThat(spec()).containsEntry("holderIdentity", "w1");
    assertThat(said).anyMatch(it -> it.contains("until w1 is back in use") && it.contains("90 s"));
    assertThat(pauses).isEqualTo(90);
  }

  /** What is run once it is back, and the pods that are moved there, are of its turn as well. */
  @Test
  void whatIsInUseAgainKeepsItUntilItIsLetGo() throws Exception {
    take("w1");
    drain("w1");
    run(new ClusterAction.Uncordon("w1", "rotation"));
    assertThat(node("w1")).doesNotContain("unschedulable");
    assertThatThrownBy(() -> take("w2"))
        .isInstanceOfSatisfying(ClusterException.class, e -> assertThat(e.isHeld()).isTrue());
    assertThatThrownBy(() -> run(new ClusterAction.RefuseClaimed("w1")))
        .hasMessageContaining(
            "w1 is in use again, and the run that gave it back still works on it");
    run(new ClusterAction.Uncordon("w1", "rotation"));
    run(new ClusterAction.Release("w1", "rotation"));
    run(new ClusterAction.EndTurn("w1"));
    assertThat(node("w1")).doesNotContain("provision.io/cordoned");
    take("w2");
    assertThat(spec()).containsEntry("holderIdentity", "w2");
  }

  @Test
  void whoCordonsOneThatIsInUseAgainHasItAlsoWhereItsTurnGoesOn() throws Exception {
    take("w1");
    drain("w1");
    run(new ClusterAction.Uncordon("w1", "rotation"));
    nodes.cordon("w1", true);
    run(new ClusterAction.Uncordon("w1", "rotation"));
    assertThatThrownBy(() -> run(new ClusterAction.RefuseForeign("w1", "rotation")))
        .hasMessageContaining("somebody has cordoned w1");
    run(new ClusterAction.Release("w1", "rotation"));
    assertThat(node("w1")).contains("unschedulable=true").doesNotContain("provision.io/cordoned");
  }

  /** Killed in between, it is taken out of use again as if nothing had been. */
  @Test
  void whatIsInUseAgainIsClaimedAgain() throws Exception {
    take("w1");
    drain("w1");
    run(new ClusterAction.Uncordon("w1", "rotation"));
    take("w1");
    run(new ClusterAction.RefuseForeign("w1", "rotation"));
    claim("w1");
    assertThat(node("w1")).contains("unschedulable=true", "provision.io/cordoned=rotation}");
  }

  private String node(String name) {
    return nodes.node(ObjectRef.of("v1", "Node", name)).toString();
  }

  @Test
  void whoWaitsGoesOnceTheOtherIsBack() throws Exception {
    take("w1");
    drain("w1");
    meanwhile =
        () -> {
          if (pauses == 70) {
            try {
              run(new ClusterAction.Release("w1", "rotation"));
              run(new ClusterAction.EndTurn("w1"));
            } catch (ClusterException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    take("w2");
    assertThat(spec()).containsEntry("holderIdentity", "w2");
    assertThat(pauses).isEqualTo(70);
  }

  /** A run that was killed before it claimed the node, or after it had given it back. */
  @Test
  void oneThatNobodyClaimedForIsTakenOverAfterAWhile() throws Exception {
    take("w1");
    take("w2");
    assertThat(spec()).containsEntry("holderIdentity", "w2").containsEntry("leaseTransitions", 1);
    assertThat(pauses).isBetween(60, 61);
  }

  @Test
  void oneThatIsTouchedMeanwhileIsNot() throws Exception {
    take("w1");
    meanwhile =
        () -> {
          if (pauses % 50 == 0) {
            nodes.touch(TurnLease.REF);
          }
        };
    assertThatThrownBy(() -> take("w2")).isInstanceOf(ClusterException.class);
    assertThat(spec()).containsEntry("holderIdentity", "w1");
  }

  /** That of a node which has left the cluster is nobody's. */
  @Test
  void thatOfANodeThatIsGoneIsTakenOver() throws Exception {
    take("w1");
    drain("w1");
    nodes.delete(ObjectRef.of("v1", "Node", "w1"));
    take("w2");
    assertThat(spec()).containsEntry("holderIdentity", "w2");
  }

  @Test
  void aNodeThatSomebodyCordonsMeanwhileIsTheirs() throws Exception {
    take("w1");
    nodes.merge(ObjectRef.of("v1", "Node", "w1"), Map.of("spec", Map.of("unschedulable", true)));
    assertThatThrownBy(() -> run(new ClusterAction.ClaimInTurn("w1", "rotation")))
        .hasMessageContaining("somebody has cordoned w1");
    assertThat(nodes.node(ObjectRef.of("v1", "Node", "w1")).toString())
        .contains("unschedulable=true")
        .doesNotContain("provision.io");
  }

  /** Two that read at the same moment: the one whose change comes second reads again. */
  @Test
  void ofTwoAtOnceOneHasIt() throws Exception {
    take("w1");
    run(new ClusterAction.EndTurn("w1"));
    var slow =
        new FasterThan(
            nodes,
            () -> {
              take("w1");
              drain("w1");
            });
    assertThatThrownBy(() ->
            new ClusterActions(slow, new PassedTime(), said::add)
                .run(new ClusterAction.TakeTurn("w2")))
        .isInstanceOfSatisfying(ClusterException.class, e -> assertThat(e.isHeld()).isTrue());
    assertThat(spec()).containsEntry("holderIdentity", "w1");
  }

  private void claim(String node) throws ClusterException, InterruptedException {
    run(new ClusterAction.ClaimInTurn(node, "rotation"));
  }

  @Test
  void whoseTurnItIsClaims() throws Exception {
    take("w1");
    claim("w1");
    assertThat(nodes.node(ObjectRef.of("v1", "Node", "w1")).toString())
        .contains("unschedulable=true", "provision.io/cordoned=rotation");
    claim("w1");
    assertThat(pauses).isZero();
  }

  /** Nobody knows then whose turn it is. */
  @Test
  void whereTheTurnCannotBeReadAfterTheClaimTheNodeIsGivenBack() throws Exception {
    take("w1");
    var reads = new int[1];
    nodes.meanwhile(
        "read",
        () -> {
          if (++reads[0] == 3) { // behind the two of the claim itself
            nodes.silent("read", 1);
          }
        });
    assertThatThrownBy(() -> claim("w1")).hasMessageContaining("the API does not answer");
    assertThat(nodes.requests()).contains("merge Node w1");
    assertThat(node("w1")).doesNotContain("unschedulable", "provision.io/cordoned");
    assertThat(spec()).containsEntry("holderIdentity", "w1");
  }

  /** A machine that slept between its turn and its claim: somebody else has the turn by now. */
  @Test
  void whoStoodStillSoLongThatTheTurnWasTakenOverGivesBackAtOnce() throws Exception {
    take("w1");
    take("w2");
    claim("w2");
    assertThatThrownBy(() -> claim("w1"))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.isHeld()).isTrue();
              assertThat(e.what()).contains("w1 waits for its turn, and it is that of w2");
            });
    assertThat(nodes.node(ObjectRef.of("v1", "Node", "w1")).toString())
        .doesNotContain("unschedulable", "provision.io/cordoned");
    run(new ClusterAction.Release("w2", "rotation"));
    run(new ClusterAction.EndTurn("w2"));
    assertThatThrownBy(() -> claim("w1"))
        .as("it is nobody's")
        .isInstanceOfSatisfying(ClusterException.class, e -> assertThat(e.isHeld()).isTrue());
  }

  /** Somebody does something between the first look and what comes of it. */
  private record FasterThan(ClusterApi.Work of, Between between, boolean[] done)
      implements ClusterApi.Work {
    private interface Between {
      void run() throws ClusterException, InterruptedException;
    }

    private FasterThan(ClusterApi.Work of, Between between) {
      this(of, between, new boolean[1]);
    }

    @Override
    public java.util.Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
      var is = of.read(ref);
      if (!done[0]) {
        done[0] = true;
        try {
          between.run();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return is;
    }

    @Override
    public List<Map<String, Object>> podsOn(String node) throws ClusterException {
      return of.podsOn(node);
    }

    @Override
    public List<Map<String, Object>> podsIn(String namespace, String selector)
        throws ClusterException {
      return of.podsIn(namespace, selector);
    }

    @Override
    public List<Map<String, Object>> volumeAttachments() throws ClusterException {
      return of.volumeAttachments();
    }

    @Override
    public void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
      of.merge(ref, patch);
    }

    @Override
    public boolean mergeUnchanged(ObjectRef ref, String version, Map<String, Object> patch)
        throws ClusterException {
      return of.mergeUnchanged(ref, version, patch);
    }

    @Override
    public boolean create(ObjectRef ref, Map<String, Object> object) throws ClusterException {
      return of.create(ref, object);
    }

    @Override
    public ClusterApi.Eviction evict(ObjectRef pod) throws ClusterException {
      return of.evict(pod);
    }

    @Override
    public void delete(ObjectRef ref) throws ClusterException {
      of.delete(ref);
    }
  }
}
