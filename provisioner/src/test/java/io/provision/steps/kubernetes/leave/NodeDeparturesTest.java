package io.provision.steps.kubernetes.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterAction;
import io.provision.kube.ObjectStates;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.steps.gluster.leave.PoolExit;
import io.provision.steps.gluster.leave.PoolOutputs;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.TestDistribution;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who leaves a cluster, in which order, and what keeps it in. */
final class NodeDeparturesTest {
  private static final TestDistribution TEST = new TestDistribution();
  private static final NodeDepartures STEP = new NodeDepartures(TEST.alone());

  private final Host cp1 = Cases.server(1);
  private final Host cp2 = Cases.server(2);
  private final Host cp3 = Cases.server(3);
  private final Host w1 = Cases.agent(1);
  private final Host w2 = Cases.agent(2);
  private Inventory inventory = Cases.inventory(cp1, cp2, cp3, w1, w2);

  private static String node(String name, String ready, String... more) {
    var address = (name.startsWith("cp") ? "10.0.0." : "10.0.0.10") + name.replaceAll("\\D", "");
    return "node=%s\nready=%s\naddress=%s\n%s"
        .formatted(
            name, ready, address, Stream.of(more).map(it -> it + "\n").reduce("", String::concat));
  }

  private static String server(String name, String ready) {
    return node(name, ready, "label=test%2Fmember=");
  }

  private static final String ALL =
      server("cp1", "True")
          + server("cp2", "True")
          + server("cp3", "True")
          + node("w1", "True")
          + node("w2", "True");

  private void leaving(Host... hosts) {
    inventory = inventory.without(Set.copyOf(Stream.of(hosts).map(Host::name).toList()));
  }

  /** Of the first server that stays, with all of them up. */
  private Cases.Settled up() {
    var known = new Cases.Settled();
    for (var server : Nodes.servers(inventory)) {
      known.has(server, Nodes.SERVER_UP, true).has(server, Nodes.REGISTERED, true);
      known.has(
          server,
          ClusterAccess.OUTPUT,
          new ClusterAccess(
              List.of("https://10.0.0.1:6443"),
              new Handoff.Kept(server.name(), Call.of(FileTransfer.READ, "/test/admin.conf")),
              Optional.empty()));
    }
    inventory.leaving().forEach(host -> known.has(host, NodeLeaves.KEPT_OUT, true));
    return known;
  }

  private Check check(String nodes, Known known) {
    var seen =
        new Observations.Builder()
            .put(TEST.kubectl().nodes(), Cases.read(TEST.kubectl().nodes(), nodes))
            .build();
    return STEP.check(Cases.on(Nodes.servers(inventory).getFirst(), inventory), seen, known);
  }

  private Departure departure(String nodes, Known known) {
    var check = check(nodes, known);
    assertThat(check).isInstanceOf(Check.Leaving.class);
    var departures = ((Check.Leaving) check).departures();
    assertThat(departures).hasSize(1);
    return departures.getFirst();
  }

  /** In a run that was asked to remove these. */
  private Known asked(PoolOutputs pool, String... words) {
    return pool.beside(up()).asked(new Removals(Set.of(words)));
  }

  private static String refusal(Departure departure) {
    assertThat(departure.removal()).isInstanceOf(Check.Refused.class);
    return ((Check.Refused) departure.removal()).what();
  }

  private static List<String> actions(Departure departure) {
    assertThat(departure.removal()).isInstanceOf(Check.Drift.class);
    return ((Check.Drift) departure.removal())
        .repair().leaves().stream().flatMap(NodeDeparturesTest::actions).toList();
  }

