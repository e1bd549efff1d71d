package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Check;
import io.provision.step.Wait;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Registration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An agent is in sync where the cluster has it as a node, not where it merely runs. */
class K3sAgentTest {
  @Test
  void anAgentThatRunsAndNeverRegisteredIsNotInSync() {
    var server = Cases.server(1);
    var agent = Cases.agent(1);
    var target = Cases.on(agent, Cases.inventory(server, agent));
    assertThat(new K3sAgent().probes(target).questions())
        .contains(Registration.of(agent, new K3sDistribution()));

    var service = K3sService.of(target, Optional.empty());
    assertThat(K3sAgent.joined(service, true, Registration.ABSENT))
        .isInstanceOfSatisfying(
            Check.NotYet.class,
            notYet -> {
              assertThat(notYet.awaited()).isEqualTo("it to register as node w1");
              assertThat(((Wait.OnHost) notYet.by()).until().arguments())
                  .contains("w1", "k3s-agent.service");
            });
    assertThat(K3sAgent.joined(service, false, Registration.UNTOLD))
        .isInstanceOf(Check.NotYet.class);
    for (var told : Set.of(Registration.PRESENT, Registration.UNTOLD)) {
      assertThat(K3sAgent.joined(service, true, told)).isInstanceOf(Check.InSync.class);
    }
  }
}
