package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Content;
import io.provision.model.Secret;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.BlockOfLines;
import io.provision.resource.Directory;
import io.provision.resource.Files;
import io.provision.resource.GuardedCommand;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which repairs go over in one exec, and that nothing but the count of those tells of it. */
final class BundleTest extends PieceRuns {
  @Test
  void whatNeedsNoLookBetweenGoesOverInOneExecAndEachIsToldAsEver() throws Exception {
    var book =
        book(
            own("first", "echo >\"$1\""),
            Directory.of(path("sub")),
            file("sub/one"),
            file("sub/two"),
            bringing("package", "[ -s \"${1%/*}/sub/two\" ] && echo >\"$1\""),
            file("behind"),
            file("last"));
    var report = apply(book);
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 7, 0, 0, 0, 0, 0));
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
    assertThat(changed())
        .containsExactly(
            path("first"),
            path("sub"),
            path("sub/one"),
            path("sub/two"),
            path("package"),
            path("behind"),
            path("last"));
    assertThat(events.stream().filter(RunEvent.StepStarted.class::isInstance))
        .extracting(event -> ((RunEvent.StepStarted) event).step().index())
        .containsExactly(0, 1, 2, 3, 4, 5, 6);

    var told = told();
    assertThat(apply(book).total().changed()).isZero();
    assertThat(requests.taken()).isZero();
    assertThat(told()).as("a converged host is asked once").isEqualTo(1);
    assertThat(told)
        .as("a look, a session, its lock, and what was counted")
        .isEqualTo(3 + LOOKS + 2);
  }

  @Test
  void whatDoesNotStandAloneGoesAlone() throws Exception {
    assertThat(apply(book(file("one"), own("two", "echo >\"$1\""), file("three"))).total())
        .isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(requests.taken()).as("two and three go together").isEqualTo(LOOKS + 2);
    assertThat(apply(book(file("a"), own("b", "echo >\"$1\""), own("c", "echo >\"$1\""))).total())
        .isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(requests.taken()).isEqualTo(LOOKS + 3);
  }

  /** It has nothing to run, so that nothing was changed for it. */
  @Test
  void whatOnlyWantsToBeLookedAtGoesAlone() throws Exception {
    Kind<Boolean> kind = Kind.single(new ShellFunction("look_there", "[ -e \"$1\" ]"), Frame::ok);
    var there = Question.of(kind, "/" + path("one"));
    Piece looks =
        new Piece() {
          @Override
          public Probes probes() {
            return Probes.of(there);
          }

          @Override
          public Check check(Observations seen) {
            return seen.of(there)
                ? new Check.InSync()
                : new Check.Drift(
                    List.of(Change.of(Change.Action.UPDATE, "it")),
                    new Repair.OnHost(List.of(), true));
          }
        };
    apply(book(file("one"), looks, file("three")));
    assertThat(outcomes().get(1)).isEqualTo(new Outcome.Ok());
    assertThat(outcomes().getLast()).isInstanceOf(Outcome.Changed.class);
  }

  @Test
  void aSecretGoesAlone() throws Exception {
    var secret = ManagedFile.of(path("secret"), new Content.Sensitive(Secret.of("s3cr3t")));
    assertThat(apply(book(file("one"), secret, file("two"))).total().changed()).isEqualTo(3);
    assertThat(requests.taken()).isEqualTo(LOOKS + 3);
  }

  /** The second edits what the first has written. */
  @Test
  void twoStepsOfOneFileDoNotGoTogether() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("shared"), "theirs\n");
    var one = new BlockOfLines(path("shared"), "one", List.of("1"));
    var two = new BlockOfLines(path("shared"), "two", List.of("2"));
    assertThat(apply(book(one, two)).total()).isEqualTo(new Report.Tally(0, 2, 0, 0, 0, 0, 0));
    assertThat(directory.resolve("shared")).content().contains("\n1\n").contains("\n2\n");
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
  }

  @Test
  void whatOthersMayWaitForIsNotKeptBack() throws Exception {
    var items =
        List.of(
            item(0, new Of(file("one"), Set.of())),
            item(1, new Of(file("two"), Set.of(OUTPUT))),
            item(2, new Of(file("three"), Set.of())));
    apply(new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items))));
    assertThat(changed()).hasSize(3);
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
    events.clear();
    var between =
        List.of(
            item(0, new Of(file("four"), Set.of())),
            item(1, new Of(file("two"), Set.of(OUTPUT))),
            item(2, new Of(file("five"), Set.of())));
    apply(new Playbook(List.of(new Play.OnHosts("all", hosts, 0, between))));
    assertThat(outcomes()).element(1).isEqualTo(new Outcome.Ok());
    assertThat(requests.taken()).as("in sync, and promised").isEqualTo(LOOKS + 2);
  }

  /** Restarts with what it reads, and is in sync until that changes. */
  private Piece reader(String file, String note) {
    return new Piece() {
      @Override
      public Probes probes() {
        return Probes.of(Files.ofOthers(path(file)), Files.at(path(note)));
      }

      @Override
      public Check check(Observations seen) {
        if (!seen.of(Files.ofOthers(path(file))).exists()
            || seen.of(Files.at(path(note))).exists()) {
          return new Check.InSync();
        }
        var restart =
            Script.of(
                new ShellFunction("restart_it", "ls \"$2\" >\"$1\""),
                path(note),
                directory.toString());
        return new Check.Drift(
            List.of(Change.of(Change.Action.RESTART, "it")), new Repair.OnHost(restart));
      }
    };
  }

  @Test
  void whatHangsOnTheFirstKeepsItsPlaceBeforeTheNext() throws Exception {
    var total = apply(book(file("conf"), reader("conf", "restarted"), file("next"))).total();
    assertThat(total).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(directory.resolve("restarted")).content().contains("conf").doesNotContain("next");
  }

  /** Not needed while the first is missing: what it asks names no file. */
  @Test
  void aCommandThatCanHangOnTheFirstKeepsItsPlaceBeforeTheNext() throws Exception {
    var command =
        new GuardedCommand(
            List.of("/bin/sh", "-c", "cp %s %s".formatted(path("cert"), path("bundle"))),
            Optional.empty(),
            List.of(
                "/bin/sh",
                "-c",
                "[ ! -e %s ] || [ -e %s ]".formatted(path("cert"), path("bundle"))),
            Duration.ofMinutes(1));
    var needs = bringing("package", "[ -e \"${1%/*}/bundle\" ] && echo >\"$1\"");
    assertThat(apply(book(file("cert"), command, needs)).total())
        .isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
  }

  @Test
  void whatIsInSyncAndHangsOnNothingIsPassed() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("there"), "there");
    var total = apply(book(file("one"), file("there"), file("two"))).total();
    assertThat(total).isEqualTo(new Report.Tally(1, 2, 0, 0, 0, 0, 0));
    assertThat(requests.taken()).isEqualTo(LOOKS + 1);
  }

  @Test
  void aPlanThatIsKeptToKeepsItAsEver() throws Exception {
    var book = book(file("one"), file("two"), file("three"));
    var plan = runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    events.clear();
    requests.taken();
    runner().apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.of(plan.plan()));
    assertThat(outcomes()).allMatch(Outcome.Changed.class::isInstance).hasSize(3);
    assertThat(requests.taken()).isEqualTo(LOOKS + 1);
  }

  /** Known only once another step was done, and then it takes something away. */
  private record Removing(Piece piece, Need need) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return piece.probes();
    }

    @Override
    public Set<Need> needs(Target.OnHost target) {
      return Set.of(need);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return piece.check(seen) instanceof Check.Drift(_, var repair, _)
          ? new Check.Drift(List.of(Change.of(Change.Action.REMOVE, "it")), repair)
          : new Check.InSync();
    }
  }

  @Test
  void whatAPlanDoesNotNameIsNotTakenAlong() throws Exception {
    var items = new ArrayList<Item<Target.OnHost>>();
    items.add(new Item<>(ref(0), new FileStep(directory, "first", "1")));
    items.add(item(1, new Of(file("one"), Set.of())));
    var removing = standing("two", "echo >\"$1\"");
    items.add(new Item<>(ref(2), new Removing(removing, Need.all(FileStep.TEXT, hosts))));
    var book = new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items)));
    var plan = runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    events.clear();
    runner().apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.of(plan.plan()));
    assertThat(outcomes().subList(0, 2)).allMatch(Outcome.Changed.class::isInstance);
    assertThat(outcomes().getLast())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it -> assertThat(it.failure().what()).contains("which the plan does not name"));
    assertThat(directory.resolve("two")).doesNotExist();
    requests.taken();
    assertThat(apply(book).total().changed()).as("where no plan is kept to").isEqualTo(1);
  }

  /** What one host does in a batch waits for the batch before, whatever it does before that. */
  @Test
  void aBatchIsWaitedFor() throws Exception {
    var both = List.of(TestInventory.host("a"), TestInventory.host("b"));
    var order = directory.resolve("order").toString();
    Function<String, Of> noting =
        name ->
            new Of(
                new Own(
                    Files.at(path(name)),
                    Script.of(
                            new ShellFunction("note_it", "echo \"$2\" >>\"$3\"; echo >\"$1\""),
                            path(name),
                            name,
                            order)
                        .standingAlone(),
                    false),
                Set.of());
    var plays =
        List.<Play>of(
            new Play.OnHosts(
                "a late", both.subList(0, 1), 0, List.of(item(0, new Of(late(), Set.of())))),
            new Play.OnHosts("b", both.subList(1, 2), 0, List.of(item(1, noting.apply("b1")))),
            new Play.OnHosts(
                "a by turns", both.subList(0, 1), 1, List.of(item(2, noting.apply("a2")))),
            new Play.OnHosts(
                "b by turns", both.subList(1, 2), 1, List.of(item(3, noting.apply("b2")))));
    runner()
        .apply(
            "r", TestInventory.of(both), new Playbook(plays), TestRuns.OPTIONS, Optional.empty());
    assertThat(outcomes()).allMatch(Outcome.Changed.class::isInstance).hasSize(4);
    assertThat(requests.taken()).as("none goes with another").isEqualTo(2 * LOOKS + 4);
  }

  private Own late() {
    return standing("late", "echo >\"$1\"");
  }
}