  private static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream()
              .map(it ->
                  it.call().function().name() + " " + String.join(" ", it.call().arguments()));
      case Repair.OnApi(_, var actions) ->
          actions.stream()
              .map(action ->
                  switch (action) {
                    case ClusterAction.Drain(var node, var claim, _, _) ->
                        "drain %s as %s".formatted(node, claim);
                    case ClusterAction.Release(var node, _) -> "release " + node;
                    case ClusterAction.TakeTurn(var node, _) -> "turn of " + node;
                    case ClusterAction.EndTurn(var node) -> "turn over of " + node;
                    case ClusterAction.Delete(var ref) -> "delete " + ref.name();
                    case ClusterAction.Request request -> "request " + request.what();
                    case ClusterAction.Await await -> "await " + await.what();
                    case ClusterAction.AwaitDetached(var node, _) -> "await volumes off " + node;
                    case ClusterAction.TellAttached(var node) -> "tell volumes of " + node;
                    case ClusterAction.Tell _,
                        ClusterAction.Claim _,
                        ClusterAction.ClaimInTurn _,
                        ClusterAction.RefuseUncordoned _,
                        ClusterAction.EndPods _,
                        ClusterAction.RefuseForeign _,
                        ClusterAction.RefuseClaimed _,
                        ClusterAction.AwaitPresent _,
                        ClusterAction.NotePowerCut _,
                        ClusterAction.SpreadAgain _,
                        ClusterAction.Uncordon _ ->
                        throw new IllegalStateException(action.toString());
                  });
      case Repair.OnCluster _,
          Repair.OnDesk _,
          Repair.Reboot _,
          Repair.PowerCut _,
          Repair.AwaitHosts _,
          Repair.OnOthers _,
          Repair.AwaitChecks _,
          Repair.RunHooks _,
          Repair.Tell _,
          Repair.InWindow _,
          Repair.Guarded _,
          Repair.InOrder _ ->
          throw new IllegalStateException(repair.toString());
    };
  }

  @Test
  void whereEveryNodeStaysTheirNamesAreTold() {
    assertThat(check(ALL, up()))
        .isEqualTo(
            new Check.InSync(
                Observed.of(
                    ClusterNodes.OUTPUT,
                    new ClusterNodes(Set.of("cp1", "cp2", "cp3", "w1", "w2")))));
  }

  @Test
  void anAgentIsDrainedAndThenNoNodeAnyMore() {
    leaving(w1);
    var departure = departure(ALL, up());
    assertThat(departure.orphans()).containsExactly(Orphan.host("w1"));
    assertThat(departure.lost()).isEqualTo("w1 is to leave");
    assertThat(actions(departure))
        .containsExactly(
            "turn of w1",
            "drain w1 as leaving",
            "await volumes off w1",
            "delete w1",
            "await node w1 to be gone",
            "turn over of w1");
  }

  @Test
  void whatAPlanSaysOfANodeIsWhatIsDoneAboutIt() {
    leaving(cp1, w1);
    var check = (Check.Leaving) check(ALL, up());
    assertThat(check.departures())
        .extracting(NodeDeparturesTest::changes)
        .containsExactly(
            List.of("DRAIN node cp1", "REMOVE member cp1 of etcd", "REMOVE node cp1"),
            List.of("DRAIN node w1", "REMOVE node w1"));
    inventory = Cases.inventory(cp1, cp2, cp3, w1, w2);
    leaving(w2);
    var dead = ALL.replace(node("w2", "True"), node("w2", "Unknown"));
    assertThat(departure(dead, up()).changes())
        .containsExactly(Change.of(Change.Action.REMOVE, "node w2", "not Ready", ""));
  }

  /** Of three storage hosts, the last of which is w1. */
  private void withBricks() {
    var roles = Set.of(Role.WORKER, Role.STORAGE);
    inventory =
        Cases.inventory(
            cp1,
            cp2,
            cp3,
            Cases.host("w1", 101, roles, Map.of()),
            Cases.host("w2", 102, roles, Map.of()));
    leaving(w1);
  }

  @Test
  void aNodeIsDrainedOnceItsBricksHaveLeft() {
    withBricks();
    var pool = new PoolOutputs().pool("w2", "w1");
    var planned = departure(ALL, asked(pool, "w1"));
    assertThat(planned.changes())
        .first()
        .isEqualTo(
            Change.of(
                Change.Action.DRAIN, "node w1", "in use", "empty, after its bricks have left"));
    assertThat(planned.removal()).isInstanceOf(Check.Drift.class);

    var left = departure(ALL, asked(pool.after("w2", "localhost"), "w1"));
    assertThat(left.changes()).contains(Change.of(Change.Action.DRAIN, "node w1"));
    assertThat(actions(left)).startsWith("turn of w1", "drain w1 as leaving");
  }

  @Test
  void whatGlusterRefusesLeavesTheNodeAsItIs() {
    withBricks();
    var pool = new PoolOutputs().pool("w2", "w1").refuses("w2", "heal is pending");
    assertThat(refusal(departure(ALL, asked(pool, "w1"))))
        .isEqualTo("its bricks do not leave GlusterFS: heal is pending");
    var dead = ALL.replace(node("w1", "True"), node("w1", "Unknown"));
    assertThat(refusal(departure(dead, asked(pool, "w1")))).contains("heal is pending");
    var gone = new PoolOutputs().pool("w2", "!w1").refuses("w2", "heal is pending");
    assertThat(actions(departure(dead, asked(gone, "w1"))))
        .as("it is dead altogether")
        .containsExactly("delete w1", "await node w1 to be gone", "tell volumes of w1");
  }

  /** Of what is only reported it would be said that it cannot go. */
  @Test
  void aDepartureThatNobodyAskedForWaitsForNoBricks() {
    withBricks();
    var pool = new PoolOutputs().pool("w2", "w1").after("w2", "localhost", "w1");
    assertThat(departure(ALL, pool.beside(up())).removal()).isInstanceOf(Check.Drift.class);
    var unnamed = ALL + "volume=w1=data-1=shop%2Fdata\n";
    assertThat(departure(unnamed, asked(pool, "w1")).removal()).isInstanceOf(Check.Drift.class);
    assertThat(refusal(departure(unnamed, asked(pool, "w1", "data-1")))).contains("pool");
  }

  @Test
  void thePoolIsAskedForOnlyInARunThatRemovesAndWhereThereCanBeOne() {
    leaving(w1);
    assertThat(STEP.removalNeeds(Cases.on(cp1, inventory))).isEmpty();
    withBricks();
    var target = Cases.on(cp1, inventory);
    assertThat(STEP.removalNeeds(target)).isEqualTo(PoolExit.needs(inventory)).isNotEmpty();
    assertThat(STEP.needs(target)).doesNotContainAnyElementsOf(PoolExit.needs(inventory));
  }

  private static List<String> changes(Departure departure) {
    return departure.changes().stream().map(it -> it.action() + " " + it.subject()).toList();
  }

  /** A saved plan allows no other kinds of change than these. */
  @Test
  void nothingIsDoneThatTheStepDoesNotSayThatItMayDo() {
    leaving(cp1);
    assertThat(departure(ALL, up()).changes())
        .allSatisfy(it -> assertThat(STEP.mayRemove()).contains(it.action()));
    var begun = ALL.replace(node("w1", "True"), node("w1", "True", "claim=leaving"));
    var kept = ((Check.Leaving) check(begun, up())).rest();
    assertThat(((Check.Drift) kept).changes())
        .isNotEmpty()
        .allSatisfy(it -> assertThat(STEP.mayDo()).contains(it.action()));
  }

  /** That another one is to leave says nothing of it. */
  @Test
  void oneThatIsNotListedIsNotTakenForOneThatIs() {
    inventory = Cases.inventory(cp1, cp2, cp3, w1);
    leaving(w1);
    var departures = ((Check.Leaving) check(ALL, up())).departures();
    assertThat(departures).extracting(Departure::lost).containsExactly("w1 is to leave", "");
    assertThat(departures.get(0).removal()).isInstanceOf(Check.Drift.class);
    assertThat(refusal(departures.get(1))).startsWith("it still runs, and nobody says how");
  }

  @Test
  void itIsWaitedForUntilItIsThereNoMore() {
    leaving(w1);
    var awaited =
        ((Check.Drift) departure(ALL, up()).removal())
            .repair().leaves().stream()
                .filter(Repair.OnApi.class::isInstance)
                .flatMap(it -> ((Repair.OnApi) it).actions().stream())
                .filter(ClusterAction.Await.class::isInstance)
                .map(ClusterAction.Await.class::cast)
                .toList();
    assertThat(awaited)
        .singleElement()
        .satisfies(it -> {
          var there = ObjectStates.State.of(Map.of("metadata", Map.of("name", "w1")));
          assertThat(it.ref().name()).isEqualTo("w1");
          assertThat(it.condition().missing(Optional.of(there)))
              .hasValueSatisfying(why -> assertThat(why).isNotBlank());
          assertThat(it.condition().missing(Optional.empty())).isEmpty();
        });
  }

  /** Those that stay have their data elsewhere: it is the cluster. */
  @Test
  void theOnlyMemberStays() {
    leaving(cp1);
    var alone = server("cp1", "True") + node("cp2", "True") + node("cp3", "True");
    assertThat(refusal(departure(alone, up()))).isEqualTo("it is the only member of etcd");
  }

  @Test
  void onlyServersTellWhichNodesThereAre() {
    assertThat(STEP.provides(Cases.on(cp1, inventory))).containsExactly(ClusterNodes.OUTPUT);
    assertThat(STEP.provides(Cases.on(w1, inventory))).isEmpty();
  }

  /** The snapshot before anything else, and the member before the Node that names it. */
  @Test
  void aServerLeavesTheDatastoreWhileItStillRuns() {
    leaving(cp1);
    var departure = departure(ALL, up());
    assertThat(actions(departure))
        .containsExactly(
            "test_snapshot cp2 before-cp1-leaves",
            "turn of cp1",
            "drain cp1 as leaving",
            "await volumes off cp1",
            "test_remove_member cp2 cp1",
            "delete cp1",
            "await node cp1 to be gone",
            "turn over of cp1");
  }

  @Test
  void aNodeThatIsDeadIsNotDrained() {
    leaving(cp3);
    var dead = ALL.replace(server("cp3", "True"), server("cp3", "Unknown"));
    var known = up().never(cp3, NodeLeaves.KEPT_OUT);
    assertThat(actions(departure(dead, known)))
        .containsExactly(
            "test_snapshot cp1 before-cp3-leaves",
            "test_remove_member cp1 cp3",
            "delete cp3",
            "await node cp3 to be gone",
            "tell volumes of cp3");
  }

  @Test
  void oneThatRunsAndCannotBeKeptFromComingBackStays() {
    leaving(w1);
    var known = up().never(w1, NodeLeaves.KEPT_OUT);
    assertThat(refusal(departure(ALL, known.asked(new Removals(Set.of("w1"))))))
        .isEqualTo("it still runs and could not be kept from coming back (no route to host)");
    assertThat(departure(ALL, known).removal())
        .as("in a run that does not try to")
        .isInstanceOf(Check.Drift.class);
  }

  /** Where it stays a storage host, 'leaving: true' would have its bricks go too. */
  @Test
  void aHostThatOnlyLostItsRoleAsANodeIsNotToldToLeave() {
    var storage = Cases.host("w2", 102, Set.of(Role.STORAGE), Map.of());
    inventory = Cases.inventory(cp1, cp2, cp3, w1, storage);
    var pool = new PoolOutputs().pool("w1", "w2").after("w1", "localhost", "w2");
    var stays = (Check.Refused) departure(ALL, asked(pool, "w2")).removal();
    assertThat(stays.what()).startsWith("it still runs, and the host stays in the inventory");
    assertThat(stays.remedy()).doesNotContain("leaving");
    var off = ALL.replace(node("w2", "True"), node("w2", "Unknown"));
    assertThat(actions(departure(off, asked(pool, "w2")))).startsWith("delete w2");
  }

  /** The inventory has forgotten how to log in to it. */
  @Test
  void oneThatTheInventoryDoesNotNameGoesOnlyWhenItIsDead() {
    inventory = Cases.inventory(cp1, cp2, cp3, w1);
    var departure = departure(ALL, up());
    assertThat(departure.orphans()).containsExactly(Orphan.host("w2"));
    assertThat(departure.lost()).isEmpty();
    assertThat(refusal(departure)).startsWith("it still runs, and nobody says how to log in");
    var dead = ALL.replace(node("w2", "True"), node("w2", "Unknown"));
    assertThat(actions(departure(dead, up())))
        .containsExactly("delete w2", "await node w2 to be gone", "tell volumes of w2");
  }

  /** What is on it alone is lost with it, and is named as well. */
  @Test
  void theVolumesOfANodeMustBeNamedToo() {
    leaving(w1);
    var departure = departure(ALL + "volume=w1=data-1=shop%2Fdata\n", up());
    assertThat(departure.orphans())
        .containsExactlyInAnyOrder(Orphan.host("w1"), new Orphan("pv", "data-1"));
    assertThat(departure.changes().toString()).contains("of shop/data");
    assertThat(departure.aftermath()).contains("what uses data-1 does not start any more");
  }

  @Test
  void nobodyLeavesWhileAServerThatStaysIsNotWell() {
    leaving(cp3);
    var unwell = ALL.replace(server("cp2", "True"), server("cp2", "False"));
    assertThat(refusal(departure(unwell, up()))).startsWith("cp2 is not healthy");
    var learner =
        ALL.replace(server("cp2", "True"), server("cp2", "True") + "etcd=MemberIsLearner\n");
    assertThat(refusal(departure(learner, up()))).startsWith("cp2 is not healthy");
    var voter =
        ALL.replace(server("cp2", "True"), server("cp2", "True") + "etcd=MemberNotLearner\n");
    assertThat(departure(voter, up()).removal()).isInstanceOf(Check.Drift.class);
  }

  /** Of two members one is no majority: etcd would agree to nothing. */
  @Test
  void aDeadMemberOfTwoCannotBeTakenOut() {
    inventory = Cases.inventory(cp1, cp2);
    leaving(cp2);
    var known = up().never(cp2, NodeLeaves.KEPT_OUT);
    assertThat(refusal(departure(server("cp1", "True") + server("cp2", "Unknown"), known)))
        .isEqualTo("etcd has no majority without it: 1 of 2 members run");
    assertThat(departure(server("cp1", "True") + server("cp2", "True"), up()).removal())
        .isInstanceOf(Check.Drift.class);
  }

  @Test
  void anAgentMayLeaveWhateverTheServersAre() {
    leaving(w1);
    var unwell = ALL.replace(server("cp2", "True"), server("cp2", "False"));
    assertThat(departure(unwell, up()).removal()).isInstanceOf(Check.Drift.class);
  }

  @Test
  void whoseAddressIsTheEndpointStays() {
    var cluster = inventory.cluster().orElseThrow();
    assertThat(cluster.endpoint()).isEmpty();
    inventory = Cases.inventory(Endpoints.of(cluster, "10.0.0.1"), cp1, cp2, cp3, w1, w2);
    leaving(cp1);
    assertThat(refusal(departure(ALL, up())))
        .isEqualTo("the API of the cluster is reached by its address: endpoint is 10.0.0.1");
    inventory = Cases.inventory(Endpoints.of(cluster, "10.0.0.1"), cp1, cp2, cp3, w1, w2);
    leaving(cp2);
    assertThat(departure(ALL, up()).removal()).isInstanceOf(Check.Drift.class);
  }

  /** By a name, as the inventory has it for that host; or by one that goes to who stays. */
  @Test
  void theEndpointCanBeTheAddressOfTheInventoryOrOneThatMoves() {
    var cluster = inventory.cluster().orElseThrow();
    var behind = ALL.replace("address=10.0.0.1\n", "address=192.168.0.1\n");
    inventory = Cases.inventory(Endpoints.of(cluster, "10.0.0.1"), cp1, cp2, cp3, w1, w2);
    leaving(cp1);
    assertThat(refusal(departure(behind, up()))).endsWith("endpoint is 10.0.0.1");
    var moves = Endpoints.carried(cluster, "10.0.0.1");
    inventory = Cases.inventory(moves, cp1, cp2, cp3, w1, w2);
    leaving(cp1);
    assertThat(departure(ALL, up()).removal()).isInstanceOf(Check.Drift.class);
  }

  @Test
  void aBeginningOfAnEarlierRunIsTold() {
    leaving(w1);
    var begun = ALL.replace(node("w1", "True"), node("w1", "True", "claim=leaving"));
    assertThat(departure(begun, up()).begun()).isEqualTo("an earlier run has begun to drain it");
  }

  /** Its line was put back before the run that was killed was run again. */
  @Test
  void aNodeThatStaysAfterAllIsTakenBackIntoUse() {
    var begun = ALL.replace(node("w1", "True"), node("w1", "True", "claim=leaving"));
    var check = check(begun, up());
    assertThat(check).isInstanceOf(Check.Drift.class);
    assertThat(
            ((Check.Drift) check).repair().leaves().stream().flatMap(NodeDeparturesTest::actions))
        .containsExactly("release w1");
    var ofAnother = ALL.replace(node("w1", "True"), node("w1", "True", "claim=upgrade"));
    assertThat(check(ofAnother, up())).isInstanceOf(Check.InSync.class);
  }

  /** Else a host would be wiped because its cluster did not answer. */
  @Test
  void anApiThatNamesNoNodesSaysNothingOfWhoHasGone() {
    leaving(w1);
    assertThat(check("", up())).isInstanceOf(Check.Refused.class);
  }

  @Test
  void thoseWhoLeaveAreWaitedForOnlyWhereTheyAre() {
    leaving(w1);
    assertThat(STEP.needs(Cases.on(cp1, inventory)))
        .contains(Need.someSoFar(NodeLeaves.KEPT_OUT, List.of(w1)));
  }
}
