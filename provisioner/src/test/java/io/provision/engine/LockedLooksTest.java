package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
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
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.remote.Call;
import io.provision.remote.Connection;
import io.provision.remote.Handoff;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is done follows from the last look, not from the first one: under the lock, in the batch,
 * and only as far as a saved plan named it.
 */
final class LockedLooksTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private List<Host> hosts = hosts("a", "b", "c");

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @Test
  void aBatchLooksAgainAtWhatTheBatchesBeforeItHaveDone() throws Exception {
    var everywhere =
        new ShellFunction(
            "write_everywhere",
            "cat >/dev/null; for h in a b c; do mkdir -p \"${1%/*/*}/$h\" && printf hi"
                + " >\"${1%/*/*}/$h/motd\" || return 1; done");
    var step = new FileStep(files, "motd", "hi", everywhere, Optional.empty());
    var report = run(transport, 1, step).report();

    assertThat(report.targets().get(name("a"))).isEqualTo(new Report.Tally(0, 1, 0, 0, 0, 0, 0));
    for (var later : List.of("b", "c")) {
      assertThat(report.targets().get(name(later)))
          .as("%s was brought in order before its turn", later)
          .isEqualTo(new Report.Tally(1, 0, 0, 0, 0, 0, 0));
    }
  }

  @Test
  void locksAreTakenInTheOrderOfNamesSoThatOfTwoRunsOneGetsThemAll() throws Exception {
    hosts = hosts("c", "a", "b");
    try (var _ = Holder.of(directory, "c");
        var _ = Holder.of(directory, "a")) {
      var report = run(transport, 0, new FileStep(files, "motd", "hi")).report();
      assertThat(report.stopped().orElseThrow().what()).startsWith("a is locked by");
    }
    assertThat(files).isEmptyDirectory();
  }

  @Test
  void whatARunSaysThatItSawIsWhatItSawUnderTheLock() throws Exception {
    var meanwhile = new Meanwhile(() -> write("b/motd", "hi"));
    var result = run(new Interposed(transport, meanwhile), 0, new FileStep(files, "motd", "hi"));

    assertThat(meanwhile.happened).isTrue();
    assertThat(result.report().targets().get(name("b")))
        .isEqualTo(new Report.Tally(1, 0, 0, 0, 0, 0, 0));
    assertThat(result.seen().get(name("b")).values()).containsEntry(FileStep.TEXT, "hi");
    assertThat(result.plan().findings()).as("nobody asks an apply for a plan").isEmpty();
  }

  @Test
  void aSecretIsReadOnceForAllWhoNeedIt() throws Exception {
    var reads = directory.resolve("reads");
    var read = new ShellFunction("read_token", "echo read >>\"$1\"; printf token");
    var from = new Handoff.Kept(new HostName("a"), Call.of(read, reads.toString()));
    var report =
        run(transport, 0, new Taking(new FileStep(files, "token", "token"), from)).report();

    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(files.resolve("c/token")).hasContent("token");
    assertThat(reads).hasContent("read");
  }

  @Test
  void aKindOfChangeThatThePlanDidNotNameIsNotMade() throws Exception {
    hosts = hosts("a");
    for (var kind : List.of(Change.Action.UPDATE, Change.Action.REMOVE, Change.Action.RESTART)) {
      var need = Need.all(FileStep.TEXT, hosts);
      var later = new FileStep(files, "later", "x", FileStep.WRITE, Optional.of(need));
      Step<Target.OnHost>[] steps = steps(new FileStep(files, "name", "n"), new Doing(later, kind));
      var plan = runner(transport).plan("p", TestInventory.of(hosts), book(0, steps), options());
      assertThat(plan.report().total().pending()).isEqualTo(1);
      var report = apply(plan.plan(), steps);

      var named = kind == Change.Action.UPDATE;
      assertThat(report.total().changed()).as("%s", kind).isEqualTo(named ? 2 : 1);
      assertThat(Files.exists(files.resolve("a/later"))).as("%s", kind).isEqualTo(named);
      if (!named) {
        assertThat(failures()).singleElement().asString().contains("which the plan does not name");
      }
      Files.deleteIfExists(files.resolve("a/later"));
      Files.delete(files.resolve("a/name"));
    }
  }

  @Test
  void whatThePlanSawInOrderIsNotRepairedWhenAnotherRepairPutsItOutOfOrder() throws Exception {
    hosts = hosts("a");
    var leaving =
        new ShellFunction(
            "leave_trace",
            "mkdir -p \"${1%/*}\" && head -c \"$payload_1\" >\"$1\" && printf x >\"${1%/*}/trace\"");
    Step<Target.OnHost>[] steps =
        steps(
            new FileStep(files, "motd", "hi", leaving, Optional.empty()),
            new FileStep(files, "trace", "(absent)"));
    var plan = runner(transport).plan("p", TestInventory.of(hosts), book(0, steps), options());
    var report = apply(plan.plan(), steps);

    assertThat(report.stopped()).isEmpty();
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 1, 0, 0, 0, 1, 0));
    assertThat(failures()).singleElement().asString().contains("which the plan does not name");
    assertThat(files.resolve("a/trace")).hasContent("x");
  }

  /** Like another step, but that its change is of this kind, and that it may only update. */
  private record Doing(FileStep step, Change.Action kind) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return step.probes(target);
    }

    @Override
    public Set<Need> needs(Target.OnHost target) {
      return step.needs(target);
    }

    @Override
    public Set<Change.Action> mayDo() {
      return Set.of(Change.Action.UPDATE);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return step.check(target, seen, known) instanceof Check.Drift(var changes, var repair, _)
          ? new Check.Drift(List.of(Change.of(kind, changes.getFirst().subject())), repair)
          : new Check.InSync();
    }
  }

  /** A file whose text another host hands over. */
  private record Taking(FileStep step, Handoff from) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return step.probes(target);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return step.check(target, seen, known)
              instanceof Check.Drift(var changes, Repair.OnHost repair, _)
          ? new Check.Drift(changes, new Repair.OnHost(repair.scripts().getFirst().with(from)))
          : new Check.InSync();
    }
  }

  /** Something happens between the first look and the first lock. */
  private static final class Meanwhile implements Interposed.Between {
    private final Runnable work;
    private boolean happened;

    Meanwhile(Runnable work) {
      this.work = work;
    }

    @Override
    public RemoteProcess exec(String host, String command, Connection connection)
        throws RemoteException {
      if (command.contains("flock")) {
        first();
      }
      return connection.exec(command);
    }

    private synchronized void first() {
      if (!happened) {
        happened = true;
        work.run();
      }
    }
  }

  private void write(String path, String text) {
    try {
      Files.createDirectories(files.resolve(path).getParent());
      Files.writeString(files.resolve(path), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // handed on as it came
  private static Step<Target.OnHost>[] steps(Step<Target.OnHost>... steps) {
    return steps;
  }

  @SafeVarargs
  private Playbook book(int serial, Step<Target.OnHost>... steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var step : steps) {
      var at = new Position("book.yml", items.size() + 1, 1);
      items.add(new Item<>(new StepRef("step-" + items.size(), items.size(), at), step));
    }
    return new Playbook(List.of(new Play.OnHosts("all", hosts, serial, items)));
  }

  private Report apply(SavedPlan plan, Step<Target.OnHost>[] steps) throws InterruptedException {
    events.clear();
    return runner(transport)
        .apply("a", TestInventory.of(hosts), book(0, steps), options(), Optional.of(plan))
        .report();
  }

  @SafeVarargs
  private RunResult run(Transport by, int serial, Step<Target.OnHost>... steps)
      throws InterruptedException {
    return runner(by)
        .apply("r", TestInventory.of(hosts), book(serial, steps), options(), Optional.empty());
  }

  private Runner runner(Transport by) {
    return TestRuns.runner(by, NoCluster.NONE, events::add);
  }

  /** All hosts at once, however slow the machine is that this runs on. */
  private static Options options() {
    var minute = Duration.ofMinutes(1);
    return new Options(
        Optional.empty(),
        Set.of(),
        Set.of(),
        Removals.NONE,
        8,
        "me",
        minute,
        minute,
        Duration.ofHours(1));
  }

  private List<Failure> failures() {
    return events.stream()
        .flatMap(event ->
            event instanceof RunEvent.StepFinished(_, _, Outcome.Failed(var failure), _)
                ? Stream.of(failure)
                : Stream.empty())
        .toList();
  }

  private static List<Host> hosts(String... names) {
    return Stream.of(names).map(TestInventory::host).toList();
  }

  private static TargetName name(String host) {
    return TargetName.of(new HostName(host));
  }
}
