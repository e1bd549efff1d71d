package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.model.Host;
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
import io.provision.step.Need;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One orphan leaves two things, by two hosts: {@code first} takes it out of what {@code then} waits
 * for. Each thing is a file; who takes it away says so in one that both have.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DeparturesInOrderTest {
  private static final Host FIRST = TestInventory.host("first");
  private static final Host THEN = TestInventory.host("then");
  private static final Inventory INVENTORY = TestInventory.of(List.of(THEN, FIRST));

  @TempDir Path directory;
  private Path files;
  private Path said;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private Optional<Set<TargetName>> limit = Optional.empty();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    said = Files.createFile(directory.resolve("said"));
    Files.createFile(files.resolve("first"));
    Files.createFile(files.resolve("then"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @Test
  void theSecondBeginsOnceTheFirstHasEnded() throws Exception {
    assertThat(apply(Optional.empty()).report().total().changed()).isEqualTo(2);
    assertThat(said).hasContent("first began\nfirst ended\nthen began\nthen ended\n");
    assertThat(apply(Optional.empty()).report().stopped())
        .as("nothing is left")
        .containsInstanceOf(Report.Stop.NothingLeaves.class);
  }

  @Test
  void aSavedPlanSaysSoAndKeepsToIt() throws Exception {
    var plan = run().plan("p", INVENTORY, book(), options()).plan();
    assertThat(changes("then")).containsExactly("then, after first");
    assertThat(apply(Optional.of(plan)).report().total().changed()).isEqualTo(2);
    assertThat(said).hasContent("first began\nfirst ended\nthen began\nthen ended\n");
  }

  @Test
  void whereTheFirstBreaksTheSecondIsNotBegunAndSaysWhy() throws Exception {
    Files.createFile(files.resolve("first.breaks"));
    assertThat(apply(Optional.empty()).report().total().failed()).isEqualTo(2);
    assertThat(said).hasContent("first began\n");
    assertThat(failures()).hasSize(2).last().asString().contains("first stays: its repair failed");

    Files.delete(files.resolve("first.breaks"));
    assertThat(apply(Optional.empty()).report().total().changed()).isEqualTo(2);
    assertThat(said).hasContent("first began\nfirst began\nfirst ended\nthen began\nthen ended\n");
  }

  @Test
  void whereTheFirstIsRefusedNothingIsBegun() throws Exception {
    Files.createFile(files.resolve("first.refused"));
    assertThat(apply(Optional.empty()).report().total().failed()).isEqualTo(2);
    assertThat(said).isEmptyFile();
  }

  @Test
  void whereTheFirstMayNotBeChangedTheSecondIsNot() throws Exception {
    limit = Optional.of(Set.of(TargetName.of(new HostName("then"))));
    assertThat(apply(Optional.empty()).report().total().failed()).isEqualTo(1);
    assertThat(failures()).containsExactly("first is not taken away by this run");
    assertThat(said).isEmptyFile();
  }

  @Test
  void whereTheFirstIsDownTheSecondIsNotBegun() throws Exception {
    transport.takeDown("first");
    assertThat(apply(Optional.empty()).report().total().failed()).isEqualTo(1);
    assertThat(said).isEmptyFile();
  }

  /** A run that was killed between the two. */
  @Test
  void whereTheFirstHasGoneTheSecondWaitsForNobody() throws Exception {
    Files.delete(files.resolve("first"));
    var _ = run().plan("p", INVENTORY, book(), options());
    assertThat(changes("then")).containsExactly("then");
    assertThat(apply(Optional.empty()).report().total().changed()).isEqualTo(1);
    assertThat(said).hasContent("then began\nthen ended\n");
  }

  /** Takes a file away, where that has gone for which it waits. */
  private record Taking(Path root, Optional<Host> after) implements Step<Target.OnHost> {
    static final Output<Boolean> THERE = new Output<>("there", Boolean.class);
    private static final ShellFunction LIST =
        new ShellFunction("list_files", "ls -d \"$1\" \"$1\".refused 2>/dev/null");
    private static final ShellFunction END =
        new ShellFunction(
            "end_file",
            """
            echo "${1##*/} began" >>"$2"
            [ ! -e "$1.breaks" ] || return 1
            sleep 0.3
            rm "$1"
            echo "${1##*/} ended" >>"$2"\
            """);
    private static final Kind<String> KIND = Kind.single(LIST, Frame::output);

    private String path(Target.OnHost target) {
      return root.resolve("files").resolve(target.host().name().value()).toString();
    }

    @Override
    public Set<Need> removalNeeds(Target.OnHost target) {
      return after.map(it -> Set.of(Need.someSoFar(THERE, List.of(it)))).orElse(Set.of());
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return after.isPresent() ? Set.of() : Set.of(THERE);
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.of(Question.of(KIND, path(target)));
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var is = seen.of(Question.of(KIND, path(target)));
      var rest = new Check.InSync(Observed.of(THERE, !is.isEmpty()));
      if (is.isEmpty()) {
        return rest;
      }
      var name = target.host().name().value();
      var first = known.all(THERE).values().stream().findFirst();
      var waits = after.isPresent() && first.isEmpty();
      var changes = List.of(Change.of(Change.Action.REMOVE, name + (waits ? ", after first" : "")));
      var script = Script.of(END, path(target), root.resolve("said").toString());
      var never = known.never(THERE).values().stream().findFirst();
      var removal =
          is.contains(".refused")
              ? new Check.Refused("it would be lost", "")
              : never.isPresent()
                  ? new Check.Refused("first stays: " + never.get(), "")
                  : first.orElse(false)
                      ? new Check.Refused("first is not taken away by this run", "")
                      : new Check.Drift(changes, new Repair.OnHost(script));
      return new Check.Leaving(
          List.of(new Departure(Set.of(Orphan.host("w1")), changes, removal)), rest);
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

  private Playbook book() {
    var at = new Position("book.yml", 1, 1);
    return new Playbook(
        List.of(
            new Play.OnHosts(
                "first",
                List.of(FIRST),
                0,
                List.of(
                    new Item<>(
                        new StepRef("take", 0, at), new Taking(directory, Optional.empty())))),
            new Play.OnHosts(
                "then",
                List.of(THEN),
                0,
                List.of(
                    new Item<>(
                        new StepRef("take", 1, at), new Taking(directory, Optional.of(FIRST)))))));
  }

  private Options options() {
    return new Options(
        limit, Set.of(), Set.of(), new Removals(Set.of("w1")), 8, "me", Duration.ofMinutes(1));
  }

  private Runner run() {
    events.clear();
    return new Runner(
        transport,
        new NoDesk(),
        NoCluster.NONE,
        events::add,
        new Interrupt(),
        HostKeyPrompt.REFUSE,
        _ -> true);
  }

  private RunResult apply(Optional<SavedPlan> saved) throws InterruptedException {
    return run().apply("r", INVENTORY, book(), options(), saved);
  }

  private List<Outcome> outcomes() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(RunEvent.StepFinished.class::cast)
        .map(RunEvent.StepFinished::outcome)
        .toList();
  }

  private List<String> changes(String start) {
    return outcomes().stream()
        .filter(Outcome.WouldChange.class::isInstance)
        .flatMap(it -> ((Outcome.WouldChange) it).changes().stream())
        .map(Change::subject)
        .filter(it -> it.startsWith(start))
        .toList();
  }

  private List<String> failures() {
    return outcomes().stream()
        .filter(Outcome.Failed.class::isInstance)
        .map(it -> ((Outcome.Failed) it).failure().what())
        .toList();
  }
}
