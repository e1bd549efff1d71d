package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterAction;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.upgrade.UpgradeTurn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class K3sUpgradeTest {
  private static final String OLD = "arch=x86_64\nversion=v1.36.3+k3s1\nmember=yes\nready=yes";
  private static final String CURRENT = "arch=x86_64\nversion=v1.36.4+k3s1";
  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private static final ClusterAccess ACCESS =
      new ClusterAccess(
          List.of("https://home:6443"),
          new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
          Optional.empty());

  private final Host cp1 = Cases.server(1);
  private final Host w1 = Cases.agent(1);
  private final Host w2 = Cases.agent(2);
  private final Host w3 = Cases.agent(3);
  private final Inventory inventory = Cases.inventory(cp1, w1, w2, w3);
  private final Cases.Settled known =
      K3sCases.settled()
          .address(cp1)
          .has(cp1, Nodes.STATE, Cases.state(true, true))
          .has(cp1, Nodes.SERVER_UP, true)
          .has(cp1, ClusterAccess.OUTPUT, ACCESS);

  private Check check(Host host, String basics, FileState cordoned) {
    return check(host, inventory, K3sCases.basics(basics), cordoned, true);
  }

  private Check check(
      Host host, Inventory in, K3sLooks.Basics basics, FileState cordoned, boolean ready) {
    return new K3sUpgrade().check(Cases.on(host, in), seen(basics, cordoned, ready), known);
  }

  private static Observations seen(K3sLooks.Basics basics, FileState cordoned, boolean ready) {
    return new Observations.Builder()
        .put(K3sLooks.BASICS, basics)
        .put(K3sLooks.IS_READY, ready)
        .put(CredentialsLook.CREDENTIALS, Optional.empty())
        .put(Files.at(K3s.BINARY), FileState.ABSENT)
        .put(Files.at(K3s.CORDONED), cordoned)
        .build();
  }

  /** What is done, in order: functions on the host, and actions through the API. */
  private static List<String> actions(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream().flatMap(K3sUpgradeTest::actions).toList();
  }

  private static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream().map(script -> script.call().function().name());
      case Repair.OnApi(_, var actions) ->
          actions.stream()
              .map(action ->
                  switch (action) {
                    case ClusterAction.Drain(var node, var claim, _, _) ->
                        "drain %s for %s".formatted(node, claim);
                    case ClusterAction.Release(var node, var claim) ->
                        "release %s for %s".formatted(node, claim);
                    case ClusterAction.TakeTurn(var node, _) -> "turn of " + node;
                    case ClusterAction.EndTurn(var node) -> "turn over of " + node;
                    case ClusterAction.Request _,
                        ClusterAction.AwaitPresent _,
                        ClusterAction.NotePowerCut _,
                        ClusterAction.SpreadAgain _,
                        ClusterAction.Uncordon _,
                        ClusterAction.Delete _,
                        ClusterAction.Tell _,
                        ClusterAction.Claim _,
                        ClusterAction.ClaimInTurn _,
                        ClusterAction.RefuseUncordoned _,
                        ClusterAction.EndPods _,
                        ClusterAction.RefuseForeign _,
                        ClusterAction.RefuseClaimed _ ->
                        throw new IllegalStateException(action.toString());
                    case ClusterAction.Await await -> "await " + await.what();
                    case ClusterAction.AwaitDetached(var node, _) -> "await volumes off " + node;
                    case ClusterAction.TellAttached(var node) -> "tell volumes of " + node;
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
  void anAgentIsDrainedSwitchedAndTakenBackThroughTheApiOfAServer() {
    var check = check(w1, OLD, FileState.ABSENT);
    assertThat(actions(check))
        .containsExactly(
            "turn of w1",
            "mark_out_of_use",
            "drain w1 for upgrade",
            "push_file",
            "start_node",
            "record_k3s_version",
            "await_k3s_unit",
            "await w1 to be Ready with v1.36.4+k3s1",
            "release w1 for upgrade",
            "turn over of w1",
            "mark_in_use");
    assertThat(((Check.Drift) check).changes().getFirst().action()).isEqualTo(Change.Action.DRAIN);
    assertThat(((Check.Drift) check).repair().canBringFiles()).isTrue();
    assertThat(accesses(check)).containsOnly(ACCESS);
  }

  private static List<ClusterAccess> accesses(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream()
            .filter(Repair.OnApi.class::isInstance)
            .map(part -> ((Repair.OnApi) part).access())
            .toList();
  }

  @Test
  void aServerIsDrainedByItsOwnApi() {
    var check = check(cp1, OLD, FileState.ABSENT);
    assertThat(actions(check))
        .startsWith("k3s_snapshot", "turn of cp1", "mark_out_of_use", "drain cp1 for upgrade")
        .contains("release cp1 for upgrade");
    assertThat(accesses(check))
        .allSatisfy(access -> {
          assertThat(access.servers()).containsExactly("https://10.0.0.1:6443");
          assertThat(access.kubeconfig().from()).isEqualTo(cp1.name());
        });
  }

  /** etcd has one content: the first one keeps it before anything is changed. */
  @Test
  void aServerBehindAnotherOneMakesNoSnapshot() {
    var cp2 = Cases.server(2);
    var old =
        new NodeState(
            "amd64",
            Optional.of(io.provision.model.Version.parse("v1.36.3+k3s1")),
            true,
            true,
            true);
    var _ = known.address(cp2).has(cp1, Nodes.STATE, old).has(cp2, Nodes.STATE, old);
    var both = Cases.inventory(cp1, cp2);
    assertThat(actions(check(cp2, both, K3sCases.basics(OLD), FileState.ABSENT, true)))
        .startsWith("turn of cp2", "mark_out_of_use");
    assertThat(actions(check(cp1, both, K3sCases.basics(OLD), FileState.ABSENT, true)))
        .startsWith("k3s_snapshot");
  }

  /** Nothing could be evicted by it; and it may come up by itself. */
  @Test
  void aServerWhoseApiIsNotThereIsWaitedFor() {
    for (var basics : List.of(OLD, CURRENT)) {
      assertThat(check(cp1, inventory, K3sCases.basics(basics), THERE, false))
          .isInstanceOfSatisfying(
              Check.NotYet.class, it -> assertThat(it.awaited()).contains("API server"));
    }
  }

  /** While its servers are still to be upgraded nobody knows by which API; nothing may be done. */
  @Test
  void aPlanOfAnAgentNamesItsChangesAndHoldsNothingToRun() {
    var early =
        K3sCases.settled()
            .has(cp1, Nodes.STATE, Cases.state(true, true))
            .has(cp1, Nodes.SERVER_UP, true);
    var basics = K3sCases.basics(OLD);
    var check =
        new K3sUpgrade()
            .check(Cases.on(w1, inventory), seen(basics, FileState.ABSENT, false), early);
    assertThat(((Check.Drift) check).changes())
        .extracting(Change::action)
        .containsExactly(
            Change.Action.DRAIN,
            Change.Action.INSTALL,
            Change.Action.UPGRADE,
            Change.Action.RESTART);
    assertThat(actions(check)).isEmpty();
  }

  @Test
  void aNodeThatAKilledRunLeftCordonedIsTakenBack() {
    assertThat(actions(check(w1, CURRENT, THERE)))
        .containsExactly(
            "await w1 to be Ready with v1.36.4+k3s1",
            "release w1 for upgrade",
            "turn over of w1",
            "mark_in_use");
    assertThat(check(w1, CURRENT, FileState.ABSENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aHostWithoutK3sHasNothingToUpgrade() {
    assertThat(check(w1, "arch=x86_64", FileState.ABSENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void oneThatFailedStopsThoseBehindIt() {
    var _ = known.never(w1, UpgradeTurn.CURRENT);
    assertThat(check(w3, OLD, FileState.ABSENT))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("w1 comes before it"));
  }

  @Test
  void theOnlyNodeIsNotDrainedNorIsItsApiNeededBefore() {
    var check = check(cp1, Cases.inventory(cp1), K3sCases.basics(OLD), FileState.ABSENT, false);
    assertThat(actions(check))
        .containsExactly(
            "push_file",
            "start_node",
            "record_k3s_version",
            "await_k3s_unit",
            "await cp1 to be Ready with v1.36.4+k3s1");
  }

  /** Or a plan would tell it twice: the engine leaves out what an earlier item names. */
  @Test
  void anUpgradeNamesAllThatTheBinaryWouldWant() {
    var seen = seen(K3sCases.basics(OLD), FileState.ABSENT, true);
    var target = Cases.on(w1, inventory);
    var upgrade = (Check.Drift) new K3sUpgrade().check(target, seen, known);
    var binary = (Check.Drift) new K3sBinary().check(target, seen, known);
    assertThat(upgrade.changes()).containsAll(binary.changes());
    assertThat(new K3sUpgrade().mayDo())
        .containsAll(upgrade.changes().stream().map(Change::action).toList());
    assertThat(new K3sBinary().mayDo())
        .containsAll(binary.changes().stream().map(Change::action).toList());
  }

  @Test
  void aPlanSaysWhoComesFirst() {
    var cp2 = Cases.server(2);
    var old =
        new NodeState(
            "amd64",
            Optional.of(io.provision.model.Version.parse("v1.36.3+k3s1")),
            true,
            true,
            true);
    var servers = K3sCases.settled().has(cp1, Nodes.STATE, old).has(cp2, Nodes.STATE, old);
    var all = Cases.inventory(cp1, cp2, w1, w2, w3);
    var seen = seen(K3sCases.basics(OLD), FileState.ABSENT, true);
    var drains =
        Stream.of(cp1, cp2, w1, w3)
            .map(host -> (Check.Drift) new K3sUpgrade().check(Cases.on(host, all), seen, servers))
            .map(drift -> drift.changes().getFirst().subject());
    assertThat(drains)
        .containsExactly(
            "node cp1",
            "node cp2, after cp1",
            "node w1, after cp1, cp2",
            "node w3, after cp1, cp2, w2");
  }
}
