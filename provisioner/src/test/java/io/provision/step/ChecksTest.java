package io.provision.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.ClusterChange;
import io.provision.kube.Manifest;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of check beside every other one: neither is lost. */
final class ChecksTest {
  private static final ShellFunction IDLE = new ShellFunction("idle", "true");
  private static final Output<String> ONE = new Output<>("one", String.class);
  private static final Output<String> OTHER = new Output<>("other", String.class);

  /** From the weakest to the strongest; what is stronger is what the two together are. */
  private static final List<Class<? extends Check>> ORDER =
      List.of(
          Check.InSync.class,
          Check.Skipped.class,
          Check.NotYet.class,
          Check.Drift.class,
          Check.Unknown.class,
          Check.Refused.class);

  private static List<Check> samples(String name, Output<String> output) {
    var drift =
        new Check.Drift(
            List.of(Change.of(Change.Action.CREATE, name)), new Repair.OnHost(Script.of(IDLE)));
    return List.of(
        new Check.InSync(Observed.of(output, name)),
        new Check.Skipped(name, Observed.of(output, name)),
        drift,
        new Check.NotYet(name, Duration.ZERO, Call.of(IDLE), Call.of(IDLE)),
        new Check.NotYet(name, Duration.ZERO, "", ""),
        new Check.Refused(name, name),
        new Check.Unknown(name, Set.of(Change.Action.RUN)),
        new Check.Leaving(
            List.of(new Departure(Set.of(Orphan.host(name)), drift.changes(), drift)), drift));
  }

  private static Stream<List<Check>> pairs() {
    return samples("left", ONE).stream()
        .flatMap(one -> samples("right", OTHER).stream().map(other -> List.of(one, other)));
  }

  /** A drift beside what goes on tells that already; all else is as {@code then} has it. */
  @Test
  void whatGoesOnMeanwhileIsToldAlready() {
    for (var pair : pairs().toList()) {
      var one = pair.getFirst();
      var other = pair.getLast();
      var both = Checks.meanwhile(one, () -> other);
      if (one instanceof Check.Drift drift && other instanceof Check.InSync) {
        assertThat(both)
            .isInstanceOfSatisfying(
                Check.Drift.class,
                it -> {
                  assertThat(it.changes()).isEqualTo(drift.changes());
                  assertThat(it.repair()).isEqualTo(drift.repair());
                  assertThat(it.observed().values()).containsEntry(OTHER, "right");
                });
      } else {
        assertThat(both).isEqualTo(Checks.then(one, () -> other));
      }
    }
  }

