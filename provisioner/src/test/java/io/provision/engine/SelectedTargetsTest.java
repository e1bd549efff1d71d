package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Handoffs;
import io.provision.engine.session.Interrupt;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.Manifest;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.Sha256;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Payload;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Orphan;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Repair;
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
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option that selects, with a playbook for hosts, the cluster and the operator's machine:
 * what may change, and who is logged in to. The server is up, and everything else is to be done.
 */
final class SelectedTargetsTest {
  private static final String LOCAL = "(local)";
  private static final String CLUSTER = "(cluster)";
  private static final Manifest OLD =
      Manifest.of(
          Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "old")));

  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);
  private final Pins desk = new Pins();
  private final Inventory inventory = SmallCluster.inventory("a");
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
    Files.writeString(Files.createDirectory(files.resolve("cp")).resolve("server"), "running");
    cluster.apply(OLD, "somebody", false);
  }

  /**
   * @param changed the targets
   * @param asked the hosts that were logged in to
   */
  private record Case(Options options, Set<String> changed, Set<String> asked) {
    @Override
    public String toString() {
      return options.limit().map(set -> "limit " + new TreeSet<>(set)).orElse("all")
          + (options.only().isEmpty() ? "" : " only " + options.only())
          + (options.skip().isEmpty() ? "" : " skip " + options.skip())
          + (options.removals().words().isEmpty() ? "" : " remove " + options.removals().words());
    }
  }

  static Stream<Case> cases() {
    var all = Set.<String>of();
    return Stream.of(
        new Case(options(all, all, all, all), Set.of("a", "cp", CLUSTER, LOCAL), Set.of("a", "cp")),
        limit(Set.of("a"), Set.of("a"), Set.of("a")),
        limit(Set.of("cp"), Set.of("cp"), Set.of("cp")),
        limit(Set.of("a", "cp"), Set.of("a", "cp"), Set.of("a", "cp")),
        limit(Set.of(CLUSTER), Set.of(CLUSTER), Set.of("cp")),
        limit(Set.of(LOCAL), Set.of(LOCAL), Set.of("cp")),
        limit(Set.of("a", CLUSTER), Set.of("a", CLUSTER), Set.of("a", "cp")),
        limit(Set.of("a", LOCAL), Set.of("a", LOCAL), Set.of("a", "cp")),
        new Case(options(all, Set.of("motd"), all, all), Set.of("a", "cp"), Set.of("a", "cp")),
        new Case(options(all, Set.of("objects"), all, all), Set.of(CLUSTER), Set.of("cp")),
        new Case(options(all, Set.of("pins"), all, all), Set.of(LOCAL), Set.of("cp")),
        new Case(
            options(all, all, Set.of("objects", "left"), all),
            Set.of("a", "cp", LOCAL),
            Set.of("a", "cp")),
        new Case(
            options(all, all, Set.of("pins"), all), Set.of("a", "cp", CLUSTER), Set.of("a", "cp")),
        new Case(options(all, all, Set.of("motd"), all), Set.of(CLUSTER, LOCAL), Set.of("cp")),
        new Case(options(Set.of("a"), Set.of("motd"), all, all), Set.of("a"), Set.of("a")),
        new Case(
            options(Set.of("a", CLUSTER), all, Set.of("motd"), all), Set.of(CLUSTER), Set.of("cp")),
        new Case(
            options(Set.of(CLUSTER), all, Set.of("objects"), Set.of("old")),
            Set.of(CLUSTER),
            Set.of("cp")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void onlyWhatIsSelectedIsChangedAndOnlyWhoIsNeededIsAsked(Case chosen) throws Exception {
    var planned = runner().plan("p", inventory, book(), chosen.options()).report();
    assertThat(changed()).isEmpty();
    assertThat(targets(planned)).isEqualTo(selected(chosen.options()));
    assertThat(asked()).isEqualTo(chosen.asked());

    transport.commands().clear();
    events.clear();
    var applied =
        runner().apply("r", inventory, book(), chosen.options(), Optional.empty()).report();
    assertThat(applied.total().failed() + applied.total().skipped()).as("%s", events).isZero();
    assertThat(changed()).isEqualTo(chosen.changed());
    assertThat(targets(applied)).isEqualTo(selected(chosen.options()));
    assertThat(asked()).isEqualTo(chosen.asked());
    assertThat(api.opened().isEmpty()).isEqualTo(!chosen.changed().contains(CLUSTER));
    assertThat(desk.asked).isEqualTo(chosen.changed().contains(LOCAL));
  }

  @Test
  void whatIsToBeRemovedElsewhereStopsTheRunAndTheLimitIsNamed() throws Exception {
    var limited = options(Set.of("a"), Set.of(), Set.of(), Set.of("old"));
    var report = runner().apply("r", inventory, book(), limited, Optional.empty()).report();
    assertThat(changed()).isEmpty();
    assertThat(report.stopped().orElseThrow().what()).contains("'old'", "--limit");
  }

  /** What others need of a target that may not be changed is said with the way out. */
  @Test
  void whoNeedsWhatIsNotDoneOutsideTheLimitIsSkippedAndTheLimitIsNamed() throws Exception {
    Files.delete(files.resolve("cp/server"));
    var limited = options(Set.of(CLUSTER), Set.of(), Set.of(), Set.of());
    var _ = runner().apply("r", inventory, book(), limited, Optional.empty());
    assertThat(changed()).isEmpty();
    assertThat(events.toString()).contains("'server' is not done on cp", "--limit");
  }

  /** Nothing but the limit for those who are only asked ends this login. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aMuteHostOutsideTheLimitIsANoteAndChangesNoExitCode() throws Exception {
    var mute =
        new Interposed(
            transport,
            new Interposed.Between() {
              @Override
              public void connecting(String host) throws InterruptedException {
                if (host.equals("cp")) {
                  new CountDownLatch(1).await();
                }
              }
            });
    var need = Need.some(FileStep.TEXT, inventory.hosts());
    var book =
        new Playbook(
            List.of(
                new Play.OnHosts(
                    "all",
                    inventory.hosts(),
                    0,
                    items(new FileStep(files, "motd", "hi"), "motd", 0)),
                new Play.OnHosts(
                    "some",
                    inventory.hosts(),
                    0,
                    items(
                        new FileStep(files, "all", "", FileStep.WRITE, Optional.of(need)),
                        "all",
                        1))));
    var options =
        new Options(
            Optional.of(Set.of(target("a"))),
            Set.of(),
            Set.of(),
            Removals.NONE,
            8,
            "me",
            Duration.ofMinutes(5),
            Duration.ofMillis(50),
            Duration.ZERO);
    var report =
        new Runner(mute, desk, api, events::add, new Interrupt(), HostKeyPrompt.REFUSE)
            .apply("r", inventory, book, options, Optional.empty())
            .report();

    assertThat(report.targets()).containsOnlyKeys(target("a"));
    assertThat(report.total().changed()).isEqualTo(2);
    assertThat(report.total().unreachable() + report.total().failed()).isZero();
    assertThat(files.resolve("a/all")).hasContent("{a=hi}");
    assertThat(events).filteredOn(RunEvent.TargetFailed.class::isInstance).isEmpty();
    assertThat(events)
        .filteredOn(RunEvent.Note.class::isInstance)
        .singleElement()
        .asString()
        .contains("cp", "no login within");
  }

  private static Case limit(Set<String> names, Set<String> changed, Set<String> asked) {
    return new Case(options(names, Set.of(), Set.of(), Set.of()), changed, asked);
  }

  private static Options options(
      Set<String> limit, Set<String> only, Set<String> skip, Set<String> remove) {
    var targets = limit.stream().map(SelectedTargetsTest::target).collect(Collectors.toSet());
    return new Options(
        limit.isEmpty() ? Optional.empty() : Optional.of(targets),
        only,
        skip,
        new Removals(remove),
        8,
        "me",
        Duration.ofMinutes(1));
  }

  private static TargetName target(String name) {
    return switch (name) {
      case CLUSTER -> TargetName.CLUSTER;
      case LOCAL -> TargetName.DESK;
      default -> TargetName.of(new HostName(name));
    };
  }

  /** Who may change at all, and is in the report for that. */
  private static Set<String> selected(Options options) {
    return STEPS.entrySet().stream()
        .filter(each ->
            each.getValue().stream().anyMatch(step -> options.selects(target(each.getKey()), step)))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static final Map<String, List<String>> STEPS =
      Map.of(
          "a",
          List.of("motd"),
          "cp",
          List.of("motd", "server"),
          CLUSTER,
          List.of("objects", "left"),
          LOCAL,
          List.of("pins"));

  private static Set<String> targets(Report report) {
    return report.targets().keySet().stream().map(TargetName::toString).collect(Collectors.toSet());
  }

  /** What is there now and was not before, by looking at it. */
  private Set<String> changed() {
    var changed = new TreeSet<String>();
    for (var host : List.of("a", "cp")) {
      if (Files.exists(files.resolve(host).resolve("motd"))) {
        changed.add(host);
      }
    }
    if (cluster.find(SmallCluster.settings("blue").ref()).isPresent()
        || cluster.find(OLD.ref()).isEmpty()) {
      changed.add(CLUSTER);
    }
    if (desk.pinned) {
      changed.add(LOCAL);
    }
    return changed;
  }

  private Set<String> asked() {
    return transport.commands().stream()
        .map(command -> command.substring(0, command.indexOf(':')))
        .collect(Collectors.toSet());
  }

  private Runner runner() {
    return new Runner(
        transport, desk, api, events::add, new Interrupt(), HostKeyPrompt.REFUSE, _ -> true);
  }

  private Playbook book() {
    var server = new SmallCluster.Server(new FileStep(files, "server", "running"));
    var objects = new SmallCluster.Objects(Optional.of("blue"));
    return new Playbook(
        List.of(
            new Play.OnHosts(
                "all", inventory.hosts(), 0, items(new FileStep(files, "motd", "hi"), "motd", 0)),
            new Play.OnHosts(
                "cp", inventory.with(Role.CONTROL_PLANE), 0, items(server, "server", 1)),
            new Play.OnCluster("objects", items(objects, "objects", 2)),
            new Play.OnCluster("old", items(new Left(), "left", 3)),
            new Play.OnDesk("local", items(new Pin(), "pins", 4))));
  }

  private static <T extends Target> List<Item<T>> items(Step<T> step, String name, int index) {
    return List.of(new Item<>(new StepRef(name, index, new Position("book.yml", 1, 1)), step));
  }

  /** An object that has left the inventory. */
  private record Left() implements Step<Target.OnCluster> {
    private static final ClusterQuestion.One QUESTION = new ClusterQuestion.One(OLD.ref());

    @Override
    public Probes probes(Target.OnCluster target) {
      return Probes.ofCluster(List.of(QUESTION));
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      if (seen.of(QUESTION).isEmpty()) {
        return new Check.InSync();
      }
      var changes = List.of(Change.of(Change.Action.REMOVE, "ConfigMap old"));
      var gone = new Repair.OnCluster(List.of(new ClusterChange.Delete(OLD.ref())));
      return new Check.Leaving(
          List.of(
              new Departure(
                  Set.of(new Orphan("config", "old")), changes, new Check.Drift(changes, gone))),
          new Check.InSync());
    }

    @Override
    public Set<Change.Action> mayRemove() {
      return Set.of(Change.Action.REMOVE);
    }
  }

  private static final DeskQuestion.Pins PINS =
      new DeskQuestion.Pins(Path.of("/nowhere/lock"), Set.of("k3s"));

  /** A change on the operator's machine, once a server is there. */
  private record Pin() implements Step<Target.OnDesk> {
    @Override
    public Probes probes(Target.OnDesk target) {
      return Probes.of(PINS);
    }

    @Override
    public Set<Need> needs(Target.OnDesk target) {
      return Set.of(Need.any(ClusterAccess.OUTPUT, target.inventory().with(Role.CONTROL_PLANE)));
    }

    @Override
    public Check check(Target.OnDesk target, Observations seen, Known known) {
      return seen.of(PINS).isEmpty()
          ? new Check.Drift(
              List.of(Change.of(Change.Action.FETCH, "k3s")),
              new Repair.OnDesk(new DeskChange.PinArtifacts(PINS.lockFile(), List.of())))
          : new Check.InSync();
    }
  }

  /** An operator's machine with a lock file only. */
  private static final class Pins implements Desk {
    private boolean pinned;
    private boolean asked;

    @Override
    public View view() {
      return new View() {
        @Override
        @SuppressWarnings("unchecked") // the answer to the one question there is
        public <A> A look(DeskQuestion<A> question) {
          assertThat(question).isEqualTo(PINS);
          asked = true;
          return (A) (pinned ? Map.of("k3s", Sha256.of(new byte[0])) : Map.of());
        }
      };
    }

    @Override
    public void change(DeskChange change, Handoffs handoffs) {
      assertThat(change).isInstanceOf(DeskChange.PinArtifacts.class);
      pinned = true;
    }

    @Override
    public Optional<Credentials> credentials(DeskQuestion.KubeconfigEntry context)
        throws DeskException {
      return Optional.empty();
    }

    @Override
    public Path artifact(Payload.Artifact artifact) {
      throw new IllegalStateException("unexpected: " + artifact);
    }
  }
}
