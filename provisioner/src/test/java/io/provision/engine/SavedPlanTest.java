package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Finding;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.SavedPlan;
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
import io.provision.remote.Transport;
import io.provision.step.Canonical;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A saved plan is applied to all of its targets as they were, or to none. */
final class SavedPlanTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = Stream.of("a", "b", "idle").map(TestInventory::host).toList();

  /** How a host can be another one than when the plan was made. */
  enum Moved {
    /** What is to be changed was changed by somebody. */
    IN_NEED,
    /** What was in order is not any more. */
    IN_ORDER,
    /** What is to be changed is in order already. */
    DONE,
    /** It does not answer any more. */
    SILENT
  }

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
    write("idle", "hi");
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @Test
  void aPlanThatStillFitsIsApplied() throws Exception {
    var plan = plan();
    transport.commands().clear();
    var report = apply(transport, plan);

    assertThat(report.stopped()).isEmpty();
    assertThat(report.total()).isEqualTo(new Report.Tally(1, 2, 0, 0, 0, 0, 0));
    // a look and a session each, and one more look at what is not locked: it must still fit too
    assertThat(transport.commands().stream().map(each -> each.replaceAll(":.*", "")))
        .containsExactlyInAnyOrder("a", "a", "b", "b", "idle", "idle");
  }

  @ParameterizedTest
  @EnumSource(Moved.class)
  void whereOneTargetMovedBeforeTheFirstLookNothingIsChangedAnywhere(Moved moved) throws Exception {
    var plan = plan();
    move(moved);
    requireUntouched(apply(transport, plan), moved);
  }

  @ParameterizedTest
  @EnumSource(Moved.class)
  void whereOneTargetMovedWhileLocksWereTakenNothingIsChangedAnywhere(Moved moved)
      throws Exception {
    var plan = plan();
    var locking = new Locking(() -> move(moved));
    requireUntouched(apply(new Interposed(transport, locking), plan), moved);
    assertThat(locking.moved).as("whether anything was locked at all").isTrue();

    if (moved != Moved.SILENT) {
      assertThat(apply(transport, plan()).stopped()).as("with a new plan").isEmpty();
    }
  }

  @Test
  void aHostThatDidNotAnswerThePlanAndAnswersNowIsAnotherOneToo() throws Exception {
    transport.takeDown("b");
    var plan = plan();
    transport = new LocalShell(directory.resolve("run"));
    var report = apply(transport, plan);

    assertThat(report.stopped().orElseThrow().what()).contains("no longer fits b");
    assertThat(files.resolve("a")).doesNotExist();
  }

  /** Two plans of one state cannot be told to be that: what it holds could be guessed by them. */
  @Test
  void theDigestsOfAPlanAreItsOwn() throws Exception {
    var plans = List.of(plan(), plan());
    assertThat(plans).extracting(SavedPlan::key).doesNotContain("").doesNotHaveDuplicates();
    assertThat(plans.stream().flatMap(plan -> plan.findings().stream()).map(Finding::basis))
        .hasSize(6)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatMovedIsNamedInTheOrderOfThePlaybook() throws Exception {
    var before = plan();
    var first = before.findings().getFirst();
    var now =
        IntStream.of(3, 1, 2)
            .mapToObj(index -> new StepRef("s" + index, index, new Position("book.yml", 1, 1)))
            .map(step ->
                new Finding(
                    first.target(), step, first.outcome(), first.announced(), first.basis()))
            .toList();
    assertThat(before.moved(now).get(first.target()))
        .extracting(StepRef::index)
        .containsExactly(0, 1, 2, 3);
  }

  /** A step's own record is nobody else's, and its text is that of what it holds all the same. */
  @Test
  void aRecordThatNobodyElseSeesHasAText() {
    assertThat(Canonical.text(new Own("x")))
        .isEqualTo(Canonical.text(new Own("x")))
        .isNotEqualTo(Canonical.text(new Own("y")));
  }

  private record Own(String text) {}

  private void requireUntouched(Report report, Moved moved) {
    var who = moved == Moved.IN_ORDER ? "idle" : "b";
    assertThat(report.stopped())
        .hasValueSatisfying(stop -> {
          assertThat(stop).isInstanceOf(Report.Stop.PlanMoved.class);
          assertThat(stop.what()).isEqualTo("the plan no longer fits " + who);
        });
    assertThat(report.total().changed()).isZero();
    assertThat(report.targets()).containsOnlyKeys(TargetName.of(new HostName(who)));
    assertThat(files.resolve("a")).doesNotExist();
    assertThat(events).filteredOn(RunEvent.StepStarted.class::isInstance).isEmpty();
    assertThat(events)
        .filteredOn(RunEvent.TargetFailed.class::isInstance)
        .singleElement()
        .asString()
        .contains(moved == Moved.SILENT ? "answer" : "changed since the plan was made: motd");
  }

  private void move(Moved moved) {
    switch (moved) {
      case IN_NEED -> write("b", "somebody was here");
      case IN_ORDER -> write("idle", "somebody was here");
      case DONE -> write("b", "hi");
      case SILENT -> transport.takeDown("b");
    }
  }

  private void write(String host, String text) {
    try {
      Files.createDirectories(files.resolve(host));
      Files.writeString(files.resolve(host).resolve("motd"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SavedPlan plan() throws InterruptedException {
    return runner(transport).plan("p", TestInventory.of(hosts), book(), TestRuns.OPTIONS).plan();
  }

  private Report apply(Transport by, SavedPlan plan) throws InterruptedException {
    events.clear();
    return runner(by)
        .apply("a", TestInventory.of(hosts), book(), TestRuns.OPTIONS, Optional.of(plan))
        .report();
  }

  private Runner runner(Transport by) {
    return TestRuns.runner(by, NoCluster.NONE, events::add);
  }

  private Playbook book() {
    var at = new Position("book.yml", 1, 1);
    var items = new ArrayList<Item<Target.OnHost>>();
    items.add(new Item<>(new StepRef("motd", 0, at), new FileStep(files, "motd", "hi")));
    return new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items)));
  }

  /** Somebody is at work between the first look and the first lock. */
  private final class Locking implements Interposed.Between {
    private final Runnable meanwhile;
    private boolean moved;

    Locking(Runnable meanwhile) {
      this.meanwhile = meanwhile;
    }

    private synchronized void locking() {
      if (!moved) {
        moved = true;
        meanwhile.run();
      }
    }

    @Override
    public RemoteProcess exec(String host, String command, Connection connection)
        throws RemoteException {
      if (command.contains("flock")) {
        locking();
      }
      if (transport.isDown(host)) {
        throw new RemoteException.Lost("it does not answer", null);
      }
      return connection.exec(command);
    }
  }
}
