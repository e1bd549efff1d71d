package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.RemoteException;
import io.provision.step.Need;
import io.provision.step.Removals;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In an apply, whoever was looked at is worked on while others are slow. A host here answers when
 * something has happened that could not happen if the others waited for it.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WavesTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final Interrupt interrupt = new Interrupt();
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = Stream.of("a", "b", "c").map(TestInventory::host).toList();
  private final Map<String, CountDownLatch> logins = new ConcurrentHashMap<>();
  private final Map<String, Predicate<RunEvent>> until = new ConcurrentHashMap<>();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  /** This host's login goes on when such an event was told. */
  private void slow(String host, Predicate<RunEvent> event) {
    logins.put(host, new CountDownLatch(1));
    until.put(host, event);
  }

  private void hear(RunEvent event) {
    events.add(event);
    until.forEach((host, wanted) -> {
      if (wanted.test(event)) {
        logins.getOrDefault(host, new CountDownLatch(1)).countDown();
      }
    });
  }

  private static Predicate<RunEvent> finished(String host) {
    return event ->
        event instanceof RunEvent.TargetFinished(var target, var tally)
            && target.toString().equals(host)
            && tally.changed() > 0;
  }

  @Test
  void aSlowHostDelaysNobodyElse() throws Exception {
    slow("b", finished("c"));
    var report = apply(text("motd", "hi"));
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
  }

  @Test
  void whoeverNeedsASlowHostWaitsForItWithoutHoldingUpTheRest() throws Exception {
    slow("c", finished("a"));
    var play = new Play.OnHosts("all", hosts, 0, items(0, text("name", "n")));
    var need = Need.all(FileStep.TEXT, hosts);
    var needy = new FileStep(files, "all", "", FileStep.WRITE, Optional.of(need));
    var rest = new Play.OnHosts("b", hosts.subList(1, 2), 0, items(1, needy));
    var report = apply(new Playbook(List.of(play, rest)));

    assertThat(report.total()).isEqualTo(new Report.Tally(0, 4, 0, 0, 0, 0, 0));
    assertThat(files.resolve("b/all")).hasContent("{a=n, b=n, c=n}");
  }

  /** Whoever comes when, it is the same in the end as if all had come together. */
  @ParameterizedTest
  @ValueSource(strings = {"abc", "acb", "bac", "bca", "cab", "cba"})
  void theOrderOfAnswersChangesNothingOfWhatIsDone(String order) throws Exception {
    for (var i = 1; i < order.length(); i++) {
      var before = order.substring(i - 1, i);
      slow(
          order.substring(i, i + 1),
          event ->
              event instanceof RunEvent.Looked(var target, _, _)
                  && target.toString().equals(before));
    }
    var all = Need.all(FileStep.TEXT, hosts);
    var some = Need.some(FileStep.TEXT, hosts);
    Step<Target.OnHost>[] steps =
        steps(
            text("name", "n"),
            new FileStep(files, "all", "", FileStep.WRITE, Optional.of(all)),
            new FileStep(files, "some", "", FileStep.WRITE, Optional.of(some)));

    assertThat(apply(steps).total()).isEqualTo(new Report.Tally(0, 9, 0, 0, 0, 0, 0));
    for (var host : List.of("a", "b", "c")) {
      assertThat(files.resolve(host).resolve("all")).hasContent("{a=n, b=n, c=n}");
    }
    until.clear();
    transport.commands().clear();
    assertThat(apply(steps).total()).isEqualTo(new Report.Tally(9, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).hasSize(3);
  }

  @Test
  void aSlowHostThatAnotherRunHoldsIsLeftOutAndTheOthersAreFinished() throws Exception {
    slow("b", finished("a"));
    try (var _ = Holder.of(directory, "b")) {
      var report = apply(text("motd", "hi"));
      assertThat(report.stopped()).isEmpty();
      assertThat(report.total()).isEqualTo(new Report.Tally(0, 2, 0, 0, 0, 1, 0));
    }
    assertThat(events)
        .filteredOn(RunEvent.TargetFailed.class::isInstance)
        .singleElement()
        .asString()
        .contains("locked by ann@desk", "provision unlock");
    assertThat(files.resolve("b")).doesNotExist();
  }

  /** Whoever else wants to work on it need not wait for the slowest of a run. */
  @Test
  void aHostThatIsThroughIsNotLockedWhileOthersAreAwaited() throws Exception {
    slow("b", finished("a"));
    var free = new CopyOnWriteArrayList<Boolean>();
    until.put(
        "when b is there",
        event ->
            event instanceof RunEvent.Connected(var target, _)
                && target.toString().equals("b")
                && free.add(isFreeInTheEnd("a")));
    assertThat(apply(text("motd", "hi")).total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(free).containsExactly(true);
  }

  /** Waits for its lock as another run does, for the end of the one that has told of its end. */
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

  @Test
  void aSlowHostThatCannotBeReachedInTheEndFailsAlone() throws Exception {
    slow("b", finished("a"));
    transport.takeDown("b");
    var report = apply(text("motd", "hi"));
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 2, 0, 0, 0, 0, 1));
  }

  @Test
  void anEndThatIsAskedForWhileOneIsSlowLeavesOutThatOne() throws Exception {
    slow("b", event -> false);
    until.put("b", event -> finished("a").test(event) && interrupt.request());
    var report = apply(text("motd", "hi"));
    assertThat(report.interrupted()).isTrue();
    assertThat(files.resolve("a/motd")).hasContent("hi");
    assertThat(report.total().failed() + report.total().unreachable()).isZero();
  }

  private FileStep text(String file, String text) {
    return new FileStep(files, file, text);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // handed on as it came
  private static Step<Target.OnHost>[] steps(Step<Target.OnHost>... steps) {
    return steps;
  }

  @SafeVarargs
  private static List<Item<Target.OnHost>> items(int from, Step<Target.OnHost>... steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var step : steps) {
      var index = from + items.size();
      var at = new Position("book.yml", index + 1, 1);
      items.add(new Item<>(new StepRef("step-" + index, index, at), step));
    }
    return items;
  }

  @SafeVarargs
  private Report apply(Step<Target.OnHost>... steps) throws InterruptedException {
    return apply(new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items(0, steps)))));
  }

  /** Where what it waits for does not happen, it waits for ever: the test fails, and ends. */
  private static void inTime(String host, CountDownLatch login)
      throws RemoteException, InterruptedException {
    if (!login.await(20, TimeUnit.SECONDS)) {
      throw new RemoteException.Unreachable(host + " was waited for by others", "", null);
    }
  }

  private Report apply(Playbook book) throws InterruptedException {
    var gates =
        new Interposed.Between() {
          @Override
          public void connecting(String host) throws RemoteException, InterruptedException {
            if (until.containsKey(host)) {
              inTime(host, logins.getOrDefault(host, new CountDownLatch(0)));
            }
          }
        };
    var minute = Duration.ofMinutes(1);
    var options =
        new Options(
            Optional.empty(),
            Set.of(),
            Set.of(),
            Removals.NONE,
            8,
            "me",
            minute,
            minute,
            Duration.ZERO);
    return new Runner(
            new Interposed(transport, gates),
            new NoDesk(),
            NoCluster.NONE,
            this::hear,
            interrupt,
            HostKeyPrompt.REFUSE)
        .apply("r", TestInventory.of(hosts), book, options, Optional.empty())
        .report();
  }
}
