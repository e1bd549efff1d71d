package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Clusters;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.remote.LocalShell;
import io.provision.resource.ClusterObjects;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service gets an address, and a host needs it; the time limit only ends a hanging test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ClusterOutputTest {
  private static final Position AT = new Position("book.yml", 1, 1);
  private static final Output<String> ADDRESS = new Output<>("service-address", String.class);
  private static final Inventory INVENTORY = SmallCluster.inventory("w");

  /** In the order in which the playbooks here name them. */
  private static final List<String> PLACES =
      List.of("early", "claims", "server", "service", "up", "uses");

  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final FakeCluster cluster = new FakeCluster();
  private Clusters clusters = new FakeApi(cluster);
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
  void aHostWaitsForWhatTheClusterHas() throws Exception {
    var book = book(onCluster(new Service()), onWorker(new Uses(files)));
    assertThat(plan(book).report().total()).isEqualTo(new Report.Tally(0, 0, 1, 2, 0, 0, 0));
    assertThat(pending()).anyMatch(awaiting -> awaiting.contains("'service' on (cluster)"));

    assertThat(apply(book, TestRuns.OPTIONS).report().total().changed()).isEqualTo(3);
    assertThat(files.resolve("w/address")).hasContent("10.43.0.9");
  }

  @Test
  void aConvergedHostThatNeedsItIsAskedOnce() throws Exception {
    var book = book(onCluster(new Service()), onWorker(new Uses(files)));
    apply(book, TestRuns.OPTIONS);
    transport.commands().clear();

    assertThat(apply(book, TestRuns.OPTIONS).report().total().ok()).isEqualTo(3);
    assertThat(transport.commands()).hasSize(3); // cp, its kubeconfig, w
  }

  @Test
  void whoNeedsItOfAClusterThatCannotBeReachedIsSkippedWithTheReason() throws Exception {
    clusters =
        _ -> {
          throw new ClusterException("it does not answer", "look at it", null);
        };
    apply(book(onCluster(new Service()), onWorker(new Uses(files))), TestRuns.OPTIONS);

    assertThat(files.resolve("w")).doesNotExist();
    assertThat(skipped()).containsExactly("needs service-address of (cluster): it does not answer");
  }

  @Test
  void aRunThatMayNotChangeTheClusterTakesWhatItHasAlready() throws Exception {
    var book = book(onCluster(new Service()), onWorker(new Uses(files)));
    var onlyW = options(Set.of(TargetName.of(new HostName("w"))));
    apply(book, onlyW);
    assertThat(files.resolve("w")).doesNotExist();
    assertThat(cluster.applied()).isZero();

    apply(book(onCluster(new Service())), TestRuns.OPTIONS);
    var applied = cluster.applied();
    assertThat(apply(book, onlyW).report().total().changed()).isEqualTo(1);
    assertThat(files.resolve("w/address")).hasContent("10.43.0.9");
    assertThat(cluster.applied()).isEqualTo(applied);
  }

  @Test
  void whatNoStepOnTheClusterProvidesIsRefusedBeforeTheFirstConnection() {
    assertThatThrownBy(() -> plan(book(onWorker(new Uses(files)))))
        .isInstanceOf(TaskGraphRefused.class)
        .hasMessageContaining("'uses' needs 'service-address' of the cluster");
    assertThat(transport.commands()).isEmpty();
  }

  @Test
  void anAddressThatOnlyAHostHasIsNotTheClusters() {
    var wrong = new Play.OnHosts("wrong", hosts("cp"), 0, List.of(item("claims", new Claims())));
    assertThatThrownBy(() -> plan(new Playbook(List.of(wrong, onWorker(new Uses(files))))))
        .isInstanceOf(TaskGraphRefused.class)
        .hasMessageContaining("of the cluster");
  }

  @Test
  void aServerThatWaitsForWhatTheClusterShowsOnlyThroughItIsRefused() {
    for (Step<Target.OnCluster> step : List.of(new Service(), new Relays())) {
      var early =
          new Play.OnHosts("early", hosts("cp"), 0, List.of(item("early", new Uses(files))));
      var cluster = new Play.OnCluster("cluster", List.of(item("service", step)));
      var book = new Playbook(List.of(early, server(), cluster));
      assertThatThrownBy(() -> plan(book))
          .as(step.toString())
          .isInstanceOf(TaskGraphRefused.class)
          .hasMessageContaining("put that one before it");
    }
  }

  @Test
  void aBatchThatWaitsForTheClusterAndThroughItForALaterBatchIsRefused() throws Exception {
    var late = SmallCluster.inventory("a", "b");
    var up = new SmallCluster.Server(new FileStep(files, "server", "running"));
    var serial = new Play.OnHosts("serial", late.hosts(), 1, List.of(item("up", new IfServer(up))));
    var service = onCluster(new Service());
    var use = new Play.OnHosts("use", late.hosts(), 1, List.of(item("uses", new Uses(files))));
    var report = run(late, new Playbook(List.of(serial, service, use)), TestRuns.OPTIONS).report();
    assertThat(report.total().failed()).as("one segment after the other").isZero();

    files = Files.createDirectory(directory.resolve("anew"));
    cluster.refs().forEach(cluster::delete);
    up = new SmallCluster.Server(new FileStep(files, "server", "running"));
    var both =
        List.<Item<Target.OnHost>>of(item("up", new IfServer(up)), item("uses", new Uses(files)));
    var mixed = new Play.OnHosts("mixed", late.hosts(), 1, both);
    run(late, new Playbook(List.of(service, mixed)), TestRuns.OPTIONS);
    assertThat(failures())
        .first()
        .asString()
        .contains("needs 'cluster-access' of cp, which itself waits for a later batch");
    assertThat(files.resolve("a")).doesNotExist();
  }

  /** A service whose address its object tells. */
  private record Service() implements Step<Target.OnCluster> {
    private static final Manifest MANIFEST =
        Manifest.of(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                Map.of("name", "web", "namespace", "default"),
                "spec",
                Map.of("clusterIP", "10.43.0.9")));
    private static final ClusterQuestion.One LIVE = new ClusterQuestion.One(MANIFEST.ref());

    private static ClusterObjects objects() {
      return new ClusterObjects(List.of(MANIFEST), false);
    }

    @Override
    public Probes probes(Target.OnCluster target) {
      return objects().probes().and(Probes.ofCluster(List.of(LIVE)));
    }

    @Override
    public Set<Output<?>> provides(Target.OnCluster target) {
      return Set.of(ADDRESS);
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      var check = objects().check(seen);
      return check instanceof Check.InSync
          ? new Check.InSync(Observed.of(ADDRESS, address(seen.of(LIVE).orElseThrow())))
          : check;
    }
  }

  private static String address(LiveObject service) {
    var spec = (Map<?, ?>) service.content().get("spec");
    return String.valueOf(spec.get("clusterIP"));
  }

  /** Tells an address without asking for it. */
  private record Relays() implements Step<Target.OnCluster> {
    @Override
    public Probes probes(Target.OnCluster target) {
      return Probes.NONE;
    }

    @Override
    public Set<Output<?>> provides(Target.OnCluster target) {
      return Set.of(ADDRESS);
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      return new Check.InSync(Observed.of(ADDRESS, "10.43.0.9"));
    }
  }

  /** A host's own address of that name. */
  private record Claims() implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(ADDRESS);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync(Observed.of(ADDRESS, "10.0.0.1"));
    }
  }

  /** A server on the control plane, and nothing elsewhere. */
  private record IfServer(SmallCluster.Server server) implements Step<Target.OnHost> {
    private static boolean is(Target.OnHost target) {
      return target.host().roles().contains(Role.CONTROL_PLANE);
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return is(target) ? server.probes(target) : Probes.NONE;
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return is(target) ? server.provides(target) : Set.of();
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return is(target) ? server.check(target, seen, known) : new Check.InSync();
    }
  }

  /** A file that holds the service's address. */
  private record Uses(Path root) implements Step<Target.OnHost> {
    private FileStep file(Known known) {
      return new FileStep(root, "address", known.cluster(ADDRESS).orElse(""));
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return file(Known.NOTHING).probes(target);
    }

    @Override
    public Set<Need> needs(Target.OnHost target) {
      return Set.of(Need.cluster(ADDRESS));
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return file(known).check(target, seen, known);
    }
  }

  private static List<Host> hosts(String name) {
    return List.of(INVENTORY.find(new HostName(name)).orElseThrow());
  }

  private static <T extends Target> Item<T> item(String name, Step<T> step) {
    return new Item<>(new StepRef(name, PLACES.indexOf(name), AT), step);
  }

  private Play server() {
    var server = new SmallCluster.Server(new FileStep(files, "server", "running"));
    return new Play.OnHosts("cp", hosts("cp"), 0, List.of(item("server", server)));
  }

  private static Play onCluster(Step<Target.OnCluster> step) {
    return new Play.OnCluster("cluster", List.of(item("service", step)));
  }

  private static Play onWorker(Step<Target.OnHost> step) {
    return new Play.OnHosts("worker", hosts("w"), 0, List.of(item("uses", step)));
  }

  private Playbook book(Play... plays) {
    var all = new ArrayList<Play>(List.of(server()));
    all.addAll(List.of(plays));
    return new Playbook(all);
  }

  private List<String> pending() {
    return outcomes()
        .filter(Outcome.Pending.class::isInstance)
        .map(it -> ((Outcome.Pending) it).awaiting())
        .toList();
  }

  private List<String> skipped() {
    return outcomes()
        .filter(Outcome.Skipped.class::isInstance)
        .map(it -> ((Outcome.Skipped) it).reason())
        .toList();
  }

  private List<Failure> failures() {
    return outcomes()
        .filter(Outcome.Failed.class::isInstance)
        .map(it -> ((Outcome.Failed) it).failure())
        .toList();
  }

  private Stream<Outcome> outcomes() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome());
  }

  private RunResult plan(Playbook book) throws InterruptedException {
    return runner().plan("p", INVENTORY, book, TestRuns.OPTIONS);
  }

  private RunResult apply(Playbook book, Options options) throws InterruptedException {
    return run(INVENTORY, book, options);
  }

  private RunResult run(Inventory inventory, Playbook book, Options options)
      throws InterruptedException {
    events.clear();
    return runner().apply("a", inventory, book, options, Optional.empty());
  }

  private Runner runner() {
    return TestRuns.runner(transport, access -> clusters.open(access), events::add);
  }

  private static Options options(Set<TargetName> limit) {
    return new Options(Optional.of(limit), Set.of(), Set.of(), 8, "me", Duration.ofMinutes(1));
  }
}
