package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.remote.Connection;
import io.provision.remote.Frame;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.OtherStdin;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Who is locked, for how long, and what a host that cannot be locked comes to. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LocksTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = Stream.of("a", "b").map(TestInventory::host).toList();

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
  void whoIsLockedIsTold() throws Exception {
    apply(transport, new FileStep(files, "motd", "hi"));
    assertThat(locked()).containsExactly(Set.of(name("a"), name("b")));
  }

  /** What is seen under the lock of a says that b, which was in order, has something to do too. */
  @Test
  void whoIsLockedAlreadyIsNotLockedAgainWhenAnotherIsNeeded() throws Exception {
    write("a/name", "n");
    write("b/name", "n");
    write("b/all", "{a=n, b=n}");
    var all = Need.all(FileStep.TEXT, hosts);
    var by = new Interposed(transport, new BeforeAnyIsLocked(() -> write("a/name", "other")));
    var report =
        apply(
            by,
            new FileStep(files, "name", "n"),
            new FileStep(files, "all", "", FileStep.WRITE, Optional.of(all)));

    assertThat(report.stopped()).isEmpty();
    assertThat(locked()).containsExactly(Set.of(name("a")), Set.of(name("a"), name("b")));
    assertThat(report.targets().get(name("a"))).isEqualTo(new Report.Tally(0, 2, 0, 0, 0, 0, 0));
    assertThat(report.targets().get(name("b"))).isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
  }

  /** Its repair waits for the lock of the other. */
  @Test
  void aHostThatCameInOrderBeforeItWasLockedIsFreeWhileOthersAreChanged() throws Exception {
    var waiting =
        new ShellFunction(
            "write_when_b_is_free",
            "flock -w 20 \"${1%/files/*}/run/b/lock\" true && "
                + "mkdir -p \"${1%/*}\" && head -c \"$payload_1\" >\"$1\"");
    var by = new Interposed(transport, new BeforeAnyIsLocked(() -> write("b/motd", "hi")));
    var report = apply(by, new FileStep(files, "motd", "hi", waiting, Optional.empty()));

    assertThat(locked()).containsExactly(Set.of(name("a"), name("b")));
    assertThat(report.total()).isEqualTo(new Report.Tally(1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void aRunThatIsStoppedByALockHasGivenTheOthersBackWhenItSaysSo() throws Exception {
    var free = new CopyOnWriteArrayList<Boolean>();
    try (var _ = Holder.of(directory, "b")) {
      var runner =
          TestRuns.runner(
              transport,
              NoCluster.NONE,
              event -> {
                if (event instanceof RunEvent.Finished) {
                  free.add(isFreeInTheEnd("a"));
                }
              });
      var report =
          runner
              .apply(
                  "r",
                  TestInventory.of(hosts),
                  book(new FileStep(files, "motd", "hi")),
                  TestRuns.OPTIONS,
                  Optional.empty())
              .report();
      assertThat(report.stopped()).containsInstanceOf(Report.Stop.Locked.class);
    }
    assertThat(directory.resolve("run/a/owner")).as("a was locked").exists();
    assertThat(free).containsExactly(true);
  }

  /** Each of those behind the first answers only once all of them were asked. */
  @Test
  void allLocksBehindTheFirstAreAskedForBeforeAnyIsWaitedFor() throws Exception {
    var three = Stream.of("a", "b", "c").map(TestInventory::host).toList();
    var asked = new CountDownLatch(2);
    var all = new CopyOnWriteArrayList<Boolean>();
    var together =
        new Interposed.Between() {
          @Override
          public RemoteProcess exec(String host, String command, Connection connection)
              throws RemoteException {
            var process = connection.exec(command);
            return command.contains("flock") && !host.equals("a")
                ? new OtherStdin(process, asked(process.stdin(), asked, all))
                : process;
          }
        };
    var items = items(book(new FileStep(files, "motd", "hi")));
    var report =
        TestRuns.runner(new Interposed(transport, together), NoCluster.NONE, events::add)
            .apply(
                "r",
                TestInventory.of(three),
                new Playbook(List.of(new Play.OnHosts("all", three, 3, items))),
                TestRuns.OPTIONS,
                Optional.empty())
            .report();
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(all).containsExactly(true, true);
  }

  /** Says of each lock that is asked for whether all were, before it is passed on. */
  private static OutputStream asked(OutputStream stdin, CountDownLatch asked, List<Boolean> all) {
    return new FilterOutputStream(stdin) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (new String(bytes, offset, length, StandardCharsets.UTF_8).startsWith("lock ")) {
          asked.countDown();
          try {
            all.add(asked.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
        out.write(bytes, offset, length);
      }
    };
  }

  /** It has met another run, which gives way: what is behind is free meanwhile. */
  @Test
  void whatARunGivesBackThatWasMetIsTaken() throws Exception {
    var three = Stream.of("a", "b", "c").map(TestInventory::host).toList();
    var free = new CopyOnWriteArrayList<Boolean>();
    var holder = Holder.of(directory, "b");
    RunListener giving =
        event -> {
          events.add(event);
          if (event instanceof RunEvent.Waiting(var target, _, _, var by, _, _)
              && by.contains("it may give it back")) {
            assertThat(target).isEqualTo(name("b"));
            assertThat(by).startsWith("ann@desk, run r0");
            free.add(isFreeInTheEnd("c"));
            try {
              holder.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    var items = book(new FileStep(files, "motd", "hi"));
    var book = new Playbook(List.of(new Play.OnHosts("all", three, 3, items(items))));
    var report =
        TestRuns.runner(transport, NoCluster.NONE, giving)
            .apply("r", TestInventory.of(three), book, TestRuns.OPTIONS, Optional.empty())
            .report();
    assertThat(report.stopped()).isEmpty();
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(free).containsExactly(true);
  }

  private static List<Item<Target.OnHost>> items(Playbook book) {
    return ((Play.OnHosts) book.plays().getFirst()).items();
  }

  @Test
  void aHostWhoseSessionEndsWhileItIsLockedFailsWithThatReasonAndTheOthersAreFinished()
      throws Exception {
    var dying =
        new Interposed.Between() {
          @Override
          public RemoteProcess exec(String host, String command, Connection connection)
              throws RemoteException {
            return connection.exec(
                host.equals("b")
                    ? command.replace("lock) take", "lock) echo no room >&2; exit 75; take")
                    : command);
          }
        };
    var report = apply(new Interposed(transport, dying), new FileStep(files, "motd", "hi"));

    assertThat(report.targets().get(name("a"))).isEqualTo(new Report.Tally(0, 1, 0, 0, 0, 0, 0));
    assertThat(report.targets().get(name("b")).changed()).isZero();
    assertThat(events)
        .filteredOn(RunEvent.TargetFailed.class::isInstance)
        .singleElement()
        .asString()
        .contains("while the lock was taken", "no room");
    assertThat(files.resolve("b")).doesNotExist();
  }

  @Test
  void aHostThatGivesNoSessionToLockItByIsLostAndTheOthersAreFinished() throws Exception {
    var silent =
        new Interposed.Between() {
          @Override
          public RemoteProcess exec(String host, String command, Connection connection)
              throws RemoteException {
            if (host.equals("b") && command.contains("flock")) {
              throw new RemoteException.Lost("it does not answer any more", null);
            }
            return connection.exec(command);
          }
        };
    var report = apply(new Interposed(transport, silent), new FileStep(files, "motd", "hi"));

    assertThat(report.targets().get(name("a"))).isEqualTo(new Report.Tally(0, 1, 0, 0, 0, 0, 0));
    assertThat(events)
        .filteredOn(RunEvent.TargetFailed.class::isInstance)
        .singleElement()
        .asString()
        .contains("it does not answer any more");
    assertThat(locked()).containsExactly(Set.of(name("a")));
    assertThat(files.resolve("b")).doesNotExist();
  }

  /** Its session is given up, not waited for: what hangs there may hang for ever. */
  @Test
  void whoHangsUnderItsLockIsGivenUpWhenAnEndIsAskedFor() throws Exception {
    var interrupt = new Interrupt();
    var sessions = new Sessions(() -> write("locking", ""), transport);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!Files.exists(files.resolve("hangs"))) {
            Thread.onSpinWait();
          }
          interrupt.request();
        });
    var report =
        new Runner(
                new Interposed(transport, sessions),
                new NoDesk(),
                NoCluster.NONE,
                events::add,
                interrupt,
                HostKeyPrompt.REFUSE)
            .apply(
                "r",
                TestInventory.of(hosts),
                book(new Hanging(files), new FileStep(files, "motd", "hi")),
                TestRuns.OPTIONS,
                Optional.empty())
            .report();

    assertThat(report.interrupted()).isTrue();
    assertThat(report.total().changed()).isZero();
    assertThat(sessions.ends).isNotEmpty();
    assertThat(sessions.ends.getFirst()).isEqualTo("given up");
  }

  /** In sync, once it is answered: not under the lock. */
  private record Hanging(Path files) implements Step<Target.OnHost> {
    private Question<String> question() {
      var hang =
          new ShellFunction("hang", "[ ! -e \"$1/locking\" ] || { : >\"$1/hangs\"; sleep 3000; }");
      return Question.of(Kind.single(hang, Frame::output), files.toString());
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.of(question());
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }
  }

  /** How sessions are ended: by an end of their input, or by being given up. */
  private static final class Sessions implements Interposed.Between {
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final BeforeAnyIsLocked before;
    private final LocalShell hosts;

    Sessions(Runnable work, LocalShell hosts) {
      this.before = new BeforeAnyIsLocked(work);
      this.hosts = hosts;
    }

    @Override
    public RemoteProcess exec(String host, String command, Connection connection)
        throws RemoteException {
      var process = before.exec(host, command, connection);
      return command.contains("flock") ? new Told(process, ends, hosts) : process;
    }
  }

  private record Told(RemoteProcess process, List<String> ends, LocalShell hosts)
      implements RemoteProcess {
    @Override
    public OutputStream stdin() {
      return new FilterOutputStream(process.stdin()) {
        @Override
        public void close() throws IOException {
          ends.add("asked to end");
          super.close();
        }
      };
    }

    @Override
    public InputStream stdout() {
      return process.stdout();
    }

    @Override
    public InputStream stderr() {
      return process.stderr();
    }

    @Override
    public Exit waitFor() throws RemoteException, InterruptedException {
      return process.waitFor();
    }

    /** What was given up prints no more, as with a channel that is closed. */
    @Override
    public void close() {
      ends.add("given up");
      process.close();
      hosts.close();
    }
  }

  private List<Set<TargetName>> locked() {
    return events.stream()
        .flatMap(event ->
            event instanceof RunEvent.Locked(var targets) ? Stream.of(targets) : Stream.empty())
        .toList();
  }

  /** Waits for its lock as another run does. */
  private boolean isFreeInTheEnd(String host) {
    var lock = directory.resolve("run").resolve(host).resolve("lock").toString();
    try {
      return new ProcessBuilder("flock", "-w", "20", lock, "true").start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
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
  private Report apply(Transport by, Step<Target.OnHost>... steps) throws InterruptedException {
    return TestRuns.runner(by, NoCluster.NONE, events::add)
        .apply("r", TestInventory.of(hosts), book(steps), TestRuns.OPTIONS, Optional.empty())
        .report();
  }

  @SafeVarargs
  private Playbook book(Step<Target.OnHost>... steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var step : steps) {
      var at = new Position("book.yml", items.size() + 1, 1);
      items.add(new Item<>(new StepRef("step-" + items.size(), items.size(), at), step));
    }
    // one at a time, so that all are looked at before any is locked
    return new Playbook(List.of(new Play.OnHosts("all", hosts, hosts.size(), items)));
  }

  private static TargetName name(String host) {
    return TargetName.of(new HostName(host));
  }

  /** Something happens between the first looks and the first lock. */
  private static final class BeforeAnyIsLocked implements Interposed.Between {
    private final Runnable work;
    private boolean happened;

    BeforeAnyIsLocked(Runnable work) {
      this.work = work;
    }

    @Override
    public synchronized RemoteProcess exec(String host, String command, Connection connection)
        throws RemoteException {
      if (command.contains("flock") && !happened) {
        happened = true;
        work.run();
      }
      return connection.exec(command);
    }
  }
}
