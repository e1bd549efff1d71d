package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.step.Wait;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.registration.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An agent is in sync where the cluster hears of it now, not where it merely runs or once joined.
 */
class K3sAgentTest {
  private final Host agent = Cases.agent(1);
  private final Target.OnHost target = Cases.on(agent, Cases.inventory(Cases.server(1), agent));

  @Test
  void itsKubeletIsAsked() {
    assertThat(new K3sAgent().probes(target).questions())
        .contains(Registration.of(agent, new K3sDistribution()));
    assertThat(K3sAgent.joined(agent, true, Registration.PRESENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void itRestartsWithItsConfigurationForCertain() {
    var restart = Change.of(Change.Action.RESTART, "unit k3s-agent.service");
    assertThat(new K3sAgent().whenChanged(target, K3s.CONFIG)).contains(restart);
    assertThat(new K3sAgent().whenChanged(target, "/etc/hosts")).isEmpty();
    var server = Cases.on(Cases.server(1), target.inventory());
    assertThat(new K3sServer().whenChanged(server, K3s.CONFIG))
        .contains(Change.of(Change.Action.RESTART, "unit k3s.service"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PRESENT")
  void anAgentOfWhichTheClusterDoesNotHearIsWaitedFor(Registration told) {
    assertThat(K3sAgent.joined(agent, true, told))
        .isInstanceOfSatisfying(
            Check.NotYet.class,
            notYet ->
                assertThat(((Wait.OnHost) notYet.by()).until().arguments())
                    .containsExactly(
                        K3sDistribution.KUBECTL.program(), K3s.JOINED, "w1", "k3s-agent.service"));
  }

  @ParameterizedTest
  @EnumSource
  void anAgentThatNoServerAcceptedIsWaitedFor(Registration told) {
    assertThat(K3sAgent.joined(agent, false, told)).isInstanceOf(Check.NotYet.class);
  }
}
