package io.provision.steps.gluster.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Removals;
import io.provision.steps.kubernetes.Cases;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whether the pool has let go of a host, by what those say who stay in it. */
final class PoolExitTest {
  private static final String REFUSAL = "w1 cannot leave: a set of volume v would have 2 bricks";

  private final Host cp1 = Cases.server(1);
  private final Host s1 = storage("s1", 11);
  private final Host s2 = storage("s2", 12);
  private final Host w1 = storage("w1", 101);
  private final Inventory staying = Cases.inventory(cp1, s1, s2, w1);
  private Inventory inventory = staying.without(Set.of(w1.name()));
  private Set<String> asked = Set.of("w1");

  private static Host storage(String name, int number) {
    return Cases.host(name, number, Set.of(Role.WORKER, Role.STORAGE), Map.of());
  }

  private PoolExit exit(PoolOutputs told) {
    return exit(told, true);
  }

  private PoolExit exit(PoolOutputs told, boolean lives) {
    var leaver = new PoolExit.Leaver(Set.of("w1", "10.0.0.101"), lives);
    return PoolExit.of(inventory, leaver, told.beside(Known.NOTHING).asked(new Removals(asked)));
  }

  private static PoolOutputs pool() {
    return new PoolOutputs().pool("s1", "s2", "w1").pool("s2", "s1", "w1").stranger("cp1");
  }

  private static PoolExit.Held held(PoolExit exit) {
    assertThat(exit).isInstanceOf(PoolExit.Held.class);
    return (PoolExit.Held) exit;
  }

  /** The others say nothing but that one speaks for all. */
  @Test
  void whileNobodyHasSaidSoItIsToLeaveThePoolFirst() {
    var told = pool().refuses("s2", "it did not see it").refuses("cp1", "it is none");
    assertThat(exit(told)).isEqualTo(new PoolExit.First());
  }

  @Test
  void itIsFreeOnceThePoolIsWithoutIt() {
    assertThat(exit(pool().after("s1", "localhost", "s2"))).isEqualTo(new PoolExit.Free());
    var before = new PoolOutputs().pool("s1", "s2").pool("s2", "s1");
    assertThat(exit(before)).isEqualTo(new PoolExit.Free());
  }

  @Test
  void whatThePoolRefusesHoldsItWithTheReason() {
    var told = pool().refuses("s1", REFUSAL).refuses("s2", "it did not see it");
    var held = held(exit(told));
    assertThat(held.why()).isEqualTo("its bricks do not leave GlusterFS: " + REFUSAL);
    assertThat(held.remedy()).isEqualTo("see what gluster-departures says on s1");
  }

  @Test
  void aRunThatMayNotChangeThePoolHoldsIt() {
    var held = held(exit(pool().after("s1", "localhost", "s2", "w1")));
    assertThat(held.why()).contains("this run does not take it out there");
    assertThat(held.remedy()).contains("let the run change s1 too");
  }

  /** By its address, under which nobody asked for it. */
  @Test
  void whatThePoolCallsOtherwiseIsToBeNamedAsItDoes() {
    var told =
        new PoolOutputs()
            .pool("s1", "s2", "10.0.0.101")
            .after("s1", "localhost", "s2", "10.0.0.101");
    assertThat(held(exit(told)).remedy()).endsWith("--remove host/10.0.0.101");
    asked = Set.of("w1", "10.0.0.101");
    assertThat(held(exit(told)).remedy()).contains("--limit");
  }

  /** Its Node may be what keeps etcd from its majority. */
  @Test
  void deadBricksHoldNobody() {
    var told = new PoolOutputs().pool("s1", "s2", "!w1").pool("s2", "s1", "!w1");
    assertThat(exit(told.refuses("s1", REFUSAL), false)).isEqualTo(new PoolExit.Free());
    assertThat(exit(told, true)).as("a node that runs").isInstanceOf(PoolExit.Held.class);
    assertThat(exit(pool().refuses("s1", REFUSAL), false))
        .as("bricks that run")
        .isInstanceOf(PoolExit.Held.class);
  }

  @Test
  void oneThatStaysInThePoolIsFreeToLeaveElsewhere() {
    inventory = staying;
    assertThat(exit(pool().after("s1", "localhost", "s2", "w1"))).isEqualTo(new PoolExit.Free());
  }

  @Test
  void ofAnotherPoolNothingFollows() {
    var told =
        new PoolOutputs()
            .pool("s1", "s2")
            .after("s1", "localhost", "s2")
            .pool("cp1", "w1")
            .refuses("cp1", REFUSAL);
    assertThat(held(exit(told)).why()).endsWith(REFUSAL);
  }

  /** Also hosts that have lost the role speak for a pool. */
  @Test
  void aPoolWithoutStorageHostsIsOneToo() {
    inventory = Cases.inventory(cp1, Cases.agent(2), w1).without(Set.of(w1.name()));
    var told = new PoolOutputs().stranger("cp1").pool("w2", "w1");
    assertThat(exit(told)).isEqualTo(new PoolExit.First());
    assertThat(exit(told.after("w2", "localhost"))).isEqualTo(new PoolExit.Free());
    told.after("w2", "localhost", "w1");
    assertThat(held(exit(told)).remedy()).contains("w2");
  }

  @Test
  void aStorageHostOfWhichNobodyCanTellStays() {
    for (var told :
        java.util.List.of(
            new PoolOutputs().unheard("s1", "no route").unheard("s2", "no route"),
            new PoolOutputs().silent("s1", "no route").stranger("s2"))) {
      assertThat(held(exit(told)).why()).endsWith("(s1: no route)");
      assertThat(exit(told, false)).as("a dead one").isEqualTo(new PoolExit.Free());
    }
    var heard = new PoolOutputs().unheard("s1", "no route").pool("s2", "s1");
    assertThat(exit(heard)).as("one says all").isEqualTo(new PoolExit.Free());
    assertThat(exit(new PoolOutputs())).as("in a plan").isEqualTo(new PoolExit.First());
    var none = new PoolOutputs().stranger("s1").stranger("s2");
    assertThat(exit(none)).as("there is no pool").isEqualTo(new PoolExit.Free());
  }

  @Test
  void aHostThatIsNoStorageHostWaitsForNobodyWhoIsSilent() {
    inventory = Cases.inventory(cp1, s1, s2, Cases.agent(1)).without(Set.of(w1.name()));
    assertThat(exit(new PoolOutputs().unheard("s1", "no route").unheard("s2", "no route")))
        .isEqualTo(new PoolExit.Free());
  }

  /** The need would name outputs that the steps of a playbook without GlusterFS do not provide. */
  @Test
  void whereNobodyHasToDoWithGlusterNothingIsNeeded() {
    var without = Cases.inventory(cp1, Cases.agent(1), Cases.agent(2));
    assertThat(PoolExit.needs(without.without(Set.of(w1.name())))).isEmpty();
    assertThat(PoolExit.needs(staying.without(Set.of(w1.name(), s1.name(), s2.name(), cp1.name()))))
        .as("nobody stays")
        .isEmpty();
    assertThat(PoolExit.needs(inventory))
        .containsExactlyInAnyOrder(
            Need.someSoFar(GlusterTrace.TRACE, inventory.hosts()),
            Need.someSoFar(GlusterDepartures.MEMBERS, inventory.hosts()));
    assertThat(PoolExit.needs(Cases.inventory(cp1, w1).without(Set.of(w1.name()))))
        .as("it is the only one")
        .isNotEmpty();
  }
}
