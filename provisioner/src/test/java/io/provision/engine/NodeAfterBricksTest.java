package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
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
import io.provision.model.Role;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Removals;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.leave.GlusterDepartures;
import io.provision.steps.gluster.leave.GlusterTrace;
import io.provision.steps.gluster.leave.GlusterUnmount;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.TestDistribution;
import io.provision.steps.kubernetes.leave.NodeDepartures;
import io.provision.steps.kubernetes.leave.NodeLeaves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a plan says of a host that leaves both the pool and the cluster, where one host speaks for
 * the pool and another for the cluster: the steps themselves, with what their hosts answer.
 */
@Timeout(60)
final class NodeAfterBricksTest {
  private static final TestDistribution TEST = new TestDistribution();
  private static final TargetName CP1 = TargetName.of(new HostName("cp1"));
  private static final TargetName S1 = TargetName.of(new HostName("s1"));
  private static final TargetName W1 = TargetName.of(new HostName("w1"));
  private static final String AFTER = ", after its bricks have left";

  private final Host cp1 = Cases.server(1);
  private final Host s1 = storage("s1", 11);
  private final Host s2 = storage("s2", 12);
  private final Host w1 = storage("w1", 101);
  private Inventory inventory = Cases.inventory(cp1, s1, s2, w1).without(Set.of(w1.name()));

  /** Who is in the pool besides the one that is asked. */
  private final List<String> pool = new ArrayList<>(List.of("s1", "s2", "w1"));

  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private Optional<Set<TargetName>> limit = Optional.empty();
  private Set<String> words = Set.of("w1");

  private static Host storage(String name, int number) {
    return Cases.host(name, number, Set.of(Role.WORKER, Role.STORAGE), Map.of());
  }

  @Test
  void theNodeIsDrainedAfterItsBricksHaveLeft() throws Exception {
    var plan = plan();
    assertThat(changes(plan, S1, "gluster-departures")).containsExactly("REMOVE gluster peer w1");
    assertThat(changes(plan, W1, "node-leaves"))
        .containsExactly("DISABLE unit test-agent.service to does not" + AFTER);
    assertThat(changes(plan, CP1, "node-departures")).startsWith("DRAIN node w1 to empty" + AFTER);
    assertThat(Verdicts.working(plan)).contains(S1, W1, CP1);
  }

  @Test
  void whatThePoolRefusesIsRefusedOfTheNodeToo() throws Exception {
    down.add("s2");
    var plan = plan();
    for (var step :
        List.of(
            failure(plan, S1, "gluster-departures"),
            failure(plan, W1, "node-leaves"),
            failure(plan, CP1, "node-departures"))) {
      assertThat(step).contains("w1 cannot leave: only 1 of the 2 peers");
    }
    assertThat(Verdicts.working(plan)).doesNotContain(S1, W1, CP1);
  }

  @Test
  void aRunThatMayNotChangeThePoolLeavesTheNodeAlone() throws Exception {
    limit = Optional.of(Set.of(CP1, W1));
    var plan = plan();
    assertThat(failure(plan, W1, "node-leaves")).contains("this run does not take it out there");
    assertThat(failure(plan, CP1, "node-departures"))
        .contains("this run does not take it out there");
  }

  /** Those who stay in the pool have lost the role of storage hosts. */
  @Test
  void aPoolWithoutStorageHostsIsLeftFirstToo() throws Exception {
    var workers = Stream.of("s1", "s2").map(name -> worker(name)).toList();
    inventory =
        Cases.inventory(cp1, workers.getFirst(), workers.getLast(), w1).without(Set.of(w1.name()));
    assertThat(changes(plan(), CP1, "node-departures"))
        .startsWith("DRAIN node w1 to empty" + AFTER);
    limit = Optional.of(Set.of(CP1, W1));
    assertThat(failure(plan(), CP1, "node-departures"))
        .contains("this run does not take it out there");
  }

  private static Host worker(String name) {
    return Cases.host(name, name.charAt(1) - '0' + 10, Set.of(Role.WORKER), Map.of());
  }

  /** A run that was killed in between, or one that begins with a host of no pool. */
  @Test
  void whereThePoolIsWithoutItNothingIsWaitedFor() throws Exception {
    pool.remove("w1");
    var plan = plan();
    assertThat(changes(plan, CP1, "node-departures"))
        .containsExactly("DRAIN node w1", "REMOVE node w1");
    assertThat(changes(plan, W1, "node-leaves")).containsExactly("DISABLE unit test-agent.service");
  }

  @Test
  void aRunThatRemovesNothingOnlyReports() throws Exception {
    words = Set.of();
    var plan = plan();
    for (var target : List.of(S1, W1, CP1)) {
      assertThat(plan.get(target).stream().flatMap(verdict -> verdict.left().stream()))
          .isNotEmpty()
          .allSatisfy(left -> assertThat(left.obstacle()).isEmpty());
    }
    assertThat(Verdicts.working(plan)).isEmpty();
  }

  private static List<String> changes(
      Map<TargetName, List<Verdict>> plan, TargetName target, String step) {
    return outcome(plan, target, step) instanceof Outcome.WouldChange(var changes)
        ? changes.stream().map(NodeAfterBricksTest::said).toList()
        : List.of(outcome(plan, target, step).toString());
  }

  private static String said(Change change) {
    var to =
        change.action() != Change.Action.REMOVE
                && change.detail() instanceof Change.Detail.Value(_, var should)
            ? " to " + should
            : "";
    return "%s %s%s".formatted(change.action(), change.subject(), to);
  }

