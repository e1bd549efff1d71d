package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.HostSession;
import io.provision.engine.session.Interrupt;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.remote.Call;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Removals;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every wait there is says what it waits for, and ends when an end is asked for. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WaitsTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final Interrupt interrupt = new Interrupt();
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = Stream.of("a", "b").map(TestInventory::host).toList();

  /** What can be waited for, and how that is told. */
  enum Wait {
    LOGIN("a", "its login"),
    LOOK("a", "its answers"),
    LOCK("a", "its lock"),
    SOMETHING_ON_THE_HOST("a", "godot (3600 s at most)"),
    SOMETHING_THAT_COMES("a", "godot (3600 s at most)"),
    OUTPUT("b", "'text' of a"),
    BATCH("b", "the batch before it (a)");

    private final String host;
    private final String what;

    Wait(String host, String what) {
      this.host = host;
      this.what = what;
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void whoeverWaitsSaysForWhatAndEndsWhenAskedTo(Wait wait) throws Exception {
    try (var _ = orphan(wait == Wait.LOCK)) {
      RunListener asking =
          event -> {
            events.add(event);
            if (tells(event, wait)) {
              interrupt.request();
            }
          };
      var report = apply(wait == Wait.LOGIN ? mute() : transport, asking, book(wait));

      assertThat(events).anyMatch(event -> tells(event, wait));
      assertThat(report.interrupted()).isTrue();
      assertThat(report.total().changed() + report.total().failed()).isZero();
      assertThat(report.total().unreachable()).isZero();
      assertThat(files).isEmptyDirectory();
    }
    // what was given up holds no lock for long
    var later = book(new FileStep(files, "motd", "hi"));
    var runner = TestRuns.runner(transport, NoCluster.NONE, _ -> {});
    assertThat(
            runner
                .apply("r2", TestInventory.of(hosts), later, options(), Optional.empty())
                .report()
                .total()
                .changed())
        .isEqualTo(2);
  }

  @Test
  void whoseLockIsWaitedForIsSaid() throws Exception {
    try (var _ = orphan(true)) {
      apply(
          transport,
          event -> {
            events.add(event);
            if (event instanceof RunEvent.Waiting) {
              interrupt.request();
            }
          },
          book(Wait.LOCK));
    }
    assertThat(events)
        .filteredOn(RunEvent.Waiting.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            RunEvent.Waiting.class,
            waiting -> {
              assertThat(waiting.holder()).contains("ann@laptop, run r0, since noon");
              assertThat(waiting.until()).hasValue(waiting.since().plus(HostSession.LOCK_PATIENCE));
            });
  }

  @Test
  void whatIsChangingSomethingIsFinishedFirst() throws Exception {
    var release = directory.resolve("release");
    var slow =
        new ShellFunction(
            "write_slowly",
            "until [ -e '%s' ]; do sleep 0.1; done; mkdir -p \"${1%%/*}\" && head -c \"$payload_1\" >\"$1\""
                .formatted(release));
    var first = new FileStep(files, "motd", "hi", slow, Optional.empty());
    var report =
        apply(
            transport,
            event -> {
              events.add(event);
              if (event instanceof RunEvent.StepStarted && interrupt.request()) {
                create(release);
              }
            },
            book(first, new FileStep(files, "later", "x")));

    assertThat(report.interrupted()).isTrue();
    assertThat(report.total().failed() + report.total().unreachable()).isZero();
    assertThat(report.total().changed()).isPositive();
    assertThat(files.resolve("a/later")).doesNotExist();
  }

  private static void create(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean tells(RunEvent event, Wait wait) {
    return switch (event) {
      case RunEvent.Waiting it ->
          it.target().toString().equals(wait.host) && it.what().startsWith(wait.what);
      case RunEvent.StepStarted(var target, _, var doing) ->
          target.toString().equals(wait.host) && doing.equals("waiting for " + wait.what);
      default -> false;
    };
  }

  private Playbook book(Wait wait) {
    var file = new FileStep(files, "motd", "hi");
    var forOthers = Need.all(FileStep.TEXT, hosts.subList(0, 1));
    return switch (wait) {
      case LOGIN, LOCK -> book(file);
      case LOOK -> book(new Mute(), file);
      case SOMETHING_ON_THE_HOST -> book(new Godot(true), file);
      case SOMETHING_THAT_COMES -> book(new Godot(false), file);
      case OUTPUT ->
          new Playbook(
              List.of(
                  new Play.OnHosts("a", hosts.subList(0, 1), 0, items(new Godot(true))),
                  new Play.OnHosts(
                      "b",
                      hosts.subList(1, 2),
                      0,
                      items(
                          new FileStep(
                              files, "all", "", FileStep.WRITE, Optional.of(forOthers))))));
      case BATCH ->
          new Playbook(List.of(new Play.OnHosts("p", hosts, 1, items(new Godot(true), file))));
    };
  }

  private Playbook book(Step<?>... steps) {
    return new Playbook(List.of(new Play.OnHosts("p", hosts, 0, items(steps))));
  }

  @SuppressWarnings("unchecked")
  private static List<Item<Target.OnHost>> items(Step<?>... steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var step : steps) {
      var ref = new StepRef("step-" + items.size(), items.size(), new Position("book.yml", 1, 1));
      items.add(new Item<>(ref, (Step<Target.OnHost>) step));
    }
    return items;
  }

  private Report apply(Transport by, RunListener listener, Playbook book)
      throws InterruptedException {
    var runner =
        new Runner(by, new NoDesk(), NoCluster.NONE, listener, interrupt, HostKeyPrompt.REFUSE);
    var untold = new CountDownLatch(1);
    var watch = Thread.ofVirtual().start(() -> endIfUntold(untold));
    try {
      return runner.apply("r", TestInventory.of(hosts), book, options(), Optional.empty()).report();
    } finally {
      untold.countDown();
      watch.join();
    }
  }

  /** A wait that nobody is told of would last for an hour: the test fails, and ends. */
  private void endIfUntold(CountDownLatch over) {
    try {
      if (!over.await(20, TimeUnit.SECONDS)) {
        var _ = interrupt.request();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Options options() {
    var half = Duration.ofMinutes(30);
    return new Options(
        Optional.empty(), Set.of(), Set.of(), Removals.NONE, 8, "me", half, half, half);
  }

  /** Something that a run which is gone has left behind on host a, with the lock in its hands. */
  private AutoCloseable orphan(boolean wanted) throws Exception {
    if (!wanted) {
      return () -> {};
    }
    var run = Files.createDirectories(directory.resolve("run/a"));
    var holder =
        new ProcessBuilder("flock", run.resolve("lock").toString(), "sh", "-c", "echo held; cat")
            .start();
    Files.writeString(run.resolve("owner"), "1\nann@laptop, run r0, since noon\n");
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    return () -> {
      holder.getOutputStream().close();
      assertThat(holder.waitFor()).isZero();
    };
  }

  /** A transport whose hosts take the connection and say nothing. */
  private Transport mute() {
    return new Interposed(
        transport,
        new Interposed.Between() {
          @Override
          public void connecting(String host) throws InterruptedException {
            new CountDownLatch(1).await();
          }
        });
  }

  /** Asks what is never answered. */
  private record Mute() implements Step<Target.OnHost> {
    private static final Question<String> NEVER =
        Question.of(Kind.single(new ShellFunction("never", "sleep 3000"), frame -> frame.output()));

    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.of(NEVER);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      throw new IllegalStateException("it was never seen");
    }
  }

  /** Waits for what does not come; on host a only. */
  private record Godot(boolean onTheHost) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(FileStep.TEXT);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var limit = Duration.ofHours(1);
      return onTheHost
          ? new Check.NotYet(
              "godot",
              limit,
              Call.of(new ShellFunction("come", "false")),
              Call.of(new ShellFunction("why", "true")))
          : new Check.NotYet("godot", limit, "", "");
    }
  }
}
