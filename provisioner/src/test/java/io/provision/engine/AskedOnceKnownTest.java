package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.Manifest;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.remote.LocalShell;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects that another target tells; the time limit only ends a hanging test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AskedOnceKnownTest {
  private static final Position AT = new Position("book.yml", 1, 1);
  private static final Inventory INVENTORY = SmallCluster.inventory("w");

  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);
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
  void aFirstRunAsksWhenItIsKnownWhatAndTheNextChangesNothing() throws Exception {
    assertThat(apply("blue").report().total().changed()).isEqualTo(3);
    assertThat(colour()).isEqualTo("blue");

    var applied = cluster.applied();
    transport.commands().clear();
    assertThat(apply("blue").report().total()).isEqualTo(new Report.Tally(3, 0, 0, 0, 0, 0, 0));
    assertThat(cluster.applied()).isEqualTo(applied);
    assertThat(transport.commands()).hasSize(3); // cp, its kubeconfig, w
  }

  @Test
  void aPlanShowsObjectsThatAreKnownAlready() throws Exception {
    apply("blue");
    cluster.delete(SmallCluster.settings("blue").ref());

    plan("blue");
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.WouldChange.class,
            it ->
                assertThat(it.changes())
                    .singleElement()
                    .asString()
                    .contains("ConfigMap settings", "colour: blue"));
  }

  @Test
  void aPlanNamesWhatItCannotKnowYet() throws Exception {
    apply("blue");
    plan("red");
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Pending.class, it -> assertThat(it.awaiting()).contains("'tells' on w"));
  }

  @Test
  void whatIsToldAnewIsAskedAnewBeforeItIsCompared() throws Exception {
    apply("blue");
    assertThat(apply("red").report().total().changed()).isEqualTo(2);
    assertThat(colour()).isEqualTo("red");
  }

  /** Else a plan would end well and leave open what nobody could ask. */
  @Test
  void anApiThatDoesNotAnswerWhatIsAskedThenFailsThePlan() throws Exception {
    apply("blue");
    api.fails(
        questions -> !questions.isEmpty(),
        new ClusterException("it does not answer", "do it", null));
    plan("blue");
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it -> assertThat(it.failure()).isEqualTo(new Failure("it does not answer", "do it")));
  }

  @Test
  void whatAnEarlierStepChangedMeanwhileIsAskedAnew() throws Exception {
    apply("blue");
    cluster.delete(SmallCluster.settings("").ref());
    var first = item("first", new Made());
    var both = new Play.OnCluster("cluster", List.of(first, item("told", new Told())));

    var report =
        runner().apply("a", INVENTORY, book("blue", both), TestRuns.OPTIONS, Optional.empty());
    assertThat(report.report().total()).isEqualTo(new Report.Tally(3, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void aSavedPlanHoldsWhatWasAskedOnceItWasKnown() throws Exception {
    apply("blue");
    var saved = plan("blue").plan();
    cluster.update(SmallCluster.settings("").ref(), "kubectl-edit", "9", "f:data", "f:other");

    var report =
        runner().apply("a", INVENTORY, book("blue"), TestRuns.OPTIONS, Optional.of(saved)).report();
    assertThat(report.stopped())
        .hasValueSatisfying(stop -> assertThat(stop.what()).contains("(cluster)"));
  }

  @Test
  void aSavedPlanThatStillFitsIsCarriedOut() throws Exception {
    apply("blue");
    cluster.delete(SmallCluster.settings("blue").ref());
    var saved = plan("blue").plan();

    var report =
        runner().apply("a", INVENTORY, book("blue"), TestRuns.OPTIONS, Optional.of(saved)).report();
    assertThat(report.total().changed()).isEqualTo(1);
    assertThat(colour()).isEqualTo("blue");
  }

  /** The same object, asked for by another question. */
  private record Made() implements Step<Target.OnCluster> {
    private static final Manifest BLUE = SmallCluster.settings("blue");
    private static final ClusterQuestion.One LIVE = new ClusterQuestion.One(BLUE.ref());

    @Override
    public Probes probes(Target.OnCluster target) {
      return Probes.ofCluster(List.of(LIVE));
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      return seen.of(LIVE).isPresent()
          ? new Check.InSync()
          : new Check.Drift(
              List.of(Change.of(Change.Action.CREATE, "it")),
              new Repair.OnCluster(List.of(new ClusterChange.Apply(BLUE, false))));
    }
  }

  /** Objects whose content a host tells. */
  private record Told() implements Step<Target.OnCluster> {
    private static final Set<Need> NEEDS =
        Set.of(Need.all(FileStep.TEXT, List.of(INVENTORY.find(new HostName("w")).orElseThrow())));

    private static ClusterObjects objects(Known known) {
      var colour = known.all(FileStep.TEXT).values().iterator().next();
      return new ClusterObjects(List.of(SmallCluster.settings(colour)), false);
    }

    @Override
    public Probes probes(Target.OnCluster target) {
      return Probes.NONE;
    }

    @Override
    public Probes probes(Target.OnCluster target, Known known) {
      return objects(known).probes();
    }

    @Override
    public Set<Need> needs(Target.OnCluster target) {
      return NEEDS;
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      return objects(known).check(seen);
    }
  }

  private Object colour() {
    return cluster.live(SmallCluster.settings("").ref()).content().get("data")
            instanceof Map<?, ?> data
        ? data.get("colour")
        : "";
  }

  private Playbook book(String colour) {
    return book(colour, new Play.OnCluster("cluster", List.of(item("told", new Told()))));
  }

  private Playbook book(String colour, Play onCluster) {
    var server = new SmallCluster.Server(new FileStep(files, "server", "running"));
    return new Playbook(
        List.of(
            new Play.OnHosts("cp", hosts("cp"), 0, List.of(item("server", server))),
            new Play.OnHosts(
                "w", hosts("w"), 0, List.of(item("tells", new FileStep(files, "t", colour)))),
            onCluster));
  }

  private static List<io.provision.model.Host> hosts(String name) {
    return List.of(INVENTORY.find(new HostName(name)).orElseThrow());
  }

  private static <T extends Target> Item<T> item(String name, Step<T> step) {
    return new Item<>(
        new StepRef(name, List.of("server", "tells", "first", "told").indexOf(name), AT), step);
  }

  private Outcome outcome() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(RunEvent.StepFinished.class::cast)
        .filter(it -> it.target().equals(TargetName.CLUSTER))
        .reduce((_, last) -> last)
        .orElseThrow()
        .outcome();
  }

  private RunResult plan(String colour) throws InterruptedException {
    return runner().plan("p", INVENTORY, book(colour), TestRuns.OPTIONS);
  }

  private RunResult apply(String colour) throws InterruptedException {
    return runner().apply("a", INVENTORY, book(colour), TestRuns.OPTIONS, Optional.empty());
  }

  private Runner runner() {
    return TestRuns.runner(transport, api, events::add);
  }
}
