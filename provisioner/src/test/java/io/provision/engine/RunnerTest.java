package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.engine.event.Failure;
import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
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
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class RunnerTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final Interrupt interrupt = new Interrupt();

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
  void planSaysWhatItWouldDoAndDoesNothing() throws Exception {
    var result = runner().plan("r1", inventory("a", "b"), book(text("motd", "hi")), options());

    assertThat(result.report().total().wouldChange()).isEqualTo(2);
    assertThat(files).isEmptyDirectory();
    assertThat(directory.resolve("run")).isEmptyDirectory();
    assertThat(transport.commands()).hasSize(2);
  }

  @Test
  void applyChangesOnceAndThenOneExecAHostFindsNothingToDo() throws Exception {
    var book = book(text("motd", "it's $(hot)\n"), text("etc/issue", ""));
    var first = apply(inventory("a", "b"), book);
    assertThat(first.report().total().changed()).isEqualTo(4);
    assertThat(files.resolve("a/motd")).hasContent("it's $(hot)\n");

    transport.commands().clear();
    var second = apply(inventory("a", "b"), book);
    assertThat(second.report().total()).isEqualTo(new Report.Tally(4, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).hasSize(2);
  }

  @Test
  void aRepairThatRepairsNothingIsAFailureThatSaysWhatStillDiffers() throws Exception {
    var idle = new ShellFunction("pretend", "cat >/dev/null");
    var step = new FileStep(files, "motd", "hi", idle, Optional.empty());
    var result = apply(inventory("a"), book(step, text("later", "x")));

    assertThat(result.report().total().failed()).isEqualTo(1);
    assertThat(result.report().total().skipped()).isEqualTo(1);
    assertThat(failures()).singleElement().asString().contains("still differs", "motd");
    assertThat(files.resolve("a/later")).doesNotExist();
  }

  @Test
  void aRepairThatFailsIsToldWithItsLastWords() throws Exception {
    var broken = new ShellFunction("break_it", "echo out of paper >&2; return 3");
    var step = new FileStep(files, "motd", "hi", broken, Optional.empty());
    apply(inventory("a"), book(step));

    assertThat(failures())
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure.exit()).isEqualTo(3);
          assertThat(failure.lines()).containsExactly("out of paper");
        });
  }

  @Test
  void aStepWaitsForTheOutputOfAnotherHostAndIsUnknownInAPlan() throws Exception {
    var inventory = inventory("a", "b");
    var need = Need.all(FileStep.TEXT, inventory.hosts());
    var book =
        book(text("name", "n"), new FileStep(files, "all", "", FileStep.WRITE, Optional.of(need)));

    var plan = runner().plan("r1", inventory, book, options());
    assertThat(plan.report().total().pending()).isEqualTo(2);

    apply(inventory, book);
    assertThat(files.resolve("b/all")).hasContent("{a=n, b=n}");
    assertThat(apply(inventory, book).report().total().ok()).isEqualTo(4);
  }

  @Test
  void whoNeedsAHostThatIsDownIsSkippedWithTheReasonAndOthersAreFinished() throws Exception {
    var inventory = inventory("a", "b");
    transport.takeDown("b");
    var need = Need.all(FileStep.TEXT, inventory.hosts());
    var book =
        book(text("name", "n"), new FileStep(files, "all", "", FileStep.WRITE, Optional.of(need)));
    var report = apply(inventory, book).report();

    assertThat(report.targets().get(name("a"))).isEqualTo(new Report.Tally(0, 1, 0, 0, 1, 0, 0));
    assertThat(report.targets().get(name("b")).unreachable()).isEqualTo(1);
    assertThat(files.resolve("a/name")).exists();
  }

  @Test
  void aHostThatIsLockedStopsTheRunBeforeAnythingIsChanged() throws Exception {
    try (var _ = Holder.of(directory, "b")) {
      var report = apply(inventory("a", "b"), book(text("motd", "hi"))).report();

      assertThat(report.stopped().orElseThrow().what())
          .contains("b is locked by ann@desk, run r0, since noon");
      assertThat(files).isEmptyDirectory();
    }
    assertThat(apply(inventory("a", "b"), book(text("motd", "hi"))).report().total().changed())
        .isEqualTo(2);
  }

  @Test
  void limitLeavesOtherHostsAsTheyAre() throws Exception {
    var options =
        new Options(Optional.of(Set.of(name("a"))), Set.of(), Set.of(), 8, "me", LOOK_LIMIT);
    var result =
        runner()
            .apply("r", inventory("a", "b"), book(text("motd", "hi")), options, Optional.empty());

    assertThat(result.report().targets()).containsOnlyKeys(name("a"));
    assertThat(files.resolve("b")).doesNotExist();
  }

  @Test
  void serialBatchesFollowEachOtherAndAFailedOneEndsThePlay() throws Exception {
    var failing =
        new ShellFunction(
            "fail_on_b",
            "case $1 in */b/*) return 1;; esac; cat >/dev/null; mkdir -p \"${1%/*}\"; printf hi >\"$1\"");
    var step = new FileStep(files, "motd", "hi", failing, Optional.empty());
    var inventory = inventory("a", "b", "c");
    var play = new Play.OnHosts("p", inventory.hosts(), 1, items(step));
    var report = apply(inventory, new Playbook(List.of(play))).report();

    assertThat(report.targets().get(name("a")).changed()).isEqualTo(1);
    assertThat(report.targets().get(name("b")).failed()).isEqualTo(1);
    assertThat(report.targets().get(name("c")).skipped()).isEqualTo(1);
  }

  @Test
  void aStepOfASerialPlayThatAnEarlierPlayPutsOutOfOrderIsRepairedInBatchesToo() throws Exception {
    var leaving =
        new ShellFunction(
            "leave_trace",
            "mkdir -p \"${1%/*}\" && head -c \"$payload_1\" >\"$1\" && printf x >\"${1%/*}/trace\"");
    var clearing =
        new ShellFunction("clear_trace", "case $1 in */a/*) return 1;; esac; rm -f \"$1\"");
    var inventory = inventory("a", "b");
    var motd = new FileStep(files, "motd", "hi", leaving, Optional.empty());
    var clear = new FileStep(files, "trace", "(absent)", clearing, Optional.empty());
    var items = items(motd, clear);
    var plays =
        List.<Play>of(
            new Play.OnHosts("all", inventory.hosts(), 0, items.subList(0, 1)),
            new Play.OnHosts("one by one", inventory.hosts(), 1, items.subList(1, 2)));
    var report = apply(inventory, new Playbook(plays)).report();

    assertThat(report.targets().get(name("a"))).isEqualTo(new Report.Tally(0, 1, 0, 0, 0, 1, 0));
    assertThat(report.targets().get(name("b"))).isEqualTo(new Report.Tally(0, 1, 0, 0, 1, 0, 0));
  }

  @Test
  void whatIsRefusedOfAStepThatWasNotChosenKeepsNobodyFromTheOneThatWas() throws Exception {
    var inventory = inventory("a");
    var need = Need.some(FileStep.TEXT, inventory.hosts());
    var first = new FileStep(files, "first", "1", FileStep.WRITE, Optional.of(need));
    var items = items(new RefusingStep(), text("motd", "hi"), first);
    var book = new Playbook(List.of(new Play.OnHosts("all", inventory.hosts(), 0, items)));
    var only =
        new Options(Optional.empty(), Set.of("step-1", "step-2"), Set.of(), 8, "me", LOOK_LIMIT);
    var report = runner().apply("r", inventory, book, only, Optional.empty()).report();

    assertThat(report.total()).isEqualTo(new Report.Tally(0, 2, 0, 0, 0, 0, 0));
    assertThat(files.resolve("a/motd")).hasContent("hi");
  }

  @Test
  void aPlanThatWantsToKnowAllIsToldWhatComesBehindARefusalToo() throws Exception {
    var inventory = inventory("a");
    var items = items(new RefusingStep(), new RefusingStep(), text("motd", "hi"));
    var book = new Playbook(List.of(new Play.OnHosts("all", inventory.hosts(), 0, items)));
    var options = new Options(Optional.empty(), Set.of(), Set.of(), 8, "me", LOOK_LIMIT);
    var first = runner().plan("r", inventory, book, options).report().total();
    var all = runner().plan("r", inventory, book, options.comparingAll()).report().total();

    assertThat(first).isEqualTo(new Report.Tally(0, 0, 0, 0, 2, 1, 0));
    assertThat(all).isEqualTo(new Report.Tally(0, 0, 1, 0, 0, 2, 0));
    assertThatThrownBy(
            () -> runner().apply("r", inventory, book, options.comparingAll(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(files.resolve("a/motd")).doesNotExist();
  }

  /** Provides what others need, and refuses. */
  private record RefusingStep() implements Step<Target.OnHost> {
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
      return new Check.Refused("never", "do without");
    }
  }

  @Test
  void aStepThatUndoesAnEarlierOneIsFoundAtTheEnd() throws Exception {
    var result = apply(inventory("a"), book(text("motd", "one"), text("motd", "two")));
    assertThat(result.report().total().failed()).isEqualTo(1);
    assertThat(failures()).anySatisfy(f -> assertThat(f.what()).contains("differs again"));
  }

  @Test
  void aNeedThatOnlyALaterStepCouldMeetIsRefusedBeforeAnyConnection() {
    var inventory = inventory("a");
    var need = Need.all(FileStep.TEXT, inventory.hosts());
    var book =
        book(new FileStep(files, "all", "", FileStep.WRITE, Optional.of(need)), text("name", "n"));

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> apply(inventory, book))
        .hasMessageContaining("put that one before it");
    assertThat(transport.commands()).isEmpty();
  }

  @Test
  void aNeedThatNoStepCouldMeetIsRefusedBeforeAnyConnection() {
    var inventory = inventory("a");
    var need = Need.all(FileStep.TEXT, inventory.hosts());
    var book = book(new FileStep(files, "all", "", FileStep.WRITE, Optional.of(need)));

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> apply(inventory, book))
        .hasMessageContaining("no step of this playbook provides");
    assertThat(transport.commands()).isEmpty();
  }

  /** The slow host answers when all others were looked at; were it waited for, nobody would be. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSlowHostDelaysOnlyItself() throws Exception {
    var inventory = inventory("a", "b", "c", "slow");
    var others = new CountDownLatch(3);
    var slow =
        new Interposed(
            transport,
            new Interposed.Between() {
              @Override
              public void connecting(String host) throws InterruptedException {
                if (host.equals("slow")) {
                  others.await();
                }
              }
            });
    var runner =
        new Runner(
            slow,
            new NoDesk(),
            NoCluster.NONE,
            event -> {
              if (event instanceof RunEvent.Looked) {
                others.countDown();
              }
            },
            interrupt,
            HostKeyPrompt.REFUSE);
    var two = new Options(Optional.empty(), Set.of(), Set.of(), 2, "me", LOOK_LIMIT);
    var report = runner.plan("r", inventory, book(text("motd", "hi")), two).report();
    assertThat(report.total().wouldChange()).isEqualTo(4);
  }

  @Test
  void anInterruptedRunStartsNoFurtherStep() throws Exception {
    interrupt.request();
    var report = apply(inventory("a"), book(text("motd", "hi"))).report();
    assertThat(report.interrupted()).isTrue();
    assertThat(files).isEmptyDirectory();
  }

  private static final Duration LOOK_LIMIT = Duration.ofMinutes(1);

  private static Options options() {
    return new Options(Optional.empty(), Set.of(), Set.of(), 8, "me", LOOK_LIMIT);
  }

  private Runner runner() {
    return new Runner(
        transport, new NoDesk(), NoCluster.NONE, events::add, interrupt, HostKeyPrompt.REFUSE);
  }

  /** All hosts at once, however slow the machine is that this runs on. */
  private RunResult apply(Inventory inventory, Playbook book) throws InterruptedException {
    var together =
        new Options(
            Optional.empty(),
            Set.of(),
            Set.of(),
            Removals.NONE,
            8,
            "me",
            LOOK_LIMIT,
            LOOK_LIMIT,
            Duration.ofHours(1));
    return runner().apply("r", inventory, book, together, Optional.empty());
  }

  private FileStep text(String file, String text) {
    return new FileStep(files, file, text);
  }

  @SafeVarargs
  private static List<Item<Target.OnHost>> items(Step<Target.OnHost>... steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var step : steps) {
      var at = new Position("book.yml", items.size() + 1, 1);
      items.add(new Item<>(new StepRef("step-" + items.size(), items.size(), at), step));
    }
    return items;
  }

  @SafeVarargs
  private Playbook book(Step<Target.OnHost>... steps) {
    return new Playbook(List.of(new Play.OnHosts("all", inventoryHosts, 0, items(steps))));
  }

  private List<Host> inventoryHosts = hosts("a", "b");

  private Inventory inventory(String... names) {
    inventoryHosts = hosts(names);
    return TestInventory.of(inventoryHosts);
  }

  private static List<Host> hosts(String... names) {
    return Stream.of(names).map(TestInventory::host).toList();
  }

  private static TargetName name(String host) {
    return TargetName.of(new HostName(host));
  }

  private List<Failure> failures() {
    return events.stream()
        .map(event ->
            switch (event) {
              case RunEvent.StepFinished(_, _, Outcome.Failed(var failure), _) ->
                  Optional.of(failure);
              case RunEvent.TargetFailed(_, Outcome.Failed(var failure)) -> Optional.of(failure);
              default -> Optional.<Failure>empty();
            })
        .flatMap(Optional::stream)
        .toList();
  }
}
