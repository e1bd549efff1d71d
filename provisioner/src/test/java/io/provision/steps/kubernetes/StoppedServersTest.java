package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.resource.unit.ServiceManagers;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that were all stopped come back together: none is ready without a majority. */
class StoppedServersTest {
  private static final StoppedServers STEP = new StoppedServers(new TestDistribution().alone());

  private final Host cp1 = Cases.server(1);
  private final Host cp2 = Cases.server(2);
  private final Host w1 = Cases.agent(1);

  private static UnitState unit(String load, String active) {
    return new UnitState(load, active, "", "enabled", "/x", List.of(), Map.of());
  }

  private Check check(Host host, NodeState state, UnitState unit) {
    var seen =
        new Observations.Builder()
            .put(Units.of("test-server.service"), unit)
            .put(ServiceManagers.QUESTION, "systemd")
            .build();
    var known = new Cases.Settled().has(host, Nodes.STATE, state);
    return STEP.check(Cases.on(host, Cases.inventory(cp1, cp2, w1)), seen, known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inactive", "failed"})
  void aMemberThatDoesNotRunIsStarted(String active) {
    assertThat(check(cp2, Cases.state(true, false), unit("loaded", active)))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes())
                    .containsExactly(
                        Change.of(
                            Change.Action.START, "unit test-server.service", active, "running")));
  }

  /** Or the second would wait until the first is ready, which it never is without the second. */
  @Test
  void noServerWaitsForAnother() {
    assertThat(STEP.needs(Cases.on(cp2, Cases.inventory(cp1, cp2, w1))))
        .containsExactly(Need.all(Nodes.STATE, List.of(cp2)));
    assertThat(STEP.provides(Cases.on(cp2, Cases.inventory(cp1, cp2, w1)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"active", "activating", "reloading"})
  void oneThatRunsOrStartsIsLeftAlone(String active) {
    assertThat(check(cp1, Cases.state(true, true), unit("loaded", active)))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void oneThatIsStillToJoinIsNotStartedHere() {
    assertThat(check(cp1, Cases.state(false, false), unit("loaded", "inactive")))
        .isInstanceOf(Check.InSync.class);
    assertThat(check(cp1, Cases.state(true, false), unit("not-found", "inactive")))
        .as("its unit is gone: the step that writes it starts it")
        .isInstanceOf(Check.InSync.class);
    assertThat(check(w1, Cases.state(false, false), unit("loaded", "inactive")))
        .isInstanceOf(Check.Skipped.class);
  }
}
