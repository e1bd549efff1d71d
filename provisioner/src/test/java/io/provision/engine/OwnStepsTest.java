package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.desk.Outside;
import io.provision.engine.event.Failure;
import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.FakeNodes;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.rotation.Fact;
import io.provision.model.rotation.OwnCheck;
import io.provision.remote.Connection;
import io.provision.remote.LocalShell;
import io.provision.remote.Payload;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Repair.HookRun;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repairs that ask and run what a user wants; the host is this machine. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OwnStepsTest {
  private static final Position AT = new Position("book.yml", 1, 1);
  private static final Inventory INVENTORY = SmallCluster.inventory("w1");
  private static final ShellFunction SAY =
      new ShellFunction("say_it", "printf '%s\\n' \"$2\" >>\"$1\"");
  private static final ShellFunction FAIL =
      new ShellFunction("fail_it", "try sh -c 'echo \"no way\" >&2; exit 3'");
  private static final Kind<String> SAID =
      Kind.single(
          new ShellFunction("look_said", "cat \"$1\" 2>/dev/null || :"),
          frame -> frame.output().strip());

  @TempDir Path directory;
  private Path log;
  private LocalShell shell;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final Interrupt interrupt = new Interrupt();
  private final Map<String, Outside.Ended> endings = new HashMap<>();
  private Optional<String> checkSays = Optional.empty();
  private Runnable duringHooks = () -> {};

  @BeforeEach
  void setUp() throws IOException {
    log = directory.resolve("log");
    shell = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    shell.close();
  }

  /** Its programs write their names into the log. */
  private final class Around implements Outside {
    @Override
    public Optional<String> missing(OwnCheck check, Occasion occasion) {
      return checkSays;
    }

    @Override
    public Ended run(List<String> command, Duration within, Occasion occasion) {
      try {
        Files.writeString(
            log, command.getFirst() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      duringHooks.run();
      return endings.getOrDefault(command.getFirst(), new Ended.Exited(0, List.of()));
    }

    @Override
    public Optional<String> unstartable(String program, Path directory) {
      return Optional.empty();
    }
  }

  private final class WithAround implements Desk {
    @Override
    public View view() {
      return new NoDesk().view();
    }

    @Override
    public void change(DeskChange change, Handoffs handoffs) {
      throw new IllegalStateException(change.toString());
    }

    @Override
    public Outside outside() {
      return new Around();
    }

    @Override
    public Path artifact(Payload.Artifact artifact) {
      throw new IllegalStateException(artifact.toString());
    }
  }

  private Repair say(String word) {
    return new Repair.OnHost(Script.of(SAY, log.toString(), word));
  }

  private static HookRun here(String name) {
    var occasion = new Outside.Occasion(Path.of("/"), Map.of());
    return new HookRun(
        name,
        "before the drain",
        Duration.ofMinutes(5),
        new HookRun.Way.Here(List.of(name), occasion));
  }

  private static HookRun there(String name, Script script) {
    return new HookRun(
        name, "before the drain", Duration.ofMinutes(5), new HookRun.Way.There(script));
  }

  private static Repair first(HookRun... hooks) {
    return new Repair.RunHooks(List.of(hooks), false);
  }

  private static Repair all(HookRun... hooks) {
    return new Repair.RunHooks(List.of(hooks), true);
  }

  private Repair guarded(Repair... parts) {
    return new Repair.Guarded(List.of(parts), List.of(say("back")));
  }

  private void exits(String name, int status, String... lines) {
    endings.put(name, new Outside.Ended.Exited(status, List.of(lines)));
  }

  private List<String> done() throws IOException {
    return Files.readAllLines(log);
  }

  @Test
  void hooksRunWhereTheyBelongInTheirOrder() throws Exception {
    var there = there("y", Script.of(SAY, log.toString(), "y"));
    assertThat(
            apply(new Repair.InOrder(say("a"), first(here("x"), there, here("z")), say("b")))
                .changed())
        .isEqualTo(1);
    assertThat(done()).containsExactly("a", "x", "y", "z", "b");
    assertThat(progress())
        .anyMatch(it ->
            it.matches(
                "running the hook 'x' before the drain here \\(since [0-9:]+, 300 s at"
                    + " most\\)"))
        .anyMatch(it -> it.startsWith("running the hook 'y' before the drain on it (since"));
  }

  @Test
  void whatIsToldOfAHostReachesWhoeverSumsTheRunUpAlsoWhereItFails() throws Exception {
    exits("x", 3);
    var ended =
        apply(
            new Repair.InOrder(
                new Repair.Tell(new Fact.OutOfUse()),
                new Repair.Guarded(
                    List.of(first(here("x"))), List.of(new Repair.Tell(new Fact.InUse())))));
    assertThat(ended.failed()).isEqualTo(1);
    assertThat(events)
        .filteredOn(RunEvent.Learnt.class::isInstance)
        .extracting(it -> ((RunEvent.Learnt) it).fact())
        .containsExactly(new Fact.OutOfUse(), new Fact.InUse());
  }

  @Test
  void theFirstThatFailsEndsItAndWhatIsDoneInsteadIsDone() throws Exception {
    exits("x", 3, "line", "no room");
    var ended = apply(new Repair.InOrder(guarded(first(here("x"), here("z")), say("b")), say("c")));
    assertThat(ended.failed()).isEqualTo(1);
    assertThat(ended.unsafe()).isZero();
    assertThat(done()).containsExactly("x", "back");
    assertThat(failure().what()).isEqualTo("the hook 'x' before the drain exited 3 (no room)");
    assertThat(failure().lines()).containsExactly("line", "no room");
    assertThat(failure().remedy()).contains("run it by hand");
  }

  @Test
  void oneOnTheHostThatFailsIsNamedWithWhatItSaid() throws Exception {
    var ended = apply(new Repair.InOrder(guarded(first(there("y", Script.of(FAIL)))), say("c")));
    assertThat(ended.failed()).isEqualTo(1);
    assertThat(done()).containsExactly("back");
    assertThat(failure().what())
        .startsWith("the hook 'y' before the drain failed: ")
        .contains("exited 3", "no way");
  }

  @Test
  void whereEachBringsSomethingBackAllRunAndTheFirstIsWhatFailed() throws Exception {
    exits("x", 1, "first");
    exits("y", 1, "second");
    assertThat(apply(new Repair.InOrder(all(here("x"), here("y"), here("z")), say("b"))).failed())
        .isEqualTo(1);
    assertThat(done()).containsExactly("x", "y", "z");
    assertThat(failure().what()).contains("'x'", "first");
    assertThat(notes()).anyMatch(it -> it.contains("'y'") && it.contains("second"));
  }

  @Test
  void whatTookTooLongOrNeverBeganSaysSo() throws Exception {
    endings.put("x", new Outside.Ended.Late(List.of("waiting")));
    assertThat(apply(new Repair.InOrder(first(here("x")), say("b"))).failed()).isEqualTo(1);
    assertThat(failure().what())
        .isEqualTo("the hook 'x' before the drain had not ended after 300 s, and was ended");
    events.clear();
    endings.put("x", new Outside.Ended.Unstarted("./x is not there"));
    assertThat(apply(new Repair.InOrder(first(here("x")), say("b"))).failed()).isEqualTo(1);
    assertThat(failure().what())
        .isEqualTo("the hook 'x' before the drain was not started: ./x is not there");
  }

  @Test
  void whereAllGoesWellNothingIsDoneInstead() throws Exception {
    assertThat(apply(new Repair.InOrder(guarded(first(here("x")), say("a")), say("b"))).changed())
        .isEqualTo(1);
    assertThat(done()).containsExactly("x", "a", "b");
  }

  @Test
  void whereALaterPartFailsTooThatIsDone() throws Exception {
    var fails = new Repair.OnHost(Script.of(FAIL));
    assertThat(
            apply(new Repair.InOrder(guarded(first(here("x")), fails, say("a")), say("b")))
                .failed())
        .isEqualTo(1);
    assertThat(done()).containsExactly("x", "back");
    assertThat(failure().what()).contains("no way");
  }

  /** A hook changes something: it is not left half done, and what comes instead is done. */
  @Test
  void anEndThatIsAskedForWaitsForAHookAndIsNoReasonToLeaveThingsHalfDone() throws Exception {
    duringHooks = interrupt::request;
    var checks = checks(Duration.ofMinutes(9));
    var ended = apply(new Repair.InOrder(guarded(first(here("x")), checks, say("a")), say("b")));
    assertThat(ended.changed()).isZero();
    assertThat(done()).containsExactly("x", "back");
  }

  @Test
  void whereAnEndWasAskedForNoFurtherHookIsBegun() throws Exception {
    duringHooks = interrupt::request;
    var ended = apply(new Repair.InOrder(guarded(first(here("x"), here("z"))), say("b")));
    assertThat(ended.changed()).isZero();
    assertThat(done()).containsExactly("x", "back");
  }

  private static Repair checks(Duration deadline) {
    var check = new OwnCheck("shop", new OwnCheck.Program(List.of("./x")), Duration.ofSeconds(10));
    return new Repair.AwaitChecks(
        List.of(check), new Outside.Occasion(Path.of("/"), Map.of()), deadline, "see why");
  }

  @Test
  void aCheckThatNeverPassesIsAFailedSafetyCheckAndWhatIsDoneInsteadIsDone() throws Exception {
    checkSays = Optional.of("status 503");
    var ended = apply(new Repair.InOrder(say("a"), guarded(checks(Duration.ZERO)), say("b")));
    assertThat(ended.failed()).isEqualTo(1);
    assertThat(ended.unsafe()).as("of those that failed").isEqualTo(1);
    assertThat(done()).containsExactly("a", "back");
    assertThat(failure().what()).contains("the check 'shop' does not pass: status 503");
  }

  @Test
  void aCheckThatPassesIsNoObstacle() throws Exception {
    assertThat(
            apply(new Repair.InOrder(guarded(checks(Duration.ofMinutes(1))), say("b"))).changed())
        .isEqualTo(1);
    assertThat(done()).containsExactly("b");
  }

  private List<String> notes() {
    return events.stream().filter(RunEvent.Note.class::isInstance).map(RunEvent::toString).toList();
  }

  private List<String> progress() {
    return events.stream()
        .filter(RunEvent.Progress.class::isInstance)
        .map(event -> ((RunEvent.Progress) event).text())
        .toList();
  }

  private Failure failure() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .filter(Outcome.Failed.class::isInstance)
        .map(outcome -> ((Outcome.Failed) outcome).failure())
        .findFirst()
        .orElseThrow();
  }

  /** A log whose last line is {@code b}, which nothing but its repair writes. */
  private record Written(Path log, Repair repair) implements Step<Target.OnHost> {
    private Question<String> question() {
      return Question.of(SAID, log.toString());
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.of(question());
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return seen.of(question()).endsWith("b")
          ? new Check.InSync()
          : new Check.Drift(List.of(Change.of(Change.Action.UPDATE, "log")), repair);
    }
  }

  /** To this machine. */
  private final class Logins implements Transport {
    @Override
    public Connection connect(Host host) throws RemoteException {
      return shell.connect(host);
    }

    @Override
    public void trust(Collection<RemoteException.HostKeyUnknown> keys) {
      throw new IllegalStateException("nobody asks for trust");
    }

    @Override
    public void close() {}
  }

  private Report.Tally apply(Repair repair) throws InterruptedException {
    var item = new Item<>(new StepRef("written", 0, AT), new Written(log, repair));
    var host = INVENTORY.find(new HostName("cp")).orElseThrow();
    var play = new Play.OnHosts("cp", List.of(host), 0, List.of(item));
    var api = new FakeApi(new FakeCluster(), new FakeNodes());
    return new Runner(
            new Logins(), new WithAround(), api, events::add, interrupt, HostKeyPrompt.REFUSE)
        .apply("a", INVENTORY, new Playbook(List.of(play)), TestRuns.OPTIONS, Optional.empty())
        .report()
        .total();
  }
}
