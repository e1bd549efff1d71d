package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
    return check(step, host, known, Registration.PRESENT);
  }

  private Check check(
      Step<Target.OnHost> step, Host host, Cases.Settled known, Registration ofItself) {
    var seen =
        new Observations.Builder()
            .put(TEST.kubectl().nodes(), Cases.read(TEST.kubectl().nodes(), NODES))
            .put(Registration.of(host, TEST), ofItself)
            .build();
    return step.check(Cases.on(host, inventory), seen, known);
  }

  /** Ready may be of a kubelet that is gone: who acts and who looks on says it of itself. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PRESENT")
  void aServerWhoseKubeletHasNotReportedIsNotReady(Registration told) {
    var known =
        new Cases.Settled()
            .address(cp2, cp3, w1)
            .never(cp1, Nodes.SERVER_UP)
            .has(cp2, Nodes.SERVER_UP, true)
            .has(cp3, Nodes.SERVER_UP, true)
            .has(w1, Nodes.AGENT_UP, true);
    var step = new NodesReady(TEST.alone());
    for (var host : List.of(cp2, cp3)) {
      assertThat(check(step, host, known, told)).as("%s", host).isInstanceOf(Check.NotYet.class);
    }
    assertThat(check(step, cp1, known, told)).as("down").isInstanceOf(Check.Skipped.class);
    assertThat(check(step, w1, known, told)).as("an agent").isInstanceOf(Check.Skipped.class);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void withTheFirstServerDownTheNextOneDoesIt(Step<Target.OnHost> step) {
    var known =
        new Cases.Settled()
            .address(cp2, cp3, w1)
            .never(cp1, Nodes.SERVER_UP)
            .has(cp2, Nodes.SERVER_UP, true)
            .has(w1, Nodes.AGENT_UP, true);
    assertThat(check(step, cp2, known)).isInstanceOf(Check.InSync.class);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void oneServerAloneDoesIt(Step<Target.OnHost> step) {
    var known =
        new Cases.Settled()
            .has(cp1, Nodes.SERVER_UP, true)
            .has(cp2, Nodes.SERVER_UP, true)
            .has(cp3, Nodes.SERVER_UP, true);
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
