package io.provision.steps.kubernetes.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.TestDistribution;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each server says of its own kubelet whether the cluster hears of it. */
class NodeRegisteredTest {
  private static final TestDistribution TEST = new TestDistribution();
  private final NodeRegistered step = new NodeRegistered(TEST.alone());
  private final Host server = Cases.server(1);
  private final Host agent = Cases.agent(1);
  private final Inventory inventory = Cases.inventory(server, Cases.server(2), agent);

  private Check check(Host host, Registration told) {
    var seen = new Observations.Builder().put(Registration.of(host, TEST), told).build();
    var known = new Cases.Settled().has(server, Nodes.SERVER_UP, true);
    return step.check(Cases.on(host, inventory), seen, known);
  }

  /** An API server answers without its kubelet, and a Node object stays when one is gone. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PRESENT")
  void aServerWhoseKubeletHasNotReportedWaitsForItByItself(Registration told) {
    assertThat(check(server, told))
        .isEqualTo(TEST.unheard(server, told.awaited(server)))
        .isInstanceOf(Check.NotYet.class);
  }

  @Test
  void oneThatHasReportedIsTold() {
    assertThat(check(server, Registration.PRESENT))
        .isEqualTo(new Check.InSync(Observed.of(Nodes.REGISTERED, true)));
    var target = Cases.on(server, inventory);
    assertThat(step.provides(target)).containsExactly(Nodes.REGISTERED);
    assertThat(step.needs(target)).containsExactly(Need.all(Nodes.SERVER_UP, List.of(server)));
  }

  @Test
  void anAgentHasSaidItWithItsOwnStep() {
    var target = Cases.on(agent, inventory);
    assertThat(check(agent, Registration.UNTOLD)).isInstanceOf(Check.Skipped.class);
    assertThat(step.provides(target)).isEmpty();
    assertThat(step.needs(target)).isEmpty();
    assertThat(step.probes(target)).isEqualTo(Probes.NONE);
  }
}
