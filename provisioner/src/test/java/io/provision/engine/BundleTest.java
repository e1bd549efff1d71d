package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.remote.Call;
import io.provision.remote.CountedRequests;
import io.provision.remote.DyingTransport;
import io.provision.remote.Frame;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.BlockOfLines;
import io.provision.resource.Directory;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.GuardedCommand;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which repairs go over in one exec, and that nothing but the count of those tells of it. */
final class BundleTest {
  /** The look under the lock; the last one goes with the last repair. */
  private static final int LOOKS = 1;

  private static final Output<String> OUTPUT = new Output<>("an output", String.class);

  @TempDir Path directory;
  private LocalShell shells;
  private final CountedRequests requests = new CountedRequests();
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = List.of(TestInventory.host("a"));

  /** A step that is one piece, and promises what it is told to. */
  private record Of(Piece piece, Set<Output<?>> provided) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return piece.probes();
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return provided;
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return piece.check(seen);
    }
  }

  /** A file with a repair of its own. */
  private record Own(Question<FileState> question, Script script, boolean bringsFiles)
      implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(question);
    }

    @Override
    public Check check(Observations seen) {
      return seen.of(question).exists()
          ? new Check.InSync()
          : new Check.Drift(
              List.of(Change.of(Change.Action.CREATE, question.arguments().getFirst())),
              new Repair.OnHost(List.of(script), bringsFiles));
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    shells = new LocalShell(java.nio.file.Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    shells.close();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private ManagedFile file(String name) {
    return ManagedFile.of(path(name), Content.of(name));
  }

  private Own own(String name, String body) {
    var function = new ShellFunction("make_" + name, body);
    return new Own(Files.at(path(name)), Script.of(function, path(name)), false);
  }

  private Own standing(String name, String body) {
    var own = own(name, body);
    return new Own(own.question(), own.script().standingAlone(), false);
  }

  private Own bringing(String name, String body) {
    var own = standing(name, body);
    return new Own(own.question(), own.script(), true);
  }

  private Playbook book(Piece... pieces) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var piece : pieces) {
      items.add(item(items.size(), new Of(piece, Set.of())));
    }
    return new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items)));
  }

  private static Item<Target.OnHost> item(int index, Of step) {
    return new Item<>(ref(index), step);
  }

  private static StepRef ref(int index) {
    return new StepRef("step-" + index, index, new Position("book.yml", index + 1, 1));
  }

  private Report apply(Playbook book) throws Exception {
    events.clear();
    requests.taken();
    return runner()
        .apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.empty())
        .report();
  }

  private Runner runner() {
    return TestRuns.runner(new Interposed(shells, requests), NoCluster.NONE, events::add);
  }

  /** What its host is told to have been asked. */
  private int told() {
    return events.stream()
        .filter(RunEvent.Parted.class::isInstance)
        .mapToInt(event -> ((RunEvent.Parted) event).requests())
        .sum();
  }

  private List<Outcome> outcomes() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .toList();
  }

  private List<String> changed() {
    return outcomes().stream()
        .map(it -> ((Outcome.Changed) it).changes().getFirst().subject())
        .toList();
  }

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

  @Test
  void whatTheLastBringsAlongIsSeen() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("conf"), "conf");
    var brings = bringing("package", "echo theirs >\"${1%/*}/conf\"; echo >\"$1\"");
    var report = apply(book(file("one"), brings, file("conf")));
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(directory.resolve("conf")).hasContent("conf");
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
  }

  @Test
  void whatALaterOneUndidIsMendedAndFoundAtTheEnd() throws Exception {
    var report =
        apply(
            book(
                Pieces.all(file("zero"), file("one")),
                standing("two", "rm -f \"${1%/*}/one\"; echo >\"$1\""),
                file("three")));
    assertThat(outcomes()).allMatch(Outcome.Changed.class::isInstance).hasSize(3);
    assertThat(((Outcome.Changed) outcomes().getFirst()).changes())
        .extracting(Change::subject)
        .containsExactly(path("zero"), path("one"));
    assertThat(directory.resolve("one")).exists();
    assertThat(report.total().failed()).isZero();
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
  }

  /** The look behind the last repair is the last look: it is at everything. */
  @Test
  void whatTheLastRepairUndidIsFoundWithoutAnotherExec() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("zero"), "zero");
    var report = apply(book(file("zero"), own("last", "rm \"${1%/*}/zero\"; echo >\"$1\"")));
    assertThat(report.total().failed()).isEqualTo(1);
    assertThat(
            events.stream().filter(RunEvent.TargetFailed.class::isInstance).map(Object::toString))
        .singleElement()
        .asString()
        .contains("at the end of the run it differs again: 'step-0'");
    assertThat(requests.taken()).isEqualTo(LOOKS + 1);
  }

  @Test
  void whereItDidNotSeemToBeTheLastRepairThereIsALastLook() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("zero"), "zero");
    java.nio.file.Files.createDirectory(directory.resolve("a"));
    java.nio.file.Files.writeString(directory.resolve("a/all"), "{a=1}");
    var undoing =
        new ShellFunction("undo_zero", "rm -f \"${1%/*}/../zero\"; head -c \"$payload_1\" >\"$1\"");
    var items = new ArrayList<Item<Target.OnHost>>();
    items.add(item(0, new Of(file("zero"), Set.of())));
    items.add(new Item<>(ref(1), new FileStep(directory, "first", "1", undoing, Optional.empty())));
    var need = Optional.of(Need.all(FileStep.TEXT, hosts));
    items.add(new Item<>(ref(2), new FileStep(directory, "all", "", FileStep.WRITE, need)));
    var report = apply(new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items))));
    assertThat(outcomes().getLast()).isEqualTo(new Outcome.Ok());
    assertThat(report.total().failed()).isEqualTo(1);
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
  }

  /** There, and up only later: what happens meanwhile undoes another file. */
  private Piece slow(boolean asking) {
    var other = "[ ! -e \"$1/slow\" ] || { rm -f \"$1/zero\"; echo >\"$1/up\"; }";
    Kind<Boolean> kind =
        Kind.single(
            new ShellFunction(
                "look_up",
                "[ -e \"$1/up\" ] && return 0; %s; return 1".formatted(asking ? other : ":")),
            Frame::ok);
    var up = Question.of(kind, directory.toString());
    var there = standing("slow", "echo >\"$1\"");
    var until = Call.of(new ShellFunction("until_up", other), directory.toString());
    return new Piece() {
      @Override
      public Probes probes() {
        return there.probes().and(Probes.of(up));
      }

      @Override
      public Check check(Observations seen) {
        if (!(there.check(seen) instanceof Check.InSync)) {
          return there.check(seen);
        }
        var limit = Duration.ofMinutes(1);
        return seen.of(up)
            ? new Check.InSync()
            : asking
                ? new Check.NotYet("it", limit, "it is not", "look")
                : new Check.NotYet("it", limit, until, until);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatHappensWhileSomethingIsWaitedForIsSeenByALastLook(boolean asking) throws Exception {
    java.nio.file.Files.writeString(directory.resolve("zero"), "zero");
    var report = apply(book(file("zero"), file("one"), slow(asking)));
    assertThat(outcomes().getLast()).isInstanceOf(Outcome.Changed.class);
    assertThat(directory.resolve("zero")).doesNotExist();
    assertThat(report.total().failed()).isEqualTo(1);
  }

  /** It hangs on another in a way that nobody can know: it asks about that by another name. */
  private Piece following(String file, String name) {
    Kind<Boolean> kind = Kind.single(new ShellFunction("look_" + name, "[ -e \"$1\" ]"), Frame::ok);
    var there = Question.of(kind, "/" + path(file));
    var ours = own(name, "echo >\"$1\"");
    return new Piece() {
      @Override
      public Probes probes() {
        return ours.probes().and(Probes.of(there));
      }

      @Override
      public Check check(Observations seen) {
        return seen.of(there) ? ours.check(seen) : new Check.InSync();
      }
    };
  }

  @Test
  void whereMoreIsToBeDoneAfterAllThatIsLookedAtToo() throws Exception {
    var report = apply(book(file("one"), following("one", "two"), following("two", "three")));
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(requests.taken()).isEqualTo(LOOKS + 3);
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
