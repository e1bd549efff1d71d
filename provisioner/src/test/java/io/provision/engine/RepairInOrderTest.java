package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.kube.ClusterAction;
import io.provision.kube.ClusterApi.Eviction;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.FakeNodes;
import io.provision.kube.ObjectRef;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.LocalShell;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Actions on a host and through the API, by turns; the time limit only ends a hanging test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RepairInOrderTest {
  private static final Position AT = new Position("book.yml", 1, 1);
  private static final Inventory INVENTORY = SmallCluster.inventory();
  private static final ObjectRef CP = ObjectRef.of("v1", "Node", "cp");
  private static final ShellFunction SAY =
      new ShellFunction("say_it", "printf '%s\\n' \"$2\" >>\"$1\"");
  private static final ShellFunction FAIL =
      new ShellFunction("fail_it", "echo 'it is broken' >&2; return 1");
  private static final Kind<String> SAID =
      Kind.single(
          new ShellFunction("look_said", "cat \"$1\" 2>/dev/null || :"),
          frame -> frame.output().strip());

  @TempDir Path directory;
  private Path log;
  private LocalShell transport;
  private final FakeNodes nodes = new FakeNodes().node("cp");
  private final FakeApi api = new FakeApi(new FakeCluster(), nodes);
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private boolean endsAtTheFirstWait;
  private final Interrupt interrupt = new Interrupt();

  @BeforeEach
  void setUp() throws IOException {
    log = directory.resolve("log");
    Files.writeString(directory.resolve("kubeconfig"), "of an administrator");
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  private void on(RunEvent event) {
    events.add(event);
    if (endsAtTheFirstWait && event instanceof RunEvent.Progress) {
      interrupt.request();
    }
  }

  private Script say(String word) {
    return Script.of(SAY, log.toString(), word);
  }

  private Repair through(ClusterAction... actions) {
    var handoff =
        new Handoff.Kept(
            new HostName("cp"), Call.of(FileStep.READ, directory.resolve("kubeconfig").toString()));
    var access = new ClusterAccess(List.of("https://cp:6443"), handoff, Optional.empty());
    return new Repair.OnApi(access, List.of(actions));
  }

  private Repair drain() {
    return through(new ClusterAction.Drain("cp", "upgrade", Duration.ofMinutes(9)));
  }

  private Repair release() {
    return through(new ClusterAction.Release("cp", "upgrade"));
  }

  @Test
  void actionsAreDoneInTheirOrderAndTheLastLookVerifiesThem() throws Exception {
    nodes.pod("web", "cp");
    var repair =
        new Repair.InOrder(
            new Repair.OnHost(say("begin")),
            drain(),
            new Repair.OnHost(say("install")),
            new Repair.OnHost(say("start")),
            release(),
            new Repair.OnHost(say("end")));

    assertThat(apply(repair, "begin\ninstall\nstart\nend").changed()).isEqualTo(1);
    assertThat(nodes.pods()).isEmpty();
    assertThat(nodes.node(CP).toString()).doesNotContain("unschedulable");
    assertThat(nodes.requests()).contains("evict Pod shop/web");
    assertThat(Files.readString(log)).isEqualTo("begin\ninstall\nstart\nend\n");
  }

  @Test
  void whatIsWaitedForThroughTheApiIsTold() throws Exception {
    nodes.pod("web", "cp", new Eviction.Blocked("a budget"));
    endsAtTheFirstWait = true;
    apply(new Repair.InOrder(drain(), new Repair.OnHost(say("end"))), "end");
    assertThat(events)
        .filteredOn(RunEvent.Progress.class::isInstance)
        .extracting(event -> ((RunEvent.Progress) event).text())
        .contains("draining cp: shop/web: a budget");
  }

  @Test
  void aScriptThatFailsEndsItBeforeTheApiIsAsked() throws Exception {
    var repair = new Repair.InOrder(new Repair.OnHost(Script.of(FAIL)), drain());
    assertThat(apply(repair, "end").failed()).isEqualTo(1);
    assertThat(failure().what()).contains("it is broken");
    assertThat(nodes.requests()).isEmpty();
  }

  @Test
  void anActionThatFailsEndsItBeforeTheNextScript() throws Exception {
    nodes.pod("web", "cp", new Eviction.Never("two budgets"));
    var repair =
        new Repair.InOrder(
            new Repair.OnHost(say("begin")), drain(), new Repair.OnHost(say("install")));
    assertThat(apply(repair, "begin\ninstall").failed()).isEqualTo(1);
    assertThat(failure().what()).contains("shop/web", "two budgets");
    assertThat(Files.readString(log)).isEqualTo("begin\n");
  }

  /** Then it is a safety check that has failed, and the run says so by its exit code. */
  @Test
  void aDrainThatIsNotSafeIsUnsafe() throws Exception {
    var set = new ObjectRef("apps/v1", "StatefulSet", Optional.of("shop"), "db");
    nodes.object(set, Map.of("spec", Map.of("replicas", 2)));
    var owner =
        Map.of("apiVersion", "apps/v1", "kind", "StatefulSet", "name", "db", "controller", true);
    nodes.pod(
        "db-0",
        "cp",
        Map.of("ownerReferences", List.of(owner)),
        1,
        new Eviction.Never("two budgets"));
    nodes.ready("db-0").pod("db-1", "cp", Map.of("ownerReferences", List.of(owner)), 1);
    nodes.ready("db-1");
    var tally = apply(drain(), "install");
    assertThat(tally.unsafe()).isEqualTo(1);
    assertThat(failure().what()).contains("shop/db-0", "two budgets");
    assertThat(nodes.node(CP).toString()).doesNotContain("unschedulable");
  }

  @Test
  void anEndThatIsAskedForEndsAWaitAndGivesTheNodeBack() throws Exception {
    nodes.pod("web", "cp", new Eviction.Blocked("a budget"));
    endsAtTheFirstWait = true;
    var tally = apply(new Repair.InOrder(drain(), new Repair.OnHost(say("install"))), "install");
    assertThat(tally.changed()).isZero();
    assertThat(log).doesNotExist();
    assertThat(nodes.node(CP).toString()).doesNotContain("unschedulable");
  }

  @Test
  void whatComesTogetherKeepsItsOrder() {
    var first = new Repair.OnHost(say("a"));
    var both = Repair.together(List.of(first, drain(), new Repair.OnHost(say("b"))));
    assertThat(both.leaves()).containsExactly(first, drain(), new Repair.OnHost(say("b")));
  }

  /** A log that has these lines in the end. */
  private record Lines(Path log, String wanted, Repair repair) implements Step<Target.OnHost> {
    private Question<String> question() {
      return Question.of(SAID, log.toString());
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.of(question());
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return seen.of(question()).equals(wanted)
          ? new Check.InSync()
          : new Check.Drift(List.of(Change.of(Change.Action.UPDATE, "log")), repair);
    }
  }

  private Failure failure() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .filter(Outcome.Failed.class::isInstance)
        .map(outcome -> ((Outcome.Failed) outcome).failure())
        .findFirst()
        .orElseThrow();
  }

  private Report.Tally apply(Repair repair, String wanted) throws InterruptedException {
    Host cp = INVENTORY.find(new HostName("cp")).orElseThrow();
    var item = new Item<>(new StepRef("lines", 0, AT), new Lines(log, wanted, repair));
    var book = new Playbook(List.of(new Play.OnHosts("cp", List.of(cp), 0, List.of(item))));
    var options = TestRuns.OPTIONS;
    return new Runner(transport, new NoDesk(), api, this::on, interrupt, HostKeyPrompt.REFUSE)
        .apply("a", INVENTORY, book, options, Optional.empty())
        .report()
        .total();
  }
}