  @Test
  void thereIsASampleOfEveryKind() {
    assertThat(samples("x", ONE).stream().<Object>map(Check::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList((Object[]) Check.class.getPermittedSubclasses()));
    assertThat(
            samples("x", ONE).stream()
                .filter(Check.NotYet.class::isInstance)
                .<Object>map(it -> ((Check.NotYet) it).by().getClass()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList((Object[]) Wait.class.getPermittedSubclasses()));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theStrongerOfTwoIsWhatTheyAreTogetherAndNothingThatLeavesIsLost(List<Check> pair) {
    var together = Checks.together(pair);
    var departures = pair.stream().flatMap(each -> departures(each).stream()).toList();
    assertThat(departures(together)).isEqualTo(departures);
    var stronger =
        pair.stream()
            .map(ChecksTest::rest)
            .mapToInt(each -> ORDER.indexOf(each.getClass()))
            .max()
            .orElseThrow();
    assertThat(rest(together)).isInstanceOf(ORDER.get(stronger));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatBothSayOfOneKindIsSaidOfBoth(List<Check> pair) {
    var rests = pair.stream().map(ChecksTest::rest).toList();
    if (rests.get(0).getClass() != rests.get(1).getClass()) {
      return;
    }
    switch (rest(Checks.together(pair))) {
      case Check.InSync(var seen) ->
          assertThat(seen.values()).isEqualTo(Map.of(ONE, "left", OTHER, "right"));
      case Check.Skipped(var reason, var seen) -> {
        assertThat(reason).isEqualTo("left; right");
        assertThat(seen.values()).isEqualTo(Map.of(ONE, "left", OTHER, "right"));
      }
      case Check.Drift(var changes, var repair, _) -> {
        assertThat(changes).extracting(Change::subject).containsExactly("left", "right");
        assertThat(repair).isEqualTo(new Repair.OnHost(Script.of(IDLE), Script.of(IDLE)));
      }
      case Check.Refused(var what, _, _) -> assertThat(what).isEqualTo("left; right");
      case Check.Unknown(var awaiting, _) -> assertThat(awaiting).isEqualTo("left; right");
      case Check.NotYet notYet ->
          assertThat(notYet.awaited()).as("one after the other").isEqualTo("left");
      case Check.Leaving _ -> throw new AssertionError("a rest does not leave");
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatComesThenIsToldOnceNothingIsToBeDoneBeforeIt(List<Check> pair) {
    var first = pair.get(0);
    var then = Checks.then(first, () -> pair.get(1));
    var isDone = rest(first) instanceof Check.InSync || rest(first) instanceof Check.Skipped;
    assertThat(then).isEqualTo(isDone ? Checks.together(pair) : first);
  }

  @Test
  void whatLeavesIsToldBesideWhatComesThen() {
    var drift = (Check.Drift) samples("x", ONE).get(2);
    var departure = new Departure(Set.of(Orphan.host("x")), drift.changes(), drift);
    var leaving = new Check.Leaving(List.of(departure), new Check.InSync(Observed.noting("kept")));
    assertThat(Checks.then(leaving, () -> new Check.Skipped("later")))
        .isEqualTo(
            new Check.Leaving(
                List.of(departure), new Check.Skipped("later", Observed.noting("kept"))));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void onlyHowADriftIsRepairedIsChanged(List<Check> pair) {
    var other = new Repair.OnHost(List.of(), true);
    for (var check : pair) {
      var repaired = Checks.repairedBy(check, _ -> other);
      if (rest(check) instanceof Check.Drift(var changes, _, var observed)) {
        assertThat(rest(repaired)).isEqualTo(new Check.Drift(changes, other, observed));
        assertThat(departures(repaired)).isEqualTo(departures(check));
      } else {
        assertThat(repaired).isEqualTo(check);
      }
    }
  }

  @Test
  void whatIsUnknownMayComeToWhatIsKnownToDiffer() {
    var unknown = new Check.Unknown("x", Set.of(Change.Action.RUN));
    var drift =
        new Check.Drift(
            List.of(Change.of(Change.Action.CREATE, "y")), new Repair.OnHost(Script.of(IDLE)));
    assertThat(Checks.together(drift, unknown))
        .isEqualTo(new Check.Unknown("x", Set.of(Change.Action.RUN, Change.Action.CREATE)));
  }

  @Test
  void noNoteIsLostBesideADrift() {
    var drift =
        new Check.Drift(
            List.of(Change.of(Change.Action.CREATE, "y")),
            new Repair.OnHost(Script.of(IDLE)),
            List.of("its own"));
    var together =
        Checks.together(
            new Check.InSync(Observed.noting("in sync")), drift, new Check.Skipped("skipped"));
    assertThat(together.notes()).containsExactlyInAnyOrder("in sync", "its own", "skipped");
    assertThat(Checks.together(new Check.InSync(Observed.noting("x")), new Check.Skipped("y")))
        .isEqualTo(new Check.Skipped("y", Observed.noting("x")));
  }

  /** What differs on one target can be known to others all the same, so that a plan compares. */
  @Test
  void whatIsKnownAlreadyStaysKnownBesideADrift() {
    var changes = List.of(Change.of(Change.Action.CREATE, "y"));
    var repair = new Repair.OnHost(Script.of(IDLE));
    var one = new Check.Drift(changes, repair, Observed.of(ONE, "1"));
    var other = new Check.Drift(changes, repair, Observed.of(OTHER, "2"));
    var together = (Check.Drift) Checks.together(one, other);
    assertThat(together.observed().values()).isEqualTo(Map.of(ONE, "1", OTHER, "2"));
    // the repair may change what the others saw
    var beside = (Check.Drift) Checks.together(one, new Check.InSync(Observed.of(OTHER, "2")));
    assertThat(beside.observed().values()).isEqualTo(Map.of(ONE, "1"));
  }

  @Test
  void whatIsToBeReadOfACheckIsReadWhereverItStands() {
    var noted = Observed.noting("read this");
    var drift = (Check.Drift) samples("x", ONE).get(2);
    var departure = new Departure(Set.of(Orphan.host("x")), drift.changes(), drift);
    for (var check :
        List.of(
            new Check.InSync(noted),
            new Check.Skipped("x", noted),
            new Check.Drift(drift.changes(), drift.repair(), List.of("read this")),
            new Check.Leaving(List.of(departure), new Check.InSync(noted)))) {
      assertThat(check.notes()).containsExactly("read this");
    }
    for (var check :
        List.of(
            new Check.NotYet("x", Duration.ZERO, "", ""),
            new Check.Refused("x", "y"),
            new Check.Unknown("x", Set.of()))) {
      assertThat(check.notes()).isEmpty();
    }
  }

  @Test
  void repairsOfOnePlaceAreOneWhereverThatIs() {
    var host = new Repair.OnHost(List.of(Script.of(IDLE)), false);
    var bringing = new Repair.OnHost(List.of(Script.of(IDLE)), true);
    assertThat(Repair.together(List.of(host, bringing, host)))
        .isEqualTo(
            new Repair.OnHost(List.of(Script.of(IDLE), Script.of(IDLE), Script.of(IDLE)), true));
    var object =
        new ClusterChange.Apply(
            Manifest.of(
                Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "x"))),
            false);
    assertThat(
            Repair.together(
                List.of(
                    new Repair.OnCluster(List.of(object)), new Repair.OnCluster(List.of(object)))))
        .isEqualTo(new Repair.OnCluster(List.of(object, object)));
    var desk = new Repair.OnDesk(List.of());
    assertThat(Repair.together(List.of(desk, desk))).isEqualTo(desk);
    assertThatThrownBy(() -> Repair.together(List.of(host, desk)))
        .hasMessageContaining("one target");
  }

  private static List<Departure> departures(Check check) {
    return check instanceof Check.Leaving(var departures, _) ? departures : List.of();
  }

  private static Check rest(Check check) {
    return check instanceof Check.Leaving(_, var rest) ? rest : check;
  }
}
