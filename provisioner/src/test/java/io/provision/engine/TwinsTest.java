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
import io.provision.remote.LocalShell;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.MachineIdentity;
import io.provision.step.Observations;
import io.provision.step.Observed;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are one machine, and machines that take themselves for one another. */
final class TwinsTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = Stream.of("a", "b", "c").map(TestInventory::host).toList();
  private final Map<String, String> says = new HashMap<>();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
    for (var host : List.of("a", "b", "c")) {
      says.put(host, "boot=%1$s\nnamespace=pid:[1]\nmachine-id=m%1$s\nmac=%1$s".formatted(host));
    }
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3600})
  void oneMachineUnderTwoNamesIsRefusedByBothAndNothingIsDoneToIt(long quiet) throws Exception {
    says.put("c", says.get("a"));
    var report = run(true, Duration.ofSeconds(quiet));

    assertThat(files.resolve("b/motd")).exists();
    assertThat(report.targets().get(name("c")).failed() + report.targets().get(name("a")).failed())
        .as("without a pause both answer together, or one after the other")
        .isBetween(quiet == 0 ? 1 : 2, 2);
    assertThat(told()).anySatisfy(text -> assertThat(text).contains("the same machine as"));
    assertThat(Stream.of("a", "c").filter(host -> Files.exists(files.resolve(host))).count())
        .as("who was there first can be at work already")
        .isLessThanOrEqualTo(quiet == 0 ? 1 : 0);
  }

  @Test
  void aPlanNamesBoth() throws Exception {
    says.put("c", says.get("a"));
    run(false, Duration.ZERO);
    assertThat(told())
        .anySatisfy(text -> assertThat(text).contains("a", "the same machine as c"))
        .anySatisfy(text -> assertThat(text).contains("c", "the same machine as a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boot=1\nnamespace=1\nmachine-id=a|boot=2\nnamespace=1\nmachine-id=a|machine-id",
        "boot=1\nnamespace=1\nproduct-uuid=a|boot=2\nnamespace=1\nproduct-uuid=a|product_uuid",
        "boot=1\nnamespace=1\nmac=x\nmac=y|boot=2\nnamespace=1\nmac=y\nmac=x|MAC addresses",
        "boot=1\nnamespace=1\nmachine-id=a|boot=1\nnamespace=2\nmachine-id=a|machine-id",
      })
  void clonesAreNamedWithTheRemedyAndWorkedOn(String text) throws Exception {
    var parts = text.split("\\|");
    says.put("a", parts[0]);
    says.put("c", parts[1]);
    var report = run(true, Duration.ZERO);
    assertThat(report.total().failed()).isZero();
    assertThat(notes())
        .singleElement()
        .asString()
        .contains("c", "the same " + parts[2] + " as a", "they are clones");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boot=1\nnamespace=1\nproduct-uuid=a\nmac=x|boot=1\nnamespace=2\nproduct-uuid=a\nmac=x",
        "boot=1\nnamespace=1\nmac=x|boot=2\nnamespace=1\nmac=x\nmac=y",
        "boot=1\nnamespace=\nmachine-id=|boot=1\nnamespace=\nmachine-id=",
        "garbage\0=\nboot|garbage\0=\nboot",
      })
  void containersOfOneMachineAndWhoSaysNothingAreNoTwins(String text) throws Exception {
    var parts = text.split("\\|");
    says.put("a", parts[0]);
    says.put("c", parts[1]);
    assertThat(run(true, Duration.ZERO).total().failed()).isZero();
    assertThat(notes()).isEmpty();
  }

  /** Without a step that asks who it is, the lock says it; nobody is told to end it. */
  @Test
  void aLockOfTheRunItselfIsNotCalledThatOfAnother() throws Exception {
    says.clear();
    try (var _ = Holder.of(directory, "b", "me")) {
      var report = run(true, Duration.ofHours(1));
      assertThat(report.stopped().orElseThrow().what()).contains("b is the same machine");
      assertThat(report.stopped().orElseThrow().remedy()).doesNotContain("unlock");
      assertThat(events).as("nobody gives it back").noneMatch(RunEvent.Waiting.class::isInstance);
      assertThat(files).isEmptyDirectory();
    }
  }

  private List<String> told() {
    return events.stream()
        .filter(RunEvent.TargetFailed.class::isInstance)
        .map(Object::toString)
        .toList();
  }

  private List<String> notes() {
    return events.stream().filter(RunEvent.Note.class::isInstance).map(Object::toString).toList();
  }

  private static TargetName name(String host) {
    return TargetName.of(new HostName(host));
  }

  private Report run(boolean apply, Duration quiet) throws InterruptedException {
    var at = new Position("book.yml", 1, 1);
    var items = new ArrayList<Item<Target.OnHost>>();
    items.add(new Item<>(new StepRef("who", 0, at), new Who(Map.copyOf(says))));
    items.add(new Item<>(new StepRef("motd", 1, at), new FileStep(files, "motd", "hi")));
    var book = new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items)));
    var minute = Duration.ofMinutes(1);
    var options =
        new Options(
            Optional.empty(), Set.of(), Set.of(), Removals.NONE, 8, "me", minute, minute, quiet);
    var runner = TestRuns.runner(transport, NoCluster.NONE, events::add);
    var inventory = TestInventory.of(hosts);
    return (apply
            ? runner.apply("r", inventory, book, options, Optional.empty())
            : runner.plan("r", inventory, book, options))
        .report();
  }

  /** What each host says of itself. */
  private record Who(Map<String, String> says) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(MachineIdentity.OUTPUT);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var text = says.getOrDefault(target.host().name().value(), "");
      return new Check.InSync(Observed.of(MachineIdentity.OUTPUT, MachineIdentity.read(text)));
    }
  }
}
