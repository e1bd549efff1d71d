package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.session.Interrupt;
import io.provision.remote.Call;
import io.provision.remote.DyingTransport;
import io.provision.remote.Interposed;
import io.provision.remote.ShellFunction;
import io.provision.resource.Files;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How repairs that go over in one exec end: each is told as what became of it. */
final class BundleEndsTest extends PieceRuns {
  @Test
  void oneThatFailsLeavesWhatCameBeforeItDoneAndWhatComesBehindUntouched() throws Exception {
    var book =
        book(
            file("one"),
            standing("broken", "echo 'no luck' >&2; return 3"),
            file("never"),
            file("neither"));
    apply(book);
    assertThat(outcomes()).hasSize(4);
    assertThat(outcomes().getFirst()).isInstanceOf(Outcome.Changed.class);
    assertThat(outcomes().get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, it -> assertThat(it.failure().what()).contains("no luck"));
    assertThat(outcomes().subList(2, 4)).allMatch(Outcome.Skipped.class::isInstance);
    assertThat(directory.resolve("one")).exists();
    assertThat(directory.resolve("never")).doesNotExist();
    assertThat(events.stream().filter(RunEvent.StepStarted.class::isInstance)).hasSize(2);
  }

  /** Nothing was done before it that would have to be seen. */
  @Test
  void behindAFirstThatFailsNothingIsLookedAt() throws Exception {
    apply(book(standing("broken", "return 3"), file("never")));
    assertThat(outcomes().getFirst()).isInstanceOf(Outcome.Failed.class);
    assertThat(outcomes().getLast()).isInstanceOf(Outcome.Skipped.class);
    assertThat(requests.taken()).isEqualTo(LOOKS + 1);
  }

  @Test
  void whatItSaysIsToldOfTheOneThatSaysIt() throws Exception {
    apply(
        book(
            standing("one", "say one speaks; echo >\"$1\""),
            standing("two", "say two speaks; echo >\"$1\"")));
    assertThat(
            events.stream()
                .filter(RunEvent.Progress.class::isInstance)
                .map(event -> (RunEvent.Progress) event)
                .map(it -> it.step().index() + " " + it.text()))
        .containsExactly("0 one speaks", "1 two speaks");
    assertThat(requests.taken()).isEqualTo(LOOKS + 1);
  }

  /** It is tried once more by itself, seen anew; then it has failed. */
  @Test
  void aRepairThatDoesNotTakeIsNotToldAsDone() throws Exception {
    apply(book(file("one"), standing("two", "echo >>\"$1.tried\""), file("three")));
    assertThat(outcomes().get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it -> assertThat(it.failure().what()).contains("after its repair it still differs"));
    assertThat(directory.resolve("two.tried")).hasContent("\n\n");
    assertThat(outcomes().getLast()).as("it went with it").isInstanceOf(Outcome.Changed.class);
    assertThat(directory.resolve("three")).exists();
  }

  @Test
  void whatDidNotTakeIsToldAlsoWhereAnotherStopsTheRest() throws Exception {
    apply(book(own("one", ":"), standing("two", ":"), standing("three", "return 1"), file("four")));
    assertThat(outcomes().subList(0, 3)).allMatch(Outcome.Failed.class::isInstance);
    assertThat(outcomes().get(1).toString()).contains("after its repair it still differs");
    assertThat(outcomes().getLast()).isInstanceOf(Outcome.Skipped.class);
  }