  private static String failure(
      Map<TargetName, List<Verdict>> plan, TargetName target, String step) {
    var outcome = outcome(plan, target, step);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).failure().what();
  }

  private static Outcome outcome(
      Map<TargetName, List<Verdict>> plan, TargetName target, String step) {
    return plan.get(target).stream()
        .filter(verdict -> verdict.task().ref().name().equals(step))
        .findFirst()
        .orElseThrow()
        .planned();
  }

  private Map<TargetName, List<Verdict>> plan() throws InterruptedException {
    var options =
        new Options(limit, Set.of(), Set.of(), new Removals(words), 8, "me", Duration.ofMinutes(1));
    var graph = TaskGraph.of(book(), inventory, options);
    var outputs = graph.promised();
    var waits = new Waits(_ -> {}, new Interrupt(), Waits.PATIENCE);
    var verdicts = new ConcurrentHashMap<TargetName, List<Verdict>>();
    PerTarget.forEach(
        graph.tasks().keySet(),
        target -> {
          try {
            var tasks = graph.tasks().get(target);
            var evaluation = new Evaluation(tasks, outputs, waits, _ -> Optional.empty(), false);
            verdicts.put(target, evaluation.of(seen(target, tasks)));
          } finally {
            outputs.giveUp(target, "the test has failed");
          }
        });
    return verdicts;
  }

  private Playbook book() {
    var steps =
        List.of(
            item("gluster-trace", 0, new GlusterTrace()),
            item("gluster-unmount", 1, new GlusterUnmount()),
            item("gluster-departures", 2, new GlusterDepartures()));
    return new Playbook(
        List.of(
            new Play.OnHosts("all", inventory.hosts(), 0, steps),
            new Play.OnHosts("up", inventory.hosts(), 0, List.of(item("up", 3, new Up()))),
            new Play.OnHosts(
                "leaving",
                inventory.known(),
                0,
                List.of(item("node-leaves", 4, new NodeLeaves(TEST.alone())))),
            new Play.OnHosts(
                "servers",
                List.of(cp1),
                0,
                List.of(item("node-departures", 5, new NodeDepartures(TEST.alone()))))));
  }

  private static Item<Target.OnHost> item(String name, int index, Step<Target.OnHost> step) {
    return new Item<>(new StepRef(name, index, new Position("book.yml", 1, 1)), step);
  }

  private Observations seen(TargetName target, List<Task> tasks) {
    var seen = new Observations.Builder();
    tasks.forEach(task -> task.probes().questions().forEach(it -> put(seen, target, it)));
    return seen.build();
  }

  private <A> void put(Observations.Builder seen, TargetName target, Question<A> question) {
    var output = answer(target.toString(), question.kind().function().name());
    seen.put(
        question,
        question
            .kind()
            .read(List.of(question), new Frame(output.isEmpty() ? 1 : 0, output))
            .getFirst());
  }

  private String answer(String host, String function) {
    var isMember = pool.contains(host);
    return switch (function) {
      case "look_gluster_identity" -> isMember ? uuid(host) + "\n" : "";
      case "look_gluster_pool" -> isMember ? peers(host) : "";
      case "look_gluster_volumes" ->
          isMember
              ? "<cliOutput><opRet>0</opRet><volInfo><volumes><count>0</count></volumes></volInfo></cliOutput>"
              : "";
      case "look_units" -> host.equals("w1") ? UNIT : "";
      case "look_nodes" ->
          "node=cp1\nready=True\nlabel=test%2Fmember=\nnode=s1\nready=True\nnode=s2\nready=True\n"
              + "node=w1\nready=True\naddress=10.0.0.101\n";
      default -> "";
    };
  }

  private static final String UNIT =
      "Id=test-agent.service\nLoadState=loaded\nActiveState=active\nSubState=running\n"
          + "UnitFileState=enabled\nFragmentPath=/etc/systemd/system/test-agent.service\n";

  private static String uuid(String host) {
    return "%08x-0000-0000-0000-000000000000".formatted(host.hashCode());
  }

  private String peers(String self) {
    var peers = new StringBuilder("<cliOutput><opRet>0</opRet><peerStatus>");
    for (var host : pool) {
      peers.append(
          host.equals(self)
              ? "<peer><uuid>%s</uuid><hostname>localhost</hostname><connected>1</connected></peer>"
                  .formatted(uuid(host))
              : "<peer><uuid>%s</uuid><hostname>%s</hostname><connected>%d</connected><state>3</state></peer>"
                  .formatted(uuid(host), host, down.contains(host) ? 0 : 1));
    }
    return peers + "</peerStatus></cliOutput>";
  }

  /** What the steps of a distribution tell. */
  private record Up() implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Nodes.isServer(target.host())
          ? Set.of(Nodes.SERVER_UP, Nodes.REGISTERED, ClusterAccess.OUTPUT)
          : Set.of(Nodes.AGENT_UP);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      if (!Nodes.isServer(target.host())) {
        return new Check.InSync(Observed.of(Nodes.AGENT_UP, true));
      }
      var kept = Call.of(FileTransfer.READ, "/test/admin.conf");
      var access =
          new ClusterAccess(
              List.of("https://10.0.0.1:6443"),
              new Handoff.Kept(target.host().name(), kept),
              Optional.empty());
      return new Check.InSync(
          Stream.of(
                  Observed.of(Nodes.SERVER_UP, true),
                  Observed.of(Nodes.REGISTERED, true),
                  Observed.of(ClusterAccess.OUTPUT, access))
              .reduce(Observed.NOTHING, Observed::and));
    }
  }
}
