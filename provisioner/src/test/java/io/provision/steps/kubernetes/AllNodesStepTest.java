package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who verifies the nodes and labels them, whichever server is down. */
class AllNodesStepTest {
  private static final String NODES =
      """
      node=cp1
      ready=Unknown
      address=10.0.0.1
      node=cp2
      ready=True
      address=10.0.0.2
      node=cp3
      ready=True
      address=10.0.0.3
      node=w1
      ready=True
      address=10.0.0.101
      """;

  private static final TestDistribution TEST = new TestDistribution();

  private final Host cp1 = Cases.server(1);
  private final Host cp2 = Cases.server(2);
  private final Host cp3 = Cases.server(3);
  private final Host w1 = Cases.agent(1);
  private final Inventory inventory = Cases.inventory(cp1, cp2, cp3, w1);

  static List<Step<Target.OnHost>> steps() {
    return List.of(new NodesReady(TEST.alone()), new NodeLabels(TEST.alone()));
  }

  private Check check(Step<Target.OnHost> step, Host host, Cases.Settled known) {
    var seen =
        new Observations.Builder()
            .put(TEST.kubectl().nodes(), Cases.read(TEST.kubectl().nodes(), NODES))
            .build();
    return step.check(Cases.on(host, inventory), seen, known);
  }

  private static Cases.Settled up(Cases.Settled known, Host... servers) {
    for (var server : servers) {
      known.has(server, Nodes.SERVER_UP, true).has(server, Nodes.REGISTERED, true);
    }
    return known;
  }

  /** Its API answers, and its node is none: it has said why, and nobody waits for it. */
  @ParameterizedTest
  @MethodSource("steps")
  void aServerWhoseKubeletDoesNotComeIsNotWaitedForByOthers(Step<Target.OnHost> step) {
    var known =
        up(new Cases.Settled(), cp2, cp3)
            .address(cp1, cp2, cp3, w1)
            .has(cp1, Nodes.SERVER_UP, true)
            .never(cp1, Nodes.REGISTERED)
            .has(w1, Nodes.AGENT_UP, true);
    assertThat(check(step, cp2, known)).isInstanceOf(Check.InSync.class);
    assertThat(check(step, cp3, known)).isEqualTo(new Check.Skipped("cp2 does this for all nodes"));
    assertThat(step.needs(Cases.on(cp2, inventory)))
        .contains(Need.some(Nodes.REGISTERED, List.of(cp1, cp2, cp3)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void withTheFirstServerDownTheNextOneDoesIt(Step<Target.OnHost> step) {
    var known =
        up(new Cases.Settled(), cp2)
            .address(cp2, cp3, w1)
            .never(cp1, Nodes.SERVER_UP)
            .has(w1, Nodes.AGENT_UP, true);
    assertThat(check(step, cp2, known)).isInstanceOf(Check.InSync.class);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void oneServerAloneDoesIt(Step<Target.OnHost> step) {
    var known = up(new Cases.Settled(), cp1, cp2, cp3);
    assertThat(check(step, cp1, known)).isNotInstanceOf(Check.Skipped.class);
    assertThat(List.of(cp2, cp3))
        .allSatisfy(host ->
            assertThat(check(step, host, known))
                .isEqualTo(new Check.Skipped("cp1 does this for all nodes")));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void whereNoServerIsUpNobodySaysThatAllIsWell(Step<Target.OnHost> step) {
    assertThat(check(step, cp1, new Cases.Settled())).isInstanceOf(Check.Refused.class);
  }
}
