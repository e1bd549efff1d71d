package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.playbook.PlaybookAssembler;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.GroupStep;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every step of the catalog keeps to, whatever a host answers. */
final class StepContractTest {
  private static final Inventory INVENTORY = ContractSteps.inventory();

  @TempDir Path directory;

  static Set<String> steps() {
    return Catalog.entries().keySet();
  }

  @Test
  void everyStepHasAnEntryHere() {
    assertThat(ContractSteps.ALL.keySet()).isEqualTo(steps());
  }

  /**
   * Nonsense is never taken for the wanted state and never ends in an error of the program's; what
   * differs and what hinders is named, without a secret; and the outputs that are read and observed
   * are those that the step declares.
   */
  @ParameterizedTest
  @MethodSource("steps")
  void whateverIsAnsweredGivesACheckThatSaysWhatItIsAbout(String name) throws IOException {
    var entry = ContractSteps.ALL.get(name);
    var checks = checks(name);
    var declared = new HashSet<Output<?>>();
    checks.forEach(seen -> declared.addAll(seen.declared()));
    var content = new TreeSet<String>();
    for (var seen : checks) {
      assertThat(declared).as(seen.when()).containsAll(seen.asked());
      assertThat(seen.provided()).as(seen.when()).containsAll(observed(seen.check()));
      assertThat(seen.check().toString()).as(seen.when()).doesNotContain(ContractSteps.CANARY);
      switch (seen.check()) {
        case Check.InSync _ -> content.add(seen.when());
        case Check.Drift(var changes, _, _) ->
            assertThat(changes).allSatisfy(change -> assertThat(change.subject()).isNotBlank());
        case Check.Refused(var what, var remedy, _) -> {
          assertThat(what).as(seen.when()).isNotBlank();
          assertThat(remedy).as(seen.when()).isNotBlank();
        }
        case Check.NotYet(var awaited, _, _) -> assertThat(awaited).isNotBlank();
        case Check.Skipped(var reason, _) -> assertThat(reason).isNotBlank();
        case Check.Unknown(var awaiting, _) -> assertThat(awaiting).isNotBlank();
        case Check.Leaving(var departures, _) -> assertThat(departures).isNotEmpty();
      }
    }
    if (isOfAGroup(name)) {
      content.removeIf(when -> !when.startsWith("cp1:")); // it acts for the others
    }
    assertThat(content.isEmpty())
        .as("%s is in sync where is answered: %s", name, content)
        .isEqualTo(entry.contentWith().isEmpty());
  }

  private static boolean isOfAGroup(String name) {
    return GroupStep.class.isAssignableFrom(Catalog.types().get(name));
  }

  private static Set<Output<?>> observed(Check check) {
    return switch (check) {
      case Check.InSync(var observed) -> observed.values().keySet();
      case Check.Skipped(_, var observed) -> observed.values().keySet();
      case Check.Drift(_, _, var observed) -> observed.values().keySet();
      case Check.Leaving(_, var rest) -> observed(rest);
      case Check.NotYet _, Check.Refused _, Check.Unknown _ -> Set.of();
    };
  }

  /** What a step said of one answer on one target. */
  private record Seen(
      String when,
      Check check,
      Set<Output<?>> declared,
      Set<Output<?>> asked,
      Set<Output<?>> provided) {}

  private List<Seen> checks(String name) throws IOException {
    var step = ContractSteps.bound(ContractSteps.ALL.get(name), directory);
    var at = PlaybookAssembler.targetOf(step.getClass());
    var all = new ArrayList<Seen>();
    if (at == Target.OnDesk.class) {
      checks(step, new Target.OnDesk(INVENTORY), all);
    } else if (at == Target.OnCluster.class) {
      checks(step, new Target.OnCluster(INVENTORY), all);
    } else {
      INVENTORY.hosts().forEach(host -> checks(step, new Target.OnHost(host, INVENTORY), all));
    }
    assertThat(all).isNotEmpty();
    return all;
  }

  @SuppressWarnings("unchecked") // the step says itself which target it is for
  private static <T extends Target> void checks(Record record, T target, List<Seen> all) {
    var step = (Step<T>) record;
    var needs = new HashSet<>(step.needs(target));
    needs.addAll(step.removalNeeds(target));
    var declared = new HashSet<Output<?>>();
    needs.stream().map(Need::output).forEach(declared::add);
    OddAnswers.ALL.forEach((kind, frame) -> {
      for (var yes : List.of(true, false)) {
        var known = new Specimens(needs, yes);
        var when = "%s: %s, outputs say %s".formatted(where(target), kind, yes);
        try {
          var check = step.check(target, OddAnswers.to(step.probes(target), frame), known);
          all.add(new Seen(when, check, declared, known.asked, step.provides(target)));
        } catch (RuntimeException e) {
          throw new AssertionError(when, e);
        }
      }
    });
  }

  private static String where(Target target) {
    return switch (target) {
      case Target.OnHost(var host, _) -> host.name().value();
      case Target.OnCluster _ -> "cluster";
      case Target.OnDesk _ -> "local";
    };
  }
}
