package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.remote.Connection;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.Need;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