  @Test
  void whatWasDoneTogetherIsToldWhereAnEndIsAskedForMeanwhile() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("there"), "there");
    var interrupt = new Interrupt();
    RunListener ending =
        event -> {
          events.add(event);
          if (event instanceof RunEvent.StepStarted(_, var step, _) && step.index() == 2) {
            assertThat(interrupt.request()).isTrue();
          }
        };
    var transport = new Interposed(shells, requests);
    new Runner(transport, new NoDesk(), NoCluster.NONE, ending, interrupt, HostKeyPrompt.REFUSE)
        .apply(
            "r",
            TestInventory.of(hosts),
            book(file("one"), file("there"), file("two"), file("three"), own("four", ":")),
            TestRuns.OPTIONS,
            Optional.empty());
    assertThat(outcomes())
        .extracting(it -> it.getClass().getSimpleName())
        .containsExactly("Changed", "Skipped", "Changed", "Changed", "Skipped");
    assertThat(directory.resolve("three")).exists();
  }

  /** It had that time alone, too. */
  @Test
  void oneOfManyScriptsHasTheTimeOfAllItsOwn() throws Exception {
    var slow = standing("slow", "echo >\"$1\"").script().within(Duration.ofMinutes(20));
    var question = Files.at(path("slow"));
    Piece many =
        new Piece() {
          @Override
          public Probes probes() {
            return Probes.of(question);
          }

          @Override
          public Check check(Observations seen) {
            return seen.of(question).exists()
                ? new Check.InSync()
                : new Check.Drift(
                    List.of(Change.of(Change.Action.CREATE, "slow")),
                    new Repair.OnHost(slow, slow, slow));
          }
        };
    apply(book(file("one"), many, file("two")));
    assertThat(outcomes()).allMatch(Outcome.Changed.class::isInstance).hasSize(3);
    var look = TestRuns.OPTIONS.lookLimit();
    assertThat(requests.deadlines())
        .containsExactly(look.toSeconds(), Duration.ofMinutes(60).plus(look).toSeconds());
  }

  /** What a host does is written down before it is told to. */
  @Test
  void theFirstIsToldBeforeAnythingIsSent() throws Exception {
    var sent = new ArrayList<Integer>();
    RunListener counting =
        event -> {
          events.add(event);
          if (event instanceof RunEvent.StepStarted) {
            sent.add(requests.deadlines().size());
          }
        };
    TestRuns.runner(new Interposed(shells, requests), NoCluster.NONE, counting)
        .apply(
            "r",
            TestInventory.of(hosts),
            book(file("one"), file("two")),
            TestRuns.OPTIONS,
            Optional.empty());
    assertThat(sent).containsExactly(LOOKS, LOOKS + 1);
  }

  /** The look between them found that the third is to be done before the second is tried again. */
  @Test
  void whatBrokeIsNotTriedAgain() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("there"), "there");
    var undoing = standing("one", "rm -f \"${1%/*}/there\"; echo >\"$1\"");
    var breaking = standing("two", "echo x >>\"$1.tried\"; return 1");
    apply(book(undoing, file("there"), breaking, file("three")));
    assertThat(outcomes().get(1)).isInstanceOf(Outcome.Changed.class);
    assertThat(outcomes().get(2)).isInstanceOf(Outcome.Failed.class);
    assertThat(directory.resolve("two.tried")).hasContent("x\n");
    assertThat(directory.resolve("three")).doesNotExist();
  }

  /** What was printed before it is not its word. */
  @Test
  void whatFailsIsToldInItsOwnWords() throws Exception {
    apply(
        book(
            standing("one", "try sh -c 'echo loud >&2'; echo >\"$1\""),
            standing("two", "echo theirs >&2; echo >\"$1\""),
            standing("three", "return 4")));
    assertThat(outcomes().getLast())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it -> {
              assertThat(it.failure().what())
                  .isEqualTo("its repair failed with exit status 4 and no word");
              assertThat(it.failure().lines()).isEmpty();
            });
  }

  /** The connection goes where the look behind one that broke is asked. */
  @Test
  void whereNobodySawWhatWasDoneThatIsSaid() throws Exception {
    var dying = new DyingTransport(6, DyingTransport.Moment.BEFORE);
    events.clear();
    TestRuns.runner(dying.to(shells), NoCluster.NONE, events::add)
        .apply(
            "r",
            TestInventory.of(hosts),
            book(file("one"), file("two"), standing("three", "return 4"), file("four")),
            TestRuns.OPTIONS,
            Optional.empty());
    assertThat(dying.died()).isTrue();
    assertThat(outcomes()).hasSize(3);
    assertThat(outcomes().getFirst())
        .isInstanceOfSatisfying(
            Outcome.Skipped.class,
            it -> assertThat(it.reason()).startsWith("not known whether it was done: "));
    assertThat(outcomes().get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, it -> assertThat(it.failure().what()).contains("exit status 4"));
    assertThat(outcomes().getLast())
        .isInstanceOfSatisfying(
            Outcome.Skipped.class,
            it -> assertThat(it.reason()).doesNotContain("not known whether it was done"));
  }

  /** It waits for something when the end is asked for. */
  @Test
  void whatWasDoneTogetherAndIsWaitedForIsNotPassedOver() throws Exception {
    var interrupt = new Interrupt();
    var waiting =
        new Piece() {
          @Override
          public Probes probes() {
            return file("two").probes();
          }

          @Override
          public Check check(Observations seen) {
            var until = Call.of(new ShellFunction("never", "return 1"));
            return file("two").check(seen) instanceof Check.Drift drift
                ? drift
                : new Check.NotYet("godot", Duration.ofMinutes(5), until, until);
          }
        };
    RunListener ending =
        event -> {
          events.add(event);
          if (event instanceof RunEvent.StepStarted(_, _, var doing)
              && doing.startsWith("waiting for godot")) {
            assertThat(interrupt.request()).isTrue();
          }
        };
    events.clear();
    new Runner(shells, new NoDesk(), NoCluster.NONE, ending, interrupt, HostKeyPrompt.REFUSE)
        .apply(
            "r",
            TestInventory.of(hosts),
            book(file("one"), waiting, own("three", "echo >\"$1\"")),
            TestRuns.OPTIONS,
            Optional.empty());
    assertThat(outcomes().get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it -> assertThat(it.failure().what()).isEqualTo("not waited for: godot"));
    assertThat(outcomes().getLast()).isInstanceOf(Outcome.Skipped.class);
  }

  /** An end was asked for meanwhile: it is not done once more. */
  @Test
  void whatDidNotTakeIsNotTriedAgainOnceAnEndWasAskedFor() throws Exception {
    var interrupt = new Interrupt();
    RunListener ending =
        event -> {
          events.add(event);
          if (event instanceof RunEvent.StepStarted(_, var step, _) && step.index() == 1) {
            assertThat(interrupt.request()).isTrue();
          }
        };
    events.clear();
    new Runner(shells, new NoDesk(), NoCluster.NONE, ending, interrupt, HostKeyPrompt.REFUSE)
        .apply(
            "r",
            TestInventory.of(hosts),
            book(standing("one", "echo x >>\"$1.tried\""), file("two")),
            TestRuns.OPTIONS,
            Optional.empty());
    assertThat(directory.resolve("one.tried")).hasContent("x\n");
    assertThat(outcomes().getFirst()).isInstanceOf(Outcome.Failed.class);
    assertThat(outcomes().getLast()).isInstanceOf(Outcome.Changed.class);
  }

  /** One that hangs is ended after the longest of their times, not after the sum of all. */
  @Test
  void noneIsWaitedForInTheNameOfAll() throws Exception {
    var slow = standing("slow", "echo >\"$1\"");
    var limit = Duration.ofMinutes(20);
    apply(
        book(
            file("one"),
            new Own(slow.question(), slow.script().within(limit), false),
            file("two")));
    assertThat(changed()).hasSize(3);
    var look = TestRuns.OPTIONS.lookLimit();
    assertThat(requests.deadlines())
        .containsExactly(look.toSeconds(), limit.plus(look).toSeconds());
  }
}
