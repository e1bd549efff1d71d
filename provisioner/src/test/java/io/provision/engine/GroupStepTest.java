package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.remote.LocalShell;
import io.provision.step.Check;
import io.provision.step.Group;
import io.provision.step.GroupStep;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts share one file; a fourth has nothing to do with it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GroupStepTest {
  private static final Position AT = new Position("book.yml", 1, 1);
  private static final List<Host> MEMBERS =
      Stream.of("a", "b", "c").map(TestInventory::host).toList();
  private static final Inventory INVENTORY =
      TestInventory.of(Stream.of("a", "b", "c", "d").map(TestInventory::host).toList());

  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

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
  void oneActsForAll() throws Exception {
    var result = apply();
    assertThat(result.report().total().failed()).isZero();
    assertThat(shared()).containsOnly(Map.entry("a", Outcome.Changed.class));
    assertThat(files.resolve("a/shared")).hasContent("all");
    assertThat(files.resolve("b/shared")).doesNotExist();
  }

  @Test
  void aPlanSaysWhoWillActAndOnlyThat() throws Exception {
    plan(new Alive(files), new Shared(files));
    apply();
    Files.delete(files.resolve("a/shared"));
    plan(new Alive(files), new Shared(files));
    assertThat(shared()).containsOnly(Map.entry("a", Outcome.WouldChange.class));
  }

  @Test
  void whereTheFirstIsDownTheNextActs() throws Exception {
    transport.takeDown("a");
    apply();
    assertThat(shared()).containsOnly(Map.entry("b", Outcome.Changed.class));
    assertThat(files.resolve("b/shared")).hasContent("all");
  }

  @Test
  void whoIsThereAndIsNotFitDoesNotAct() throws Exception {
    Files.createDirectory(files.resolve("a"));
    Files.writeString(files.resolve("a/unfit"), "");
    apply();
    assertThat(shared()).containsOnly(Map.entry("b", Outcome.Changed.class));
  }

  @Test
  void whereNobodyIsFitNobodyActsAndItIsSaid() throws Exception {
    for (var member : List.of("a", "b", "c")) {
      Files.writeString(Files.createDirectory(files.resolve(member)).resolve("unfit"), "");
    }
    apply();
    assertThat(shared().values()).containsOnly(Outcome.Failed.class);
    assertThat(shared().keySet()).containsExactly("a", "b", "c");
  }

  @Test
  void aConvergedGroupIsOneExecAHost() throws Exception {
    apply();
    transport.commands().clear();
    assertThat(apply().report().total().ok()).isEqualTo(7);
    assertThat(transport.commands()).hasSize(4);
  }

  @Test
  void aHostOfNoGroupIsToldSo() throws Exception {
    apply();
    assertThat(outcome("d")).isEqualTo(new Outcome.Skipped("it is no member"));
  }

  /** By target, what came of the shared file where anything did. */
  private Map<String, Class<?>> shared() {
    var shared = new TreeMap<String, Class<?>>();
    for (var name : List.of("a", "b", "c")) {
      events.stream()
          .filter(RunEvent.StepFinished.class::isInstance)
          .map(RunEvent.StepFinished.class::cast)
          .filter(it -> it.step().name().equals("shared") && it.target().toString().equals(name))
          .map(RunEvent.StepFinished::outcome)
          .filter(it -> !(it instanceof Outcome.Ok))
          .forEach(it -> shared.put(name, it.getClass()));
    }
    return shared;
  }

  private Outcome outcome(String host) {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(RunEvent.StepFinished.class::cast)
        .filter(it -> it.step().name().equals("shared") && it.target().toString().equals(host))
        .reduce((_, last) -> last)
        .orElseThrow()
        .outcome();
  }

  /** Tells whether a host is fit; it is where no file says otherwise. */
  private record Alive(Path root) implements io.provision.step.Step<Target.OnHost> {
    static final Output<Boolean> FIT = new Output<>("fit", Boolean.class);

    private FileStep unfit() {
      return new FileStep(root, "unfit", "");
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return unfit().probes(target);
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(FIT);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var unfit = seen.of(unfit().question(target)).isEmpty();
      return new Check.InSync(Observed.of(FIT, !unfit));
    }
  }

  private record Shared(Path root) implements GroupStep {
    private FileStep file() {
      return new FileStep(root, "shared", "all");
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return file().probes(target);
    }

    @Override
    public Set<Need> needs(Target.OnHost target) {
      return Set.of(Need.some(Alive.FIT, MEMBERS));
    }

    @Override
    public Group group(Target.OnHost target) {
      return Group.of(MEMBERS);
    }

    @Override
    public Optional<HostName> actor(Target.OnHost target, Known known) {
      return group(target).actor(name -> known.all(Alive.FIT).getOrDefault(name, false));
    }

    @Override
    public Check act(Target.OnHost target, Observations seen, Known known) {
      return file().check(target, seen, known);
    }

    @Override
    public Check helpless(Target.OnHost target, Observations seen, Known known) {
      return new Check.Refused("nobody is fit", "make one fit");
    }

    @Override
    public Check outside(Target.OnHost target, Observations seen, Known known) {
      return new Check.Skipped("it is no member");
    }
  }

  @SafeVarargs
  private static Playbook book(io.provision.step.Step<Target.OnHost>... steps) {
    var names = List.of("alive", "shared");
    var items =
        java.util.stream.IntStream.range(0, steps.length)
            .<Item<Target.OnHost>>mapToObj(
                i -> new Item<>(new StepRef(names.get(i), i, AT), steps[i]))
            .toList();
    return new Playbook(List.of(new Play.OnHosts("all", INVENTORY.hosts(), 0, items)));
  }

  @SafeVarargs
  private void plan(io.provision.step.Step<Target.OnHost>... steps) throws InterruptedException {
    events.clear();
    var _ = runner().plan("p", INVENTORY, book(steps), TestRuns.OPTIONS);
  }

  private RunResult apply() throws InterruptedException {
    events.clear();
    return runner()
        .apply(
            "a",
            INVENTORY,
            book(new Alive(files), new Shared(files)),
            TestRuns.OPTIONS,
            Optional.empty());
  }

  private Runner runner() {
    return TestRuns.runner(transport, NoCluster.NONE, events::add);
  }
}
