package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.desk.DeskQuestion;
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
import io.provision.engine.session.Handoffs;
import io.provision.engine.session.Interrupt;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Clusters;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.ObjectStates;
import io.provision.kube.OneServer;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.Sha256;
import io.provision.remote.LocalShell;
import io.provision.remote.Payload;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps on a cluster that one of the hosts of the same run brings up. */
class ClusterRunTest {
  private static final Position AT = new Position("book.yml", 1, 1);

  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);
  private Clusters clusters = api;
  private Desk desk = new NoDesk();
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @Test
  void aPlanDoesNotAskAnApiThatIsNotThereYet() throws Exception {
    var total = plan("blue").report().total();
    assertThat(total.pending()).isEqualTo(1);
    assertThat(total.wouldChange()).isEqualTo(1);
    assertThat(api.opened()).isEmpty();
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Pending.class, it -> assertThat(it.awaiting()).contains("server", "cp"));
  }

  @Test
  void anApplyWaitsForTheServerAndTheNextOneChangesNothing() throws Exception {
    assertThat(apply("blue").report().total().changed()).isEqualTo(2);
    assertThat(api.opened())
        .singleElement()
        .satisfies(access -> {
          assertThat(access.servers()).containsExactly("https://cp:6443");
          assertThat(new String(access.kubeconfig().reveal(), StandardCharsets.UTF_8))
              .isEqualTo("running");
        });

    transport.commands().clear();
    var before = cluster.find(SmallCluster.settings("blue").ref()).orElseThrow().get("data");
    var applied = cluster.applied();
    assertThat(apply("blue").report().total()).isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(cluster.applied()).isEqualTo(applied);
    assertThat(cluster.find(SmallCluster.settings("blue").ref()).orElseThrow())
        .containsEntry("data", before);
  }

  @Test
  void aPlanThatFindsTheApiShowsWhatDiffersAndAppliesNothing() throws Exception {
    apply("blue");
    var applied = cluster.applied();
    plan("red");
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.WouldChange.class,
            it ->
                assertThat(it.changes())
                    .singleElement()
                    .asString()
                    .contains("ConfigMap settings", "colour: blue", "colour: red"));
    assertThat(cluster.applied()).isEqualTo(applied);
    assertThat(api.previewed()).containsExactly(SmallCluster.settings("red").ref());
    assertThat(cluster.live(SmallCluster.settings("red").ref()).content().toString())
        .contains("blue");
  }

  @Test
  void aFieldOfAnotherManagerIsRefusedByThePlanAlready() throws Exception {
    apply("blue");
    cluster.update(
        SmallCluster.settings("blue").ref(), "kubectl-edit", "red", "f:data", "f:colour");
    plan("blue");
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it ->
                assertThat(it.failure().what())
                    .isEqualTo("ConfigMap settings: .data.colour belongs to kubectl-edit"));
    apply("blue");
    assertThat(cluster.live(SmallCluster.settings("blue").ref()).content().toString())
        .contains("red");
  }

  @Test
  void anApiThatDoesNotAnswerFailsTheClusterAndNobodyElse() throws Exception {
    apply("blue");
    clusters =
        access -> {
          throw new ClusterException("it cannot be reached at " + access.servers(), "do it", null);
        };
    var report = apply("blue").report();
    assertThat(report.targets().get(TargetName.CLUSTER).failed()).isEqualTo(1);
    assertThat(report.total().ok()).isEqualTo(1);
    assertThat(report.total().unreachable()).isZero();
  }

  @Test
  void whatIsAskedInPassingFailsNothing() throws Exception {
    clusters =
        access -> {
          throw new ClusterException("it cannot be reached at " + access.servers(), "do it", null);
        };
    for (var i = 0; i < 2; i++) { // once after the server came up, once with it there
      assertThat(apply(new Curious()).report().total().skipped()).isEqualTo(1);
      assertThat(outcome()).isEqualTo(new Outcome.Skipped("not asked"));
    }
  }

  @Test
  void anApiThatCannotBeReachedIsWhatAStatusSays() throws Exception {
    assertThat(apply(new Watching()).report().total().ok()).isEqualTo(1);
    clusters =
        access -> {
          throw new ClusterException("it cannot be reached at " + access.servers(), "do it", null);
        };
    assertThat(apply(new Watching()).report().total().skipped()).isEqualTo(1);
    assertThat(outcome())
        .isEqualTo(new Outcome.Skipped("it cannot be reached at [https://cp:6443]"));
  }

  private record Watching() implements Step<Target.OnCluster> {
    private static final ClusterQuestion.States NODES =
        new ClusterQuestion.States("v1", "Node", 9, Duration.ofSeconds(9));

    @Override
    public Probes probes(Target.OnCluster target) {
      return Probes.ofCluster(List.of(NODES));
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      return switch (seen.of(NODES)) {
        case ObjectStates.Seen _ -> new Check.InSync();
        case ObjectStates.Unheard(var why) -> new Check.Skipped(why);
      };
    }
  }

  private record Curious() implements Step<Target.OnCluster> {
    private static final ClusterQuestion.InPassing ALL =
        new ClusterQuestion.InPassing(new ClusterQuestion.All("v1", "ConfigMap", ""));

    @Override
    public Probes probes(Target.OnCluster target) {
      return Probes.ofCluster(List.of(ALL));
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      return seen.of(ALL).isEmpty() ? new Check.Skipped("not asked") : new Check.InSync();
    }
  }

  /** As a webhook that has only just come up; what does not pass is not tried again. */
  @Test
  void whatMayPassIsTriedAgainAndTold() throws Exception {
    var passing = new ClusterException("failed calling webhook", "look at it", null, true);
    api.refuses(passing);
    assertThat(apply("blue").report().total().changed()).isEqualTo(2);
    assertThat(events)
        .filteredOn(RunEvent.Progress.class::isInstance)
        .extracting(event -> ((RunEvent.Progress) event).text())
        .anyMatch(text -> text.contains("failed calling webhook"));

    api.refuses(new ClusterException("it is invalid", "correct it", null));
    assertThat(apply("red").report().total().failed()).isEqualTo(1);
  }

  @Test
  void aStepThatAsksTheClusterNothingOpensNothing() throws Exception {
    apply("blue");
    var opened = api.opened().size();
    assertThat(apply(new SmallCluster.Objects(Optional.empty())).report().total().ok())
        .isEqualTo(2);
    assertThat(api.opened()).hasSize(opened);
  }

  @Test
  void aSavedPlanDoesWhatItSaysAndNothingElse() throws Exception {
    apply("blue");
    var book = book(new SmallCluster.Objects(Optional.of("red")));
    var saved = runner().plan("p", SmallCluster.inventory(), book, TestRuns.OPTIONS).plan();
    cluster.update(SmallCluster.settings("blue").ref(), "kubectl-edit", "9", "f:data", "f:other");
    var result =
        runner().apply("a", SmallCluster.inventory(), book, TestRuns.OPTIONS, Optional.of(saved));
    assertThat(result.report().stopped())
        .hasValueSatisfying(stop -> assertThat(stop.what()).contains("(cluster)"));
    assertThat(cluster.live(SmallCluster.settings("blue").ref()).content().toString())
        .contains("blue");
  }

  @Test
  void theOperatorsOwnKubeconfigSavesReadingTheServers() throws Exception {
    apply("blue");
    desk = new KubeconfigDesk(SmallCluster.IDENTITY);
    transport.commands().clear();
    var opened = api.opened().size();
    assertThat(apply("blue").report().total()).isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).hasSize(1);
    assertThat(api.opened()).hasSize(opened + 1);
    assertThat(api.opened().getLast().servers()).containsExactly("https://of-the-operator:6443");
  }

  /** As a run does that takes away the address by which it began. */
  @Test
  void whereTheOperatorsOwnFallsSilentTheSameRunGoesOnByTheServersThatTheClusterTells()
      throws Exception {
    apply("blue");
    desk = new KubeconfigDesk(SmallCluster.IDENTITY);
    var own = new OneServer("https://of-the-operator:6443", api);
    own.fallSilentAfterHearing("change");
    var gone = new OneServer("https://cp:6443", api);
    clusters =
        access -> {
          var _ = api.open(access);
          return access.servers().equals(List.of(own.server())) ? own : gone;
        };
    transport.commands().clear();
    assertThat(apply("red").report().total().changed()).isEqualTo(1);
    assertThat(cluster.live(SmallCluster.settings("red").ref()).content().toString())
        .contains("red");
    assertThat(gone.asked()).as("proof, change, looks").startsWith("look", "change", "look");
    assertThat(api.opened().getLast())
        .satisfies(access -> {
          assertThat(access.servers()).containsExactly("https://cp:6443");
          assertThat(new String(access.kubeconfig().reveal(), StandardCharsets.UTF_8))
              .isEqualTo("of the operator");
        });
    assertThat(transport.commands()).as("nothing was handed over").hasSize(1);
    assertThat(notes())
        .containsExactly(
            "https://of-the-operator:6443 does not answer; going on by https://cp:6443");
  }

  @Test
  void whereNoOtherAnswersEitherTheRunFailsByTheFirst() throws Exception {
    apply("blue");
    desk = new KubeconfigDesk(SmallCluster.IDENTITY);
    var own = new OneServer("https://of-the-operator:6443", api);
    own.fallSilentAfterHearing("change");
    var mute = new OneServer("https://cp:6443", api);
    mute.fallSilent();
    clusters = access -> access.servers().equals(List.of(own.server())) ? own : mute;
    assertThat(apply("red").report().total().failed()).isEqualTo(1);
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it ->
                assertThat(it.failure().what())
                    .isEqualTo("https://of-the-operator:6443 does not answer"));
    assertThat(mute.isClosed()).isTrue();
    assertThat(notes()).isEmpty();
  }

  /** One that was restarted: nothing else is known of it. */
  @Test
  void aServerThatAnswersAgainIsAskedAgain() throws Exception {
    apply("blue");
    var restarted = new OneServer("https://cp:6443", api);
    restarted.fallSilentAfterHearing("change");
    clusters = _ -> restarted.isSilent() ? new OneServer("https://cp:6443", api) : restarted;
    assertThat(apply("red").report().total().changed()).isEqualTo(1);
    assertThat(notes()).containsExactly("https://cp:6443 does not answer; it answers again");
  }

  private List<String> notes() {
    return events.stream()
        .filter(RunEvent.Note.class::isInstance)
        .map(event -> ((RunEvent.Note) event).text())
        .toList();
  }

  @Test
  void whatTheApiOfAnotherClusterSaidIsForgotten() throws Exception {
    apply("blue");
    var other =
        new ClusterAccess.Identity(
            Sha256.of(new byte[1]), SmallCluster.IDENTITY.clientCertificate());
    desk = new KubeconfigDesk(other);
    transport.commands().clear();
    assertThat(apply("blue").report().total()).isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).hasSize(2);
    assertThat(api.opened().getLast().servers()).containsExactly("https://cp:6443");
  }

  /** With kubeadm each control plane has an administrator's certificate of its own. */
  @Test
  void whatAnotherControlPlaneGaveTheOperatorIsTriedWithThisOne() throws Exception {
    apply("blue");
    desk = new KubeconfigDesk(ofAnother());
    transport.commands().clear();
    cluster.update(SmallCluster.settings("blue").ref(), "kubectl-edit", "9", "f:data", "f:other");
    assertThat(apply("blue").report().total()).isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).hasSize(1);
    assertThat(api.opened().getLast())
        .satisfies(access -> {
          assertThat(access.servers()).containsExactly("https://cp:6443");
          assertThat(new String(access.kubeconfig().reveal(), StandardCharsets.UTF_8))
              .isEqualTo("of the operator");
        });
    assertThat(apply("red").report().total().changed()).isEqualTo(1);
    assertThat(cluster.live(SmallCluster.settings("red").ref()).content().toString())
        .contains("red");
  }

  @Test
  void whereThisControlPlaneRefusesThatItHandsItsOwnOver() throws Exception {
    apply("blue");
    desk = new KubeconfigDesk(ofAnother());
    clusters =
        access -> {
          if (access.servers().contains("https://cp:6443")
              && new String(access.kubeconfig().reveal(), StandardCharsets.UTF_8)
                  .equals("of the operator")) {
            throw new ClusterException("Unauthorized", "do it", null);
          }
          return api.open(access);
        };
    transport.commands().clear();
    assertThat(apply("blue").report().total()).isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).hasSize(2);
    assertThat(new String(api.opened().getLast().kubeconfig().reveal(), StandardCharsets.UTF_8))
        .isEqualTo("running");
  }

  /** A pod has no kubeconfig of its own, wants none of an administrator's, and gets none. */
  @Test
  void toWhoAsksAsHimselfNoKubeconfigIsHandedOver() throws Exception {
    apply("blue");
    desk = new KubeconfigDesk(SmallCluster.IDENTITY);
    clusters = new AsksAsItself(api);
    transport.commands().clear();
    assertThat(apply("blue").report().total()).isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).as("the look, and no other").hasSize(1);
    assertThat(api.opened().getLast())
        .satisfies(access -> {
          assertThat(access.servers()).containsExactly("https://cp:6443");
          assertThat(access.kubeconfig().reveal()).isEmpty();
        });
  }

  private record AsksAsItself(Clusters all) implements Clusters {
    @Override
    public boolean asksAsItself() {
      return true;
    }

    @Override
    public ClusterApi open(Access access) throws ClusterException, InterruptedException {
      return all.open(access);
    }
  }

  /** Asks for nothing that is known from the start, as what looks for what left the inventory. */
  private record Tells() implements Step<Target.OnCluster> {
    private static final Output<Boolean> TOLD = new Output<>("told", Boolean.class);

    @Override
    public Probes probes(Target.OnCluster target) {
      return Probes.NONE;
    }

    @Override
    public Set<Output<?>> provides(Target.OnCluster target) {
      return Set.of(TOLD);
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      return new Check.InSync(Observed.of(TOLD, true));
    }
  }

  @Test
  void whereNothingIsAskedYetItIsTriedWithWhatEveryClusterAnswers() throws Exception {
    apply("blue");
    desk = new KubeconfigDesk(ofAnother());
    transport.commands().clear();
    assertThat(apply(new Tells()).report().total())
        .isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).hasSize(1);
    assertThat(api.opened().getLast().servers()).containsExactly("https://cp:6443");

    api.fails(
        questions -> !questions.isEmpty(), new ClusterException("Unauthorized", "do it", null));
    transport.commands().clear();
    assertThat(apply(new Tells()).report().total())
        .isEqualTo(new Report.Tally(2, 0, 0, 0, 0, 0, 0));
    assertThat(transport.commands()).as("it hands its own over").hasSize(2);
  }

  private static ClusterAccess.Identity ofAnother() {
    return new ClusterAccess.Identity(
        SmallCluster.IDENTITY.authority(), Sha256.of(new byte[] {1, 2, 3}));
  }

  @Test
  void anApiThatIsNotKnownToBeTheRightOneIsSentNoObjects() throws Exception {
    apply("blue");
    desk =
        new KubeconfigDesk(
            new ClusterAccess.Identity(
                Sha256.of(new byte[1]), SmallCluster.IDENTITY.clientCertificate()));
    var looks = api.looks();
    clusters =
        access -> {
          if (access.servers().contains("https://of-the-operator:6443")) {
            return api;
          }
          throw new ClusterException("it cannot be reached at " + access.servers(), "do it", null);
        };
    plan("red");
    assertThat(api.looks()).isGreaterThan(looks);
    assertThat(api.previewed()).isEmpty();
  }

  /** A desk whose kubeconfig has a context of ours. */
  private record KubeconfigDesk(ClusterAccess.Identity identity) implements Desk {
    @Override
    public Optional<Credentials> credentials(DeskQuestion.KubeconfigEntry context) {
      var entry =
          new DeskQuestion.Entry(
              "https://of-the-operator:6443",
              identity.authority(),
              identity.clientCertificate(),
              true,
              true);
      return Optional.of(new Credentials(entry, Secret.of("of the operator")));
    }

    @Override
    public View view() {
      return new NoDesk().view();
    }

    @Override
    public void change(DeskChange change, Handoffs handoffs) {
      throw new IllegalStateException("unexpected: " + change);
    }

    @Override
    public Path artifact(Payload.Artifact artifact) {
      throw new IllegalStateException("unexpected: " + artifact);
    }
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
    var book = book(new SmallCluster.Objects(Optional.of(colour)));
    return runner().plan("p", SmallCluster.inventory(), book, TestRuns.OPTIONS);
  }

  private RunResult apply(String colour) throws InterruptedException {
    return apply(new SmallCluster.Objects(Optional.of(colour)));
  }

  private RunResult apply(Step<Target.OnCluster> objects) throws InterruptedException {
    return runner()
        .apply("a", SmallCluster.inventory(), book(objects), TestRuns.OPTIONS, Optional.empty());
  }

  private Runner runner() {
    return new Runner(
        transport, desk, clusters, events::add, new Interrupt(), HostKeyPrompt.REFUSE);
  }

  private Playbook book(Step<Target.OnCluster> objects) {
    var server = new SmallCluster.Server(new FileStep(files, "server", "running"));
    return new Playbook(
        List.of(
            new Play.OnHosts(
                "cp",
                SmallCluster.inventory().hosts(),
                0,
                List.of(new Item<>(new StepRef("server", 0, AT), server))),
            new Play.OnCluster(
                "objects", List.of(new Item<>(new StepRef("objects", 1, AT), objects)))));
  }
}
