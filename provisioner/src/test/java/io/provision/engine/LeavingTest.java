package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Removal;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.remote.Frame;
import io.provision.remote.LocalShell;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Orphan;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeavingTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Removal> asked = new CopyOnWriteArrayList<>();
  private volatile boolean agrees = true;
  private volatile boolean locked;
  private final Inventory inventory = TestInventory.of(List.of(TestInventory.host("a")));

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectories(directory.resolve("files/a")).getParent();
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @Test
  void whatLeftIsReportedByEveryRunAndNeverTouchedByOneThatWasNotAsked() throws Exception {
    leave("host-w3");
    assertThat(plan().report().total()).isEqualTo(new Report.Tally(0, 0, 0, 0, 1, 0, 0, 0));
    for (var run = 0; run < 2; run++) {
      assertThat(apply().report().total()).isEqualTo(new Report.Tally(0, 0, 0, 0, 1, 0, 0, 0));
    }
    assertThat(files.resolve("a/host-w3")).exists();
    assertThat(outcomes().getLast())
        .isInstanceOfSatisfying(
            Outcome.Leaving.class,
            it -> assertThat(it.left().getFirst().options()).isEqualTo("--remove host/w3"));
  }

  @Test
  void whatWasAskedForIsPlannedAsARemovalAndDoneOnce() throws Exception {
    leave("host-w3");
    assertThat(plan("w3").report().total().wouldChange()).isEqualTo(1);
    assertThat(files.resolve("a/host-w3")).exists();
    assertThat(apply("host/w3").report().total().changed()).isEqualTo(1);
    assertThat(files.resolve("a/host-w3")).doesNotExist();
    assertThat(apply().report().total()).isEqualTo(new Report.Tally(1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void onlyWhatWasAskedForIsRemovedAndTheRestIsToldAllTheSame() throws Exception {
    leave("host-w3", "host-w4");
    assertThat(apply("w4").report().total().changed()).isEqualTo(1);
    assertThat(files.resolve("a/host-w3")).exists();
    assertThat(files.resolve("a/host-w4")).doesNotExist();
    assertThat(notes()).singleElement().asString().contains("host/w3", "--remove host/w3");
  }

  @Test
  void whoLeavesTogetherIsAskedForTogether() throws Exception {
    leave("pair-x+y");
    assertThat(apply("x").report().total().leaving()).isEqualTo(1);
    assertThat(files.resolve("a/pair-x+y")).exists();
    assertThat(apply("x", "y").report().total().changed()).isEqualTo(1);
  }

  @Test
  void anUnknownNameStopsTheRunBeforeAnythingAndSaysWhatThereIs() throws Exception {
    leave("host-w3", "host-w4");
    var report = apply("w3", "w5").report();
    assertThat(report.stopped())
        .containsInstanceOf(Report.Stop.NothingLeaves.class)
        .hasValueSatisfying(stop -> {
          assertThat(stop.what()).contains("'w5'").doesNotContain("w3");
          assertThat(stop.remedy()).contains("host/w3, host/w4");
        });
    assertThat(files.resolve("a/host-w3")).exists();
  }

  @Test
  void aNameThatCanBeThisOrThatStopsTheRunUntilItsKindIsSaid() throws Exception {
    leave("host-old", "volume-old");
    assertThat(apply("old").report().stopped().orElseThrow().what())
        .contains("host/old, volume/old");
    assertThat(files.resolve("a/volume-old")).exists();
    assertThat(apply("volume/old").report().total().changed()).isEqualTo(1);
    assertThat(files.resolve("a/host-old")).exists();
    assertThat(files.resolve("a/volume-old")).doesNotExist();
  }

  @Test
  void whereNotAllWasHeardAnUnknownNameStopsNothing() throws Exception {
    transport.takeDown("a");
    assertThat(apply("w3").report().stopped()).isEmpty();
    assertThat(notes()).singleElement().asString().contains("'w3' was not found");
  }

  @Test
  void aRefusedRemovalIsAFailureOnlyWhereItWasAskedFor() throws Exception {
    leave("stuck-v");
    assertThat(apply().report().total().failed()).isZero();
    assertThat(((Outcome.Leaving) outcomes().getLast()).left().getFirst().obstacle())
        .contains("data would be lost");
    assertThat(apply("v").report().total().failed()).isEqualTo(1);
    assertThat(files.resolve("a/stuck-v")).exists();
  }

  @Test
  void aRemovalIsConfirmedOnceByNameBeforeAnyLockIsTaken() throws Exception {
    leave("host-w3", "pair-x+y");
    assertThat(apply("w3", "x", "y").report().total().changed()).isEqualTo(1);
    assertThat(asked)
        .extracting(Removal::names)
        .containsExactly(List.of("host/w3"), List.of("pair/x", "pair/y"));
    assertThat(asked.getFirst().changes())
        .extracting(Change::subject)
        .containsExactly("a: host-w3");
    assertThat(asked.getFirst().aftermath()).isEqualTo("what stays");
    assertThat(locked).as("a lock was held while it was asked").isFalse();
    assertThat(events.stream().filter(RunEvent.Locked.class::isInstance)).hasSize(1);
  }

  @Test
  void whoDoesNotAgreeChangesNothingAtAll() throws Exception {
    leave("host-w3");
    agrees = false;
    assertThat(apply("w3").report().stopped()).containsInstanceOf(Report.Stop.NotAgreed.class);
    assertThat(files.resolve("a/host-w3")).exists();
    assertThat(events).noneMatch(RunEvent.Locked.class::isInstance);
  }

  @Test
  void aPlanAndWhatIsRefusedOrWasNotAskedForIsNoQuestion() throws Exception {
    leave("host-w3", "host-w4", "stuck-v");
    var _ = plan("w3");
    var _ = apply("v");
    assertThat(asked).isEmpty();
  }

  @Test
  void aNameThatNobodyCouldExplainYetIsAskedForAsSuch() throws Exception {
    transport.takeDown("a");
    var _ = apply("w3");
    assertThat(asked).containsExactly(new Removal(List.of("w3"), List.of(), ""));
  }

  @Test
  void aSavedPlanRemovesWhatItNames() throws Exception {
    leave("host-w3");
    var plan = plan("w3").plan();
    var asked = options("w3");
    var report = runner().apply("r", inventory, book(), asked, Optional.of(plan)).report();
    assertThat(report.total().changed()).isEqualTo(1);
  }

  @Test
  void aPlanThatRemovesNothingLetsNobodyRemoveSomething() throws Exception {
    leave("host-w3");
    var plan = plan().plan();
    var report = runner().apply("r", inventory, book(), options("w3"), Optional.of(plan)).report();
    assertThat(report.stopped()).containsInstanceOf(Report.Stop.PlanMoved.class);
    assertThat(files.resolve("a/host-w3")).exists();
  }

  @Test
  void aHostThatIsOutsideTheLimitRemovesNothing() throws Exception {
    leave("host-w3");
    var limited =
        new Options(
            Optional.of(Set.of(TargetName.of(new HostName("b")))),
            Set.of(),
            Set.of(),
            new Removals(Set.of("w3")),
            8,
            "me",
            Duration.ofMinutes(1));
    assertThat(runner().apply("r", inventory, book(), limited, Optional.empty()).report().stopped())
        .isPresent();
    assertThat(files.resolve("a/host-w3")).exists();
  }

  /** Files called KIND-NAME have left; {@code pair-x+y} are two, {@code stuck-NAME} cannot go. */
  private record Leftovers(Path root) implements Step<Target.OnHost> {
    static final Output<String> LEFT = new Output<>("left", String.class);
    private static final ShellFunction LIST = new ShellFunction("list_files", "ls \"$1\"");
    private static final ShellFunction DELETE = new ShellFunction("delete_file", "rm \"$1\"");
    private static final Kind<List<String>> KIND = Kind.single(LIST, Leftovers::read);

    private static List<String> read(Frame frame) {
      return Arrays.stream(frame.output().split("\n")).filter(it -> !it.isEmpty()).toList();
    }

    private String path(Target.OnHost target) {
      return root.resolve(target.host().name().value()).toString();
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.of(Question.of(KIND, path(target)));
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var names = seen.of(Question.of(KIND, path(target)));
      var rest = new Check.InSync(Observed.of(LEFT, names.toString()));
      var departures = names.stream().map(name -> departure(target, name)).toList();
      return departures.isEmpty() ? rest : new Check.Leaving(departures, rest);
    }

    private Departure departure(Target.OnHost target, String file) {
      var words = file.split("[-+]");
      var changes = List.of(Change.of(Change.Action.REMOVE, file));
      var orphans = new ArrayList<Orphan>();
      for (var name : List.of(words).subList(1, words.length)) {
        orphans.add(new Orphan(words[0], name));
      }
      var repair = new Repair.OnHost(Script.of(DELETE, path(target) + "/" + file));
      return new Departure(
          Set.copyOf(orphans),
          changes,
          words[0].equals("stuck")
              ? new Check.Refused("data would be lost", "copy it away")
              : new Check.Drift(changes, repair),
          "",
          "what stays");
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(LEFT);
    }

    @Override
    public Set<Change.Action> mayDo() {
      return Set.of();
    }

    @Override
    public Set<Change.Action> mayRemove() {
      return Set.of(Change.Action.REMOVE);
    }
  }

  private void leave(String... names) throws IOException {
    for (var name : names) {
      Files.createFile(files.resolve("a").resolve(name));
    }
  }

  private Playbook book() {
    var at = new Position("book.yml", 1, 1);
    var items =
        List.<Item<Target.OnHost>>of(
            new Item<>(new StepRef("leftovers", 0, at), new Leftovers(files)));
    return new Playbook(List.of(new Play.OnHosts("all", inventory.hosts(), 0, items)));
  }

  private static Options options(String... remove) {
    return new Options(
        Optional.empty(),
        Set.of(),
        Set.of(),
        new Removals(Set.of(remove)),
        8,
        "me",
        Duration.ofMinutes(1));
  }

  private Runner runner() {
    return new Runner(
        transport,
        new NoDesk(),
        NoCluster.NONE,
        events::add,
        new Interrupt(),
        HostKeyPrompt.REFUSE,
        removals -> {
          asked.addAll(removals);
          locked = events.stream().anyMatch(RunEvent.Locked.class::isInstance);
          return agrees;
        });
  }

  private RunResult plan(String... remove) throws InterruptedException {
    return runner().plan("r", inventory, book(), options(remove));
  }

  private RunResult apply(String... remove) throws InterruptedException {
    return runner().apply("r", inventory, book(), options(remove), Optional.empty());
  }

  private List<Outcome> outcomes() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(RunEvent.StepFinished.class::cast)
        .map(RunEvent.StepFinished::outcome)
        .toList();
  }

  private List<String> notes() {
    return events.stream()
        .filter(RunEvent.Note.class::isInstance)
        .map(RunEvent.Note.class::cast)
        .map(RunEvent.Note::text)
        .toList();
  }
}
