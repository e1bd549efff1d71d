package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Optional;
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

  private final Host cp1 = Cases.server(1);
  private final Host w1 = Cases.agent(1);
  private final Host w2 = Cases.agent(2);
  private final Host w3 = Cases.agent(3);
  private final Inventory inventory = Cases.inventory(cp1, w1, w2, w3);
  private final Cases.Settled known =
      K3sCases.settled()
          .address(cp1)
          .has(cp1, Nodes.STATE, Cases.state(true, true))
          .has(cp1, Nodes.SERVER_UP, true);

  private Check check(Host host, String basics, FileState cordoned) {
    var seen =
        new Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics(basics))
            .put(Files.at(K3s.BINARY), FileState.ABSENT)
            .put(Files.at(K3s.CORDONED), cordoned)
            .build();
    return new K3sUpgrade().check(Cases.on(host, inventory), seen, known);
  }

  private static List<String> functions(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(Script::call).map(it -> it.function().name()).toList();
  }

  @Test
  void anAgentIsDrainedSwitchedAndTakenBackWithoutAnAdministratorsKey() {
    var check = check(w1, OLD, FileState.ABSENT);
    assertThat(functions(check))
        .containsExactly(
            "drain_agent", "push_file", "start_node", "record_k3s_version", "settle_agent");
    assertThat(((Check.Drift) check).changes().getFirst().action()).isEqualTo(Change.Action.DRAIN);
    var drain = ((Repair.OnHost) ((Check.Drift) check).repair()).scripts().getFirst();
    assertThat(drain.payloads())
        .singleElement()
        .isInstanceOfSatisfying(
            Handoff.Made.class,
            it -> assertThat(it.make().call().function().name()).isEqualTo("hand_over_drainer"));
  }

  @Test
  void aNodeThatAKilledRunLeftCordonedIsTakenBack() {
    assertThat(functions(check(w1, CURRENT, THERE))).containsExactly("settle_agent");
    assertThat(check(w1, CURRENT, FileState.ABSENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aHostWithoutK3sHasNothingToUpgrade() {
    assertThat(check(w1, "arch=x86_64", FileState.ABSENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void oneThatFailedStopsThoseBehindIt() {
    var _ = known.never(w1, K3sUpgrade.CURRENT);
    assertThat(check(w3, OLD, FileState.ABSENT))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("w1 is not healthy"));
  }

  @Test
  void theOnlyNodeIsNotDrained() {
    var seen =
        new Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics(OLD))
            .put(Files.at(K3s.BINARY), FileState.ABSENT)
            .put(Files.at(K3s.CORDONED), FileState.ABSENT)
            .build();
    var check = new K3sUpgrade().check(Cases.on(cp1, Cases.inventory(cp1)), seen, known);
    assertThat(functions(check)).doesNotContain("drain_server").contains("settle_server");
  }

  /** Or a plan would tell it twice: the engine leaves out what an earlier item names. */
  @Test
  void anUpgradeNamesAllThatTheBinaryWouldWant() {
    var seen =
        new Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics(OLD))
            .put(Files.at(K3s.BINARY), FileState.ABSENT)
            .put(Files.at(K3s.CORDONED), FileState.ABSENT)
            .build();
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
    var seen =
        new Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics(OLD))
            .put(Files.at(K3s.BINARY), FileState.ABSENT)
            .put(Files.at(K3s.CORDONED), FileState.ABSENT)
            .build();
    var drains =
        java.util.stream.Stream.of(cp1, cp2, w1, w3)
            .map(host -> (Check.Drift) new K3sUpgrade().check(Cases.on(host, all), seen, servers))
            .map(drift -> drift.changes().getFirst().subject());
    assertThat(drains)
        .containsExactly(
            "node cp1",
            "node cp2, after cp1",
            "node w1, after cp1, cp2",
            "node w3, after cp1, cp2, w1");
  }
}
