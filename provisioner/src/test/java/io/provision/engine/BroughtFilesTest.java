package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.remote.Call;
import io.provision.remote.LocalShell;
import io.provision.remote.ShellFunction;
import io.provision.resource.Absent;
import io.provision.resource.GuardedCommand;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package brings files along that later steps of the same list speak of. */
final class BroughtFilesTest {
  @TempDir Path directory;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = List.of(TestInventory.host("a"));

  /** A step that is one piece. */
  private record Of(Piece piece) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return piece.probes();
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return piece.check(seen);
    }

    @Override
    public Optional<Change> whenChanged(Target.OnHost target, String subject) {
      return piece.whenChanged(subject);
    }

    @Override
    public Set<Change.Action> mayDo() {
      return EnumSet.allOf(Change.Action.class);
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /** Brings a site that is not wanted, and writes over a file that was as it should be. */
  private Piece packages() {
    var script =
        "echo theirs >%s; echo theirs >%s; echo done >%s"
            .formatted(path("site"), path("conf"), path("package"));
    return new GuardedCommand(
        List.of("/bin/sh", "-c", script),
        Optional.of(path("package")),
        List.of(),
        Duration.ofMinutes(1));
  }

  /** Something that goes on by itself, and writes over a file that was as it should be. */
  private Piece othersAtWork() {
    var until =
        Call.of(
            new ShellFunction("until_others", "echo theirs >\"$1\" && touch \"$2\""),
            path("conf"),
            path("package"));
    var silent = Call.of(new ShellFunction("explain_others", "return 0"));
    return new Piece() {
      @Override
      public Probes probes() {
        return Probes.of(io.provision.resource.Files.at(path("package")));
      }

      @Override
      public Check check(Observations seen) {
        return seen.of(io.provision.resource.Files.at(path("package"))).exists()
            ? new Check.InSync()
            : new Check.NotYet(
                "others", Duration.ofMinutes(1), new Wait.OnHost(until, silent, true));
      }
    };
  }

  @Test
  void whatOthersWroteWhileTheyWereWaitedForIsMendedInTheSameRun() throws Exception {
    Files.writeString(directory.resolve("conf"), "ours");
    var book =
        book(
            othersAtWork(),
            new Absent(path("site")),
            ManagedFile.of(path("conf"), Content.of("ours")));
    var report =
        runner().apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.empty());
    assertThat(events).filteredOn(RunEvent.TargetFailed.class::isInstance).isEmpty();
    assertThat(report.report().total().changed()).isEqualTo(1);
    assertThat(directory.resolve("conf")).hasContent("ours");
  }

  private Playbook book() throws IOException {
    Files.writeString(directory.resolve("conf"), "ours");
    var conf = ManagedFile.of(path("conf"), Content.of("ours"));
    return book(packages(), new Absent(path("site")), conf);
  }

  private Playbook book(Piece... pieces) {
    var items = new java.util.ArrayList<Item<Target.OnHost>>();
    for (var piece : pieces) {
      var at = new Position("book.yml", items.size() + 1, 1);
      items.add(new Item<>(new StepRef("step-" + items.size(), items.size(), at), new Of(piece)));
    }
    return new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items)));
  }

  @Test
  void whatComesAlongIsMendedInTheSameRun() throws Exception {
    var report =
        runner().apply("r", TestInventory.of(hosts), book(), TestRuns.OPTIONS, Optional.empty());

    assertThat(events).filteredOn(RunEvent.TargetFailed.class::isInstance).isEmpty();
    assertThat(report.report().total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(directory.resolve("site")).doesNotExist();
    assertThat(directory.resolve("conf")).hasContent("ours");
  }

  @Test
  void aPlanSaysThatWhatIsAbsentNowMayComeAlongAndKeepsToThat() throws Exception {
    var book = book();
    var plan = runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(events)
        .anySatisfy(event ->
            assertThat(event.toString())
                .contains("StepFinished", "step-1", "Pending", "what 'step-0' brings along"));

    var report =
        runner()
            .apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.of(plan.plan()));
    assertThat(report.report().stopped()).isEmpty();
    assertThat(directory.resolve("site")).doesNotExist();
  }

  /** What it wants is what it says; the files that its repair writes are others' too. */
  private record Says(Piece piece, List<Change> changes) implements Piece {
    @Override
    public Probes probes() {
      return piece.probes();
    }

    @Override
    public Check check(Observations seen) {
      return piece.check(seen) instanceof Check.Drift(_, var repair, var observed)
          ? new Check.Drift(changes, repair, observed)
          : new Check.InSync();
    }
  }

  private Piece touching(String file) {
    return new GuardedCommand(
        List.of("touch", path(file)), Optional.of(path(file)), List.of(), Duration.ofMinutes(1));
  }

  private static Change restart(String why) {
    return Change.of(Change.Action.RESTART, "unit x", why, "as the files say");
  }

  private Piece upgrade(Change... changes) {
    return new Says(packages(), List.of(changes));
  }

  private Piece site(Change... changes) {
    return new Says(touching("site"), List.of(changes));
  }

  private static final Change INSTALL =
      Change.of(Change.Action.INSTALL, "/usr/local/bin/x", "old", "new");

  @Test
  void whatAnEarlierItemDoesStandsInAPlanOnceAndIsAppliedAsItStands() throws Exception {
    var drain = Change.of(Change.Action.DRAIN, "node x");
    var book =
        book(
            upgrade(drain, INSTALL, restart("it is old")),
            site(INSTALL),
            site(restart("x differs")));
    var plan = runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(outcomes())
        .containsExactly(
            new Outcome.WouldChange(List.of(drain, INSTALL, restart("it is old"))),
            new Outcome.Skipped("'step-0' does it"),
            new Outcome.Skipped("'step-0' does it"));
    events.clear();

    runner().apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.of(plan.plan()));
    assertThat(outcomes())
        .containsExactly(
            new Outcome.Changed(List.of(drain, INSTALL, restart("it is old"))),
            new Outcome.Ok(),
            new Outcome.Ok());
  }

  /** A saved plan allows what it named, also where the earlier item did not do all of it. */
  @Test
  void whatAnEarlierItemShouldHaveDoneIsAllowedToTheLaterOne() throws Exception {
    var book = book(upgrade(INSTALL), new Says(touching("other"), List.of(INSTALL)));
    var plan = runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    events.clear();
    runner().apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.of(plan.plan()));
    assertThat(outcomes()).allMatch(Outcome.Changed.class::isInstance).hasSize(2);
  }

  @Test
  void whatDiffersBesidesOrInContentStandsInAPlanAsItIs() throws Exception {
    var more = Change.of(Change.Action.UPDATE, "/etc/x");
    var other = Change.of(Change.Action.INSTALL, "/usr/local/bin/x", "old", "another");
    var book = book(upgrade(INSTALL), site(INSTALL, more), site(other));
    runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(outcomes()).allMatch(Outcome.WouldChange.class::isInstance).hasSize(3);
  }

  /** A program that runs with what is in a file, however it does that. */
  private record Reads(String file, Change then) implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(io.provision.resource.Files.ofOthers(file));
    }

    @Override
    public Check check(Observations seen) {
      return new Check.InSync();
    }

    @Override
    public Optional<Change> whenChanged(String subject) {
      return subject.equals(file) ? Optional.of(then) : Optional.empty();
    }
  }

  /** It is not known what the file will be; that the unit restarts with it is. */
  @Test
  void aPlanSaysWhatAChangeCostsThatAnEarlierStepMakes() throws Exception {
    var conf = ManagedFile.of(path("conf"), Content.of("ours"));
    var restart = Change.of(Change.Action.RESTART, "unit x.service");
    var book = book(conf, new Reads(path("conf"), restart));
    runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(outcomes().getLast())
        .isInstanceOfSatisfying(
            Outcome.Pending.class,
            it ->
                assertThat(it.awaiting())
                    .isEqualTo(
                        "%s, which 'step-0' changes; then restart unit x.service"
                            .formatted(path("conf"))));
    events.clear();
    Files.writeString(directory.resolve("conf"), "ours");
    runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(outcomes().getLast()).isEqualTo(new Outcome.Ok());
  }

  private List<Outcome> outcomes() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .toList();
  }

  private Runner runner() {
    return TestRuns.runner(transport, NoCluster.NONE, events::add);
  }
}
