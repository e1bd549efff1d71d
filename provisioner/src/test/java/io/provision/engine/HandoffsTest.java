package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskException;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Handoffs;
import io.provision.engine.session.HostSession;
import io.provision.engine.session.KeptSecrets;
import io.provision.engine.session.Patience;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.LocalShell;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HandoffsTest {
  private static final Position AT = new Position("book.yml", 1, 1);
  private static final HostName A = new HostName("a");
  private static final Inventory INVENTORY =
      TestInventory.of(List.of("a", "b", "c").stream().map(TestInventory::host).toList());

  /** Makes a token, and counts how many it has made. */
  private static final ShellFunction MAKE =
      new ShellFunction("make_token", "echo made >>\"$1\"; printf %s 's3cr3t'");

  @TempDir Path directory;
  private Path files;
  private Path made;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    made = directory.resolve("made");
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @Test
  void aPlanMakesNoToken() throws Exception {
    var plan = runner().plan("p", INVENTORY, book(token()), TestRuns.OPTIONS);
    assertThat(plan.report().total().wouldChange()).isEqualTo(2);
    assertThat(made).doesNotExist();
    assertThat(transport.commands()).hasSize(3);
  }

  @Test
  void aTokenIsMadeOnceHoweverManyNeedIt() throws Exception {
    var result = runner().apply("r", INVENTORY, book(token()), TestRuns.OPTIONS, Optional.empty());
    assertThat(result.report().total().changed()).isEqualTo(2);
    assertThat(made).hasContent("made");
    assertThat(files.resolve("b/token")).hasContent("s3cr3t");
    assertThat(files.resolve("c/token")).hasContent("s3cr3t");
    assertThat(events.toString()).doesNotContain("s3cr3t");
    assertThat(transport.commands().toString()).doesNotContain("s3cr3t");
  }

  @Test
  void aConvergedRunMakesNone() throws Exception {
    runner().apply("r", INVENTORY, book(token()), TestRuns.OPTIONS, Optional.empty());
    transport.commands().clear();
    var again = runner().apply("r", INVENTORY, book(token()), TestRuns.OPTIONS, Optional.empty());
    assertThat(again.report().total().ok()).isEqualTo(2);
    assertThat(made).hasContent("made");
    assertThat(transport.commands()).hasSize(3);
  }

  @Test
  void whyATokenCouldNotBeMadeIsToldInTheWordsOfWhoShouldHaveMadeIt() throws Exception {
    var broken =
        new ShellFunction(
            "make_no_token", "printf %s half-a-s3cr3t; echo 'the API gives none' >&2; return 1");
    var handoff = new Handoff.Made(A, Script.of(broken));
    runner().apply("r", INVENTORY, book(handoff), TestRuns.OPTIONS, Optional.empty());
    assertThat(failures())
        .isNotEmpty()
        .allSatisfy(it ->
            assertThat(it.what())
                .isEqualTo("what a hands over could not be made: the API gives none"));
    assertThat(events.toString()).doesNotContain("half-a-s3cr3t");
    assertThat(files).isEmptyDirectory();
  }

  @Test
  void whatIsKeptIsReadByALookAndWithoutAPermit() throws Exception {
    var forks = new Semaphore(1);
    var kept = Files.writeString(directory.resolve("kept"), "s3cr3t");
    try (var machine = machine(forks)) {
      forks.acquire();
      var secrets = new KeptSecrets(Map.of(A, machine));
      var handoff = new Handoff.Kept(A, Call.of(FileStep.READ, kept.toString()));
      assertThat(secrets.read(handoff).reveal()).asString().isEqualTo("s3cr3t");
      assertThat(secrets.read(handoff).reveal()).asString().isEqualTo("s3cr3t");
      assertThat(transport.commands()).hasSize(1);
      assertThat(directory.resolve("run")).isEmptyDirectory();

      var missing = new Handoff.Kept(A, Call.of(FileStep.READ, "/no/such/file"));
      assertThatThrownBy(() -> secrets.read(missing))
          .isInstanceOf(DeskException.class)
          .hasMessage("/no/such/file of a could not be read (exit 1)");
      var elsewhere = new Handoff.Kept(new HostName("b"), missing.read());
      assertThatThrownBy(() -> secrets.read(elsewhere))
          .isInstanceOfSatisfying(
              DeskException.class, it -> assertThat(it.remedy()).isEqualTo("make b reachable"));
    }
  }

  @Test
  void whatIsMadeNeedsNoPermitAndNoLock() throws Exception {
    var forks = new Semaphore(1);
    try (var machine = machine(forks)) {
      forks.acquire();
      machine.openSession();
      assertThat(machine.lock("somebody", _ -> {})).isEmpty();
      var handoffs = new Handoffs(new KeptSecrets(Map.of(A, machine)), new NoDesk());
      assertThat(handoffs.read(token()).reveal()).asString().isEqualTo("s3cr3t");
    }
  }

  private HostSession machine(Semaphore forks) throws Exception {
    var host = INVENTORY.find(A).orElseThrow();
    return HostSession.connect(
        transport, host, forks, Patience.ENDLESS, Duration.ofMinutes(1), _ -> {});
  }

  private Handoff.Made token() {
    return new Handoff.Made(A, Script.of(MAKE, made.toString()));
  }

  private List<Failure> failures() {
    var failures = new ArrayList<Failure>();
    for (var event : events) {
      if (event instanceof RunEvent.StepFinished finished
          && finished.outcome() instanceof Outcome.Failed(var failure)) {
        failures.add(failure);
      }
    }
    return failures;
  }

  /** A file with a token that a makes, on each of the others. */
  private record Holds(Path root, Handoff token) implements Step<Target.OnHost> {
    private FileStep file() {
      return new FileStep(root, "token", "s3cr3t");
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return target.host().name().equals(A) ? Probes.NONE : file().probes(target);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      if (target.host().name().equals(A)) {
        return new Check.Skipped("it makes the token");
      }
      var path = root.resolve(target.host().name().value()).resolve("token").toString();
      return file().check(target, seen, known) instanceof Check.InSync
          ? new Check.InSync()
          : new Check.Drift(
              List.of(Change.of(Change.Action.CREATE, path)),
              new Repair.OnHost(Script.of(FileStep.WRITE, path).with(token)));
    }
  }

  private Playbook book(Handoff token) {
    var step = new Item<Target.OnHost>(new StepRef("holds", 0, AT), new Holds(files, token));
    return new Playbook(List.of(new Play.OnHosts("all", INVENTORY.hosts(), 0, List.of(step))));
  }

  private Runner runner() {
    return TestRuns.runner(transport, NoCluster.NONE, events::add);
  }
}
