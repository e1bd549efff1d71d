package io.provision.steps.k3s;

import static io.provision.steps.kubernetes.certificates.AuthorityCases.CERTIFICATE;
import static io.provision.steps.kubernetes.certificates.AuthorityCases.digest;
import static io.provision.steps.kubernetes.certificates.AuthorityCases.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.step.Wait;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.registration.Registration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Whoever typed the address of another one's machine would take it away from its cluster. */
  @Test
  void anAgentOfAnotherClusterIsRefusedBeforeItIsRestarted() {
    assertThat(check(CERTIFICATE, true).toString()).doesNotContain("another cluster");
    assertThat(check(CERTIFICATE + CERTIFICATE, true))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what())
                  .startsWith("it is a node of another cluster")
                  .contains("/var/lib/rancher/k3s/agent/server-ca.crt");
              assertThat(it.remedy()).contains("kubelet.kubeconfig");
            });
    assertThat(check(CERTIFICATE + CERTIFICATE, false).toString())
        .doesNotContain("another cluster");
  }

  /** As an agent leaves it that is killed while it writes, and one whose disk is full. */
  @ParameterizedTest
  @ValueSource(strings = {"", "-----BEGIN CERTIFICATE-----\nMIIB", "nonsense"})
  void anAgentWhoseAuthorityWasNotWrittenToTheEndIsNotOneOfAnotherCluster(String written) {
    assertThat(check(written, true).toString()).doesNotContain("another cluster");
  }

  private Check check(String authority, boolean joined) {
    var step = new K3sAgent();
    var seen = new Observations.Builder();
    step.probes(target).questions().forEach(question -> nothing(seen, question));
    if (joined) {
      seen.put(Files.at(K3s.JOINED), file("x"));
    }
    seen.put(Files.text(K3s.AUTHORITY), file(authority));
    var server = Cases.server(1);
    var access =
        new ClusterAccess(
            List.of(),
            new Handoff.Kept(server.name(), Call.of(FileTransfer.READ, "/x")),
            Optional.of(new ClusterAccess.Identity(digest(CERTIFICATE), Cases.DIGEST)));
    return step.check(
        target, seen.build(), K3sCases.settled().has(server, ClusterAccess.OUTPUT, access));
  }

  private static <T> void nothing(Observations.Builder seen, Question<T> question) {
    seen.put(question, Cases.read(question, "arch=x86_64\n"));
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
