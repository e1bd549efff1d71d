package io.provision.steps.kubernetes.addon;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskQuestion;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What left the inventory is named by the file beside it. */
class AddOnsPinnedTest {
  /** One that the inventory has, or has not. */
  private record Thing(boolean wanted) implements AddOn {
    @Override
    public String name() {
      return "thing";
    }

    @Override
    public boolean isWanted(Target target) {
      return wanted;
    }

    @Override
    public List<Kind> kinds() {
      return List.of(new Kind("v1", "Namespace"));
    }

    @Override
    public String aftermath() {
      return "what it made stays";
    }

    @Override
    public Optional<Check.Refused> obstacle(Observations seen) {
      return Optional.empty();
    }
  }

  private static Check check(boolean wanted, Set<String> pinned) {
    var step = new AddOnsPinned(new AddOns(List.of(new Thing(wanted))));
    var target = new Target.OnDesk(Cases.inventory(Cases.server(1)));
    var seen = new Observations.Builder();
    for (var question : step.probes(target).desk()) {
      seen.put((DeskQuestion.PinnedOf) question, pinned);
    }
    return step.check(target, seen.build(), Known.NOTHING);
  }

  @Test
  void whatIsPinnedAndNotWantedIsNamed() {
    assertThat(check(false, Set.of("thing/v1/any/a.yaml")))
        .isInstanceOfSatisfying(
            Check.Leaving.class,
            it -> assertThat(it.departures().toString()).contains("addon/thing", "thing/v1/any"));
  }

  /** Said before it is agreed to. */
  @Test
  void whoeverIsAskedForItIsToldWhatStaysBehind() {
    assertThat(check(false, Set.of("thing/v1/any/a.yaml")))
        .isInstanceOfSatisfying(
            Check.Leaving.class,
            it ->
                assertThat(it.departures())
                    .singleElement()
                    .satisfies(one -> assertThat(one.aftermath()).isEqualTo("what it made stays")));
  }

  @Test
  void whatIsWantedOrWasNeverPinnedIsNot() {
    assertThat(check(true, Set.of("thing/v1/any/a.yaml"))).isInstanceOf(Check.InSync.class);
    assertThat(check(false, Set.of())).isInstanceOf(Check.InSync.class);
    assertThat(check(false, Set.of("thing-else/v1/any/a"))).isInstanceOf(Check.InSync.class);
  }

  /** A run that was killed between both would have forgotten what is still there. */
  @Test
  void itsPinsGoOnlyWhenNothingOfItIsLeft() {
    var target = new Target.OnDesk(Cases.inventory(Cases.server(1)));
    var gone = Need.cluster(AddOnsLeft.GONE);
    assertThat(new AddOnsPinned(new AddOns(List.of(new Thing(false)))).removalNeeds(target))
        .containsExactly(gone);
    assertThat(new AddOnsPinned(new AddOns(List.of(new Thing(true)))).removalNeeds(target))
        .isEmpty();
  }
}
