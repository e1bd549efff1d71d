package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several nodes out of use at a time, as many as are allowed, whoever takes them out. */
final class CompanyTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final List<String> ALL = List.of("w1", "w2", "w3");
  private static final ClusterAction.Condition THERE =
      state ->
          state.isEmpty() || !state.get().status().toString().contains("Unknown")
              ? Optional.empty()
              : Optional.of("it is not Ready");

  private final FakeNodes nodes = new FakeNodes().node("w1").node("w2").node("w3").node("cp1");
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

  private static Company beside(String node, int most) {
    return new Company(ALL.stream().filter(it -> !it.equals(node)).toList(), most);
  }

  private void take(String node, int most) throws ClusterException, InterruptedException {
    run(new ClusterAction.TakeTurn(node, beside(node, most)));
  }

  private void claim(String node) throws ClusterException, InterruptedException {
    run(new ClusterAction.ClaimInTurn(node, "rotation"));
  }

  private void goes(String node) throws ClusterException, InterruptedException {
    take(node, 2);
    claim(node);
  }

  private void isBack(String node) {
    try {
      run(new ClusterAction.Release(node, "rotation"));
      run(new ClusterAction.EndTurn(node));
    } catch (ClusterException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object holders() {
    return String.valueOf(
        RawObject.map(nodes.object(TurnLease.REF).get("spec")).get("holderIdentity"));
  }

  private void isHeld(ClusterAction action, String... words) {
    assertThatThrownBy(() -> run(action))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.isHeld()).isTrue();
              assertThat(e.what()).contains(words);
            });
  }

  @Test
  void soManyGoAsAreAllowedInTheOrderInWhichTheyCame() throws Exception {
    goes("w2");
    goes("w1");
    assertThat(holders()).isEqualTo("w2,w1");
    assertThat(pauses).isZero();
    isHeld(
        new ClusterAction.TakeTurn("w3", beside("w3", 2)),
        "w3 waits for its turn, and it is that of w2, w1");
    assertThat(holders()).isEqualTo("w2,w1");
  }

  /** What is away beside it comes back by itself: it is waited for as long as a reboot takes. */
  @Test
  void theNextOneGoesOnceOneOfThemIsBack() throws Exception {
    goes("w1");
    goes("w2");
    meanwhile =
        () -> {
          if (pauses == 1_000) {
            isBack("w1");
          }
        };
    goes("w3");
    assertThat(holders()).isEqualTo("w2,w3");
    assertThat(pauses).isEqualTo(1_000);
    assertThat(said).anyMatch(it -> it.contains("until w1, w2 is back in use"));
  }

  @Test
  void oneThatMayGoOnlyAloneWaitsForAllOfThemAndNobodyGoesBesideIt() throws Exception {
    goes("w1");
    isHeld(new ClusterAction.TakeTurn("cp1"), "it is that of w1");
    assertThat(pauses).as("of no company, it waits as for any other").isEqualTo(90);
    isBack("w1");
    run(new ClusterAction.TakeTurn("cp1"));
    claim("cp1");
    pauses = 0;
    isHeld(new ClusterAction.TakeTurn("w1", beside("w1", 2)), "it is that of cp1");
    assertThat(pauses).isEqualTo(90);
  }

  /** Where the room is not enough for two. */
  @Test
  void oneByOneTheyWaitForAllOthersThatMayBeAway() throws Exception {
    goes("w1");
    goes("w2");
    meanwhile =
        () -> {
          if (pauses == 100) {
            isBack("w1");
          }
          if (pauses == 200) {
            isBack("w2");
          }
        };
    run(new ClusterAction.TakeTurn("w3", beside("w3", 2).oneByOne()));
    assertThat(pauses).isEqualTo(200);
    assertThat(holders()).isEqualTo("w3");
  }

  @Test
  void eachGivesUpItsOwnTurnAlone() throws Exception {
    goes("w1");
    goes("w2");
    run(new ClusterAction.EndTurn("w3"));
    assertThat(holders()).isEqualTo("w1,w2");
    isBack("w1");
    assertThat(holders()).isEqualTo("w2");
    isBack("w2");
    assertThat(holders()).isEqualTo("null");
  }

  /** Somebody else comes in the moment in which it goes. */
  @Test
  void aTurnIsGivenUpAlsoWhileOthersTakeTheirs() throws Exception {
    goes("w1");
    var once = new boolean[1];
    nodes.meanwhile(
        "merge",
        () -> {
          if (!once[0]) {
            once[0] = true;
            try {
              goes("w2");
            } catch (ClusterException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    run(new ClusterAction.EndTurn("w1"));
    assertThat(holders()).isEqualTo("w2");
  }

  @Test
  void whoGoesOnWithOneGoesOnInItsPlace() throws Exception {
    goes("w1");
    goes("w2");
    take("w1", 2);
    assertThat(holders()).isEqualTo("w1,w2");
  }

  /** A run was killed before it claimed its node. */
  @Test
  void oneThatNobodyClaimedForIsTakenOverAndTheOthersStay() throws Exception {
    take("w1", 2);
    goes("w2");
    goes("w3");
    assertThat(holders()).isEqualTo("w2,w3");
    assertThat(pauses).isBetween(60, 61);
  }

  @Test
  void oneMoreThanIsAllowedIsNotMissing() throws Exception {
    var asked = new ClusterAction.AwaitPresent("w3", beside("w3", 2), MINUTE, THERE);
    run(asked);
    goes("w1");
    run(asked);
    assertThat(pauses).isZero();
    nodes.status("w2", Map.of("conditions", "Unknown"));
    assertThatThrownBy(() -> run(asked))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.isUnsafe()).isTrue();
              assertThat(e.what())
                  .contains("w3 does not go: w1 (it is out of use by us); w2 (it is not Ready)")
                  .contains("no more than 1 may be missing besides", "60 s");
            });
    assertThat(said).anyMatch(it -> it.contains("waiting until no more than 1"));
    isBack("w1");
    run(asked);
  }

  /** Those by us are on their way back; whoever is dead is on none. */
  @Test
  void thoseOutOfUseByUsAreWaitedForAndOthersForAMinute() throws Exception {
    var long45 =
        new ClusterAction.AwaitPresent(
            "w3", beside("w3", 2).oneByOne(), MINUTE.multipliedBy(45), THERE);
    goes("w1");
    meanwhile =
        () -> {
          if (pauses == 2_000) {
            isBack("w1");
          }
        };
    run(long45);
    assertThat(pauses).isEqualTo(2_000);
    pauses = 0;
    nodes.status("w2", Map.of("conditions", "Unknown"));
    assertThatThrownBy(() -> run(long45)).hasMessageContaining("w2 (it is not Ready)");
    assertThat(pauses).isBetween(60, 61);
  }

  @Test
  void whereTheApiIsSilentNobodyIsThere() throws Exception {
    nodes.silent("read", 500);
    assertThatThrownBy(
            () -> run(new ClusterAction.AwaitPresent("w3", beside("w3", 2), MINUTE, THERE)))
        .hasMessageContaining("w1 (the API does not answer)");
  }
}
