package io.provision.steps.kubernetes.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Orphan;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.steps.gluster.leave.PoolExit;
import io.provision.steps.gluster.leave.PoolOutputs;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.TestDistribution;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node that leaves does not start again by itself, and one that stays does. */
final class NodeLeavesTest {
  private static final NodeLeaves STEP = new NodeLeaves(new TestDistribution().alone());
  private static final String DROP_IN = NodeLeaves.dropIn("test-agent.service");
  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          new io.provision.resource.FileMode(0644),
          new FileState.Owner("root", "root", "0", "0"),
          1,
          Optional.empty(),
          Optional.empty());

  private final Host cp1 = Cases.server(1);
  private final Host w1 = Cases.agent(1);
  private final Inventory all = Cases.inventory(cp1, w1);
  private final Inventory leaving = all.without(Set.of(w1.name()));

  private Check check(Inventory inventory, UnitState unit, FileState dropIn) {
    return check(inventory, unit, dropIn, Known.NOTHING);
  }

  private Check check(Inventory inventory, UnitState unit, FileState dropIn, Known known) {
    var seen =
        new Observations.Builder()
            .put(Units.of("test-agent.service"), unit)
            .put(Files.at(DROP_IN), dropIn)
            .build();
    return STEP.check(Cases.on(w1, inventory), seen, known);
  }

  private static UnitState unit(String boot) {
    return new UnitState("loaded", "active", "running", boot, "/x", List.of(), Map.of());
  }

  private static List<String> calls(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream()
            .map(it -> it.call().function().name() + " " + String.join(" ", it.call().arguments()))
            .toList();
  }

  @Test
  void aUnitThatWouldComeBackIsKeptOutOnceThatIsAskedFor() {
    for (var check :
        List.of(
            check(leaving, unit("enabled"), FileState.ABSENT),
            check(leaving, unit("disabled"), FileState.ABSENT),
            check(leaving, unit("enabled"), THERE))) {
      assertThat(check).isInstanceOf(Check.Leaving.class);
      var departure = ((Check.Leaving) check).departures().getFirst();
      assertThat(departure.orphans()).containsExactly(Orphan.host("w1"));
      assertThat(departure.changes())
          .containsExactly(Change.of(Change.Action.DISABLE, "unit test-agent.service"));
      assertThat(calls(departure.removal()))
          .containsExactly("keep_out test-agent.service " + DROP_IN);
      assertThat(((Check.Leaving) check).rest())
          .as("nobody hears that it is kept out before it is")
          .isEqualTo(new Check.InSync());
    }
  }

  /** Else a host that stays after all would not come back from its next boot. */
  @Test
  void nothingIsBegunBeforeItsBricksHaveLeft() {
    var s1 = Cases.host("s1", 11, Set.of(Role.STORAGE), Map.of());
    var inventory = Cases.inventory(cp1, s1, w1).without(Set.of(w1.name()));
    assertThat(STEP.removalNeeds(Cases.on(w1, inventory))).isEqualTo(PoolExit.needs(inventory));
    assertThat(STEP.removalNeeds(Cases.on(cp1, inventory))).isEmpty();

    var pool = new PoolOutputs().pool("s1", "w1");
    var first = departure(inventory, pool);
    assertThat(first.changes())
        .containsExactly(
            Change.of(
                Change.Action.DISABLE,
                "unit test-agent.service",
                "starts by itself",
                "does not, after its bricks have left"));
    assertThat(calls(first.removal())).isNotEmpty();
    var refused = departure(inventory, pool.refuses("s1", "heal is pending"));
    assertThat(refused.removal())
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).endsWith("heal is pending"));
    var left = departure(inventory, pool.after("s1", "localhost"));
    assertThat(calls(left.removal())).isNotEmpty();
    assertThat(left.changes())
        .containsExactly(Change.of(Change.Action.DISABLE, "unit test-agent.service"));
  }

  private Departure departure(Inventory inventory, PoolOutputs pool) {
    var known = pool.beside(Known.NOTHING).asked(new Removals(Set.of("w1")));
    var check = check(inventory, unit("enabled"), FileState.ABSENT, known);
    return ((Check.Leaving) check).departures().getFirst();
  }

  /** GlusterFS stays where all of Kubernetes goes. */
  @Test
  void aClusterThatGoesAsAWholeWaitsForNoBricks() {
    var s1 = Cases.host("s1", 11, Set.of(Role.STORAGE), Map.of());
    var none = Cases.inventory(cp1, s1, w1).without(Set.of(w1.name(), cp1.name()));
    assertThat(STEP.removalNeeds(Cases.on(w1, none))).isEmpty();
    var known =
        new PoolOutputs()
            .pool("s1", "w1")
            .refuses("s1", "heal is pending")
            .beside(Known.NOTHING)
            .asked(new Removals(Set.of("home")));
    var check = check(none, unit("enabled"), FileState.ABSENT, known);
    assertThat(((Check.Leaving) check).departures().getFirst().removal())
        .isInstanceOf(Check.Drift.class);
  }

  @Test
  void oneThatIsKeptOutOrIsNotThereAnyMoreIsTold() {
    var told = new Check.InSync(Observed.of(NodeLeaves.KEPT_OUT, true));
    assertThat(check(leaving, unit("disabled"), THERE)).isEqualTo(told);
    assertThat(check(leaving, UnitState.ABSENT, FileState.ABSENT)).isEqualTo(told);
  }

  @Test
  void onAHostThatStaysNothingOfItIsLeft() {
    assertThat(check(all, unit("enabled"), FileState.ABSENT)).isEqualTo(new Check.InSync());
    assertThat(calls(check(all, unit("disabled"), THERE))).containsExactly("let_in " + DROP_IN);
  }

  /** Its datastore is the cluster: not even its name is enough. */
  @Test
  void theOnlyServerStaysWhileOthersDo() {
    var seen =
        new Observations.Builder()
            .put(Units.of("test-server.service"), unit("enabled"))
            .put(Files.at(NodeLeaves.dropIn("test-server.service")), FileState.ABSENT)
            .build();
    var check = STEP.check(Cases.on(cp1, all.without(Set.of(cp1.name()))), seen, Known.NOTHING);
    assertThat(((Check.Leaving) check).departures().getFirst().removal())
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).startsWith("no control plane would stay"));
  }

  /** Its unit is nobody's business on a host that stays. */
  @Test
  void onlyWhoLeavesIsAskedForItsUnitAndTellsOfIt() {
    var stays = Cases.on(w1, all);
    var leaves = Cases.on(w1, leaving);
    assertThat(STEP.probes(stays)).isEqualTo(Probes.of(Files.at(DROP_IN)));
    assertThat(STEP.probes(leaves).questions())
        .contains(Units.of("test-agent.service"), Files.at(DROP_IN));
    assertThat(STEP.provides(stays)).isEmpty();
    assertThat(STEP.provides(leaves)).containsExactly(NodeLeaves.KEPT_OUT);
  }

  /** A saved plan allows no other kinds of change than these. */
  @Test
  void nothingIsDoneThatTheStepDoesNotSayThatItMayDo() {
    var kept = (Check.Leaving) check(leaving, unit("enabled"), FileState.ABSENT);
    assertThat(kept.departures().getFirst().changes())
        .allSatisfy(it -> assertThat(STEP.mayRemove()).contains(it.action()));
    assertThat(((Check.Drift) check(all, unit("disabled"), THERE)).changes())
        .allSatisfy(it -> assertThat(STEP.mayDo()).contains(it.action()));
  }

  @Test
  void whoIsToLeaveIsSaid() {
    var w1Alone = (Check.Leaving) check(leaving, unit("enabled"), FileState.ABSENT);
    assertThat(w1Alone.departures().getFirst().lost()).isEqualTo("w1 is to leave");
    var none = all.without(Set.of(w1.name(), cp1.name()));
    var everybody = (Check.Leaving) check(none, unit("enabled"), FileState.ABSENT);
    assertThat(everybody.departures().getFirst().lost()).isEqualTo("no node is to stay");
  }

  /** The last ones to leave take the cluster with them, and that is what is asked for. */
  @Test
  void whereNobodyStaysItIsTheClusterThatLeaves() {
    var none = all.without(Set.of(w1.name(), cp1.name()));
    var check = check(none, unit("enabled"), FileState.ABSENT);
    assertThat(((Check.Leaving) check).departures().getFirst().orphans())
        .containsExactly(new Orphan("cluster", "home"));
  }
}
