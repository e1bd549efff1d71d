package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.provision.remote.Connection;
import io.provision.remote.LocalShell;
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
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A repair that waits for what several hosts tell together. All hosts are this one, and each tells
 * what stands in a file of its own; the time limit only ends a hanging test.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AwaitHostsTest {
  private static final Position AT = new Position("book.yml", 1, 1);
  private static final Inventory INVENTORY = SmallCluster.inventory("w1");
  private static final ShellFunction SAY =
      new ShellFunction("say_it", "printf '%s\\n' \"$2\" >>\"$1\"");
  private static final ShellFunction TELL =
      new ShellFunction("tell_it", "printf 'by %s\\n' \"$1\" >>\"$2\"");
  private static final Kind<String> SAID =
      Kind.single(
          new ShellFunction("look_said", "cat \"$1\" 2>/dev/null || :"),
          frame -> frame.output().strip());

  @TempDir Path directory;
  private Path log;
  private LocalShell shell;
  private Optional<HostName> unreachable = Optional.empty();
  private final List<String> logins = new CopyOnWriteArrayList<>();
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final Interrupt interrupt = new Interrupt();
  private Runnable atTheFirstWait = () -> {};

  @BeforeEach
  void setUp() throws IOException {
    log = directory.resolve("log");
    shell = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    shell.close();
  }

  private static Host host(String name) {
    return INVENTORY.find(new HostName(name)).orElseThrow();
  }

  private void tells(String name, String word) {
    try {
      Files.writeString(directory.resolve(name), word);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Question<String> told(String name) {
    return Question.of(SAID, directory.resolve(name).toString());
  }

  /** Until these tell that they are ready. */
  private Repair.AwaitHosts ready(Duration deadline, String... names) {
    var asked = new LinkedHashMap<Host, Probes>();
    List.of(names).forEach(name -> asked.put(host(name), Probes.of(told(name))));
    return new Repair.AwaitHosts(
        "all to be ready",
        deadline,
        asked,
        (seen, never) -> {
          var missing = new ArrayList<String>();
          never.forEach((name, why) -> missing.add(name + " is away: " + why));
          seen.forEach((name, answers) -> {
            var word = answers.of(told(name.value()));
            if (!word.equals("ready")) {
              missing.add(name + " is " + word);
            }
          });
          return missing;
        },
        "look at it");
  }

  private Repair say(String word) {
    return new Repair.OnHost(Script.of(SAY, log.toString(), word));
  }

  @Test
  void whatIsSoIsAskedOnceAndTheNextPartFollows() throws Exception {
    tells("cp", "ready");
    tells("w1", "ready");
    var done =
        apply(new Repair.InOrder(say("a"), ready(Duration.ofMinutes(1), "cp", "w1"), say("b")));
    assertThat(done.changed()).isEqualTo(1);
    assertThat(Files.readString(log)).isEqualTo("a\nb\n");
    assertThat(logins).as("w1 is not of this run").contains("w1");
  }

  /** It was otherwise when the run began, and what was asked then counts for nothing. */
  @Test
  void itIsAskedAnewUntilItIsSoAndWhatIsMissingIsToldAsItChanges() throws Exception {
    tells("cp", "ready");
    tells("w1", "healing");
    atTheFirstWait = () -> tells("w1", "ready");
    var done = apply(new Repair.InOrder(ready(Duration.ofMinutes(1), "cp", "w1"), say("a")));
    assertThat(done.changed()).isEqualTo(1);
    assertThat(progress())
        .anyMatch(it -> it.matches("waiting for all to be ready \\(since [0-9:]+, 60 s at most\\)"))
        .anyMatch(it -> it.endsWith("at most): w1 is healing"));
    assertThat(logins.stream().filter("w1"::equals).count()).isGreaterThan(1);
  }

  /** As often as it is another one, and once more where it has come. */
  @Test
  void whatAnswersTellASummaryIsLearntAsItChanges() throws Exception {
    tells("cp", "ready");
    tells("w1", "healing");
    atTheFirstWait = () -> tells("w1", "ready");
    var gate = ready(Duration.ofMinutes(1), "cp", "w1");
    var counting =
        new Repair.Condition() {
          @Override
          public List<String> missing(
              Map<HostName, Observations> seen, Map<HostName, String> never) {
            return gate.condition().missing(seen, never);
          }

          @Override
          public List<Fact> facts(Map<HostName, Observations> seen) {
            return List.of(new Fact.Unhealed(missing(seen, Map.of()).size()));
          }
        };
    var counted =
        new Repair.AwaitHosts(
            gate.what(), gate.deadline(), gate.asked(), counting, gate.remedy(), List.of());
    assertThat(apply(new Repair.InOrder(counted, counted, say("a"))).changed()).isEqualTo(1);
    assertThat(events)
        .filteredOn(RunEvent.Learnt.class::isInstance)
        .extracting(event -> ((RunEvent.Learnt) event).fact())
        .containsExactly(new Fact.Unhealed(1), new Fact.Unhealed(0), new Fact.Unhealed(0));
  }

  @Test
  void whatAnswersTellASummaryIsLearntOnceInAWaitWhileItIsTheSame() throws Exception {
    tells("cp", "ready");
    tells("w1", "healing");
    atTheFirstWait = () -> tells("w1", "ready");
    var gate = ready(Duration.ofMinutes(1), "cp", "w1");
    var counting =
        new Repair.Condition() {
          @Override
          public List<String> missing(
              Map<HostName, Observations> seen, Map<HostName, String> never) {
            return gate.condition().missing(seen, never);
          }

          @Override
          public List<Fact> facts(Map<HostName, Observations> seen) {
            return List.of(new Fact.Unhealed(5));
          }
        };
    var counted =
        new Repair.AwaitHosts(
            gate.what(), gate.deadline(), gate.asked(), counting, gate.remedy(), List.of());
    assertThat(apply(new Repair.InOrder(counted, counted, say("a"))).changed()).isEqualTo(1);
    assertThat(events)
        .filteredOn(RunEvent.Learnt.class::isInstance)
        .extracting(event -> ((RunEvent.Learnt) event).fact())
        .as("of two looks at the first, and one at the second")
        .containsExactly(new Fact.Unhealed(5), new Fact.Unhealed(5));
  }

  @Test
  void whatDoesNotComeFailsWithWhatIsMissingAndNothingAfterItIsDone() throws Exception {
    tells("cp", "ready");
    tells("w1", "healing");
    var gate = ready(Duration.ofMillis(1), "cp", "w1");
    var ended = apply(new Repair.InOrder(say("a"), gate, say("b")));
    assertThat(ended.failed()).isEqualTo(1);
    assertThat(ended.unsafe()).as("of those that failed").isEqualTo(1);
    assertThat(Files.readString(log)).isEqualTo("a\n");
    assertThat(failure().what()).contains("waiting for all to be ready", "w1 is healing");
    assertThat(failure().remedy()).isEqualTo("look at it");
  }

  @Test
  void whereItDoesNotComeWhatIsDoneInsteadIsDone() throws Exception {
    tells("cp", "healing");
    var gate = ready(Duration.ofMillis(1), "cp").otherwise(List.of(say("back")));
    assertThat(apply(new Repair.InOrder(say("a"), gate, say("b"))).failed()).isEqualTo(1);
    assertThat(Files.readString(log)).isEqualTo("a\nback\n");
    assertThat(failure().what()).contains("cp is healing");
  }

  @Test
  void whereItComesNothingIsDoneInstead() throws Exception {
    tells("cp", "ready");
    var gate = ready(Duration.ofMinutes(1), "cp").otherwise(List.of(say("back")));
    assertThat(apply(new Repair.InOrder(gate, say("b"))).changed()).isEqualTo(1);
    assertThat(Files.readString(log)).isEqualTo("b\n");
  }

  /** That it could not be done instead is told, and is not what failed. */
  @Test
  void whatCannotBeDoneInsteadIsTold() throws Exception {
    tells("cp", "healing");
    var fails =
        new Repair.OnHost(Script.of(new ShellFunction("fail_it", "echo 'no way' >&2; return 1")));
    var gate = ready(Duration.ofMillis(1), "cp").otherwise(List.of(fails));
    assertThat(apply(new Repair.InOrder(gate, say("b"))).failed()).isEqualTo(1);
    assertThat(failure().what()).contains("cp is healing");
    assertThat(events)
        .filteredOn(RunEvent.Note.class::isInstance)
        .extracting(RunEvent::toString)
        .anyMatch(it -> it.contains("no way"));
  }

  @Test
  void aHostThatIsNotReachedIsNamedWithTheReason() throws Exception {
    tells("cp", "ready");
    tells("w1", "ready");
    unreachable = Optional.of(new HostName("w1"));
    assertThat(apply(ready(Duration.ofMillis(1), "cp", "w1")).failed()).isEqualTo(1);
    assertThat(failure().what()).contains("w1 is away", "the cable is cut");
  }

  /** They are given who holds the locks of this run, which of theirs nobody need hold. */
  @Test
  void othersAreToldByWhichRunAndWithoutTheirLocks() throws Exception {
    var told = new Repair.OnOthers(List.of(host("w1")), TELL, List.of(log.toString()));
    assertThat(apply(new Repair.InOrder(told, say("b"))).changed()).isEqualTo(1);
    assertThat(Files.readString(log)).isEqualTo("by " + TestRuns.OPTIONS.owner() + "\nb\n");
    assertThat(progress()).contains("telling w1");
    assertThat(logins).as("by a login of its own").contains("w1");
  }

  /** Nothing depends on it. */
  @Test
  void whoCannotBeToldIsNamedAndFailsNothing() throws Exception {
    unreachable = Optional.of(new HostName("w1"));
    var told = new Repair.OnOthers(List.of(host("w1")), TELL, List.of(log.toString()));
    assertThat(apply(new Repair.InOrder(told, say("b"))).changed()).isEqualTo(1);
    assertThat(notes()).anyMatch(it -> it.contains("w1 was not told (the cable is cut)"));
    unreachable = Optional.empty();
    var fails = new ShellFunction("cannot_tell", "echo 'no room' >&2; return 1");
    Files.delete(log);
    var failing = new Repair.OnOthers(List.of(host("w1")), fails, List.of());
    assertThat(apply(new Repair.InOrder(failing, say("b"))).changed()).isEqualTo(1);
    assertThat(notes()).anyMatch(it -> it.contains("w1 was not told") && it.contains("no room"));
  }

  private List<String> notes() {
    return events.stream().filter(RunEvent.Note.class::isInstance).map(RunEvent::toString).toList();
  }

  @Test
  void anEndThatIsAskedForEndsTheWaitAndIsNoReasonToLeaveThingsHalfDone() throws Exception {
    tells("cp", "healing");
    atTheFirstWait = interrupt::request;
    var gate = ready(Duration.ofMinutes(9), "cp").otherwise(List.of(say("back")));
    var ended = apply(new Repair.InOrder(say("a"), gate, say("b")));
    assertThat(ended.changed()).isZero();
    assertThat(Files.readString(log)).isEqualTo("a\nback\n");
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
      return seen.of(question()).isEmpty()
          ? new Check.Drift(List.of(Change.of(Change.Action.UPDATE, "log")), repair)
          : new Check.InSync();
    }
  }

  private void on(RunEvent event) {
    events.add(event);
    if (event instanceof RunEvent.Progress(_, _, var text) && text.contains("at most): ")) {
      atTheFirstWait.run();
    }
  }

  /** To this machine, but for one host that cannot be reached. */
  private final class Logins implements Transport {
    @Override
    public Connection connect(Host host) throws RemoteException {
      logins.add(host.name().value());
      if (unreachable.filter(host.name()::equals).isPresent()) {
        throw new RemoteException.Unreachable("the cable is cut", "mend it", null);
      }
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
    var play = new Play.OnHosts("cp", List.of(host("cp")), 0, List.of(item));
    var api = new FakeApi(new FakeCluster(), new FakeNodes());
    return new Runner(new Logins(), new NoDesk(), api, this::on, interrupt, HostKeyPrompt.REFUSE)
        .apply("a", INVENTORY, new Playbook(List.of(play)), TestRuns.OPTIONS, Optional.empty())
        .report()
        .total();
  }
}
