package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Sha256;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerCredentials;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A name that comes after the cluster did is in the certificate of every control plane. */
class KubeadmCertificateTest {
  private static final Sha256 DIGEST = new Sha256("a".repeat(64));

  private static Check check(String host, String more, Set<String> names) {
    var inventory = KubeadmCases.inventory(more);
    var self = KubeadmCases.host(host, inventory);
    var seen =
        new Observations.Builder()
            .put(
                KubeadmCredentials.QUESTION,
                Optional.of(new ServerCredentials(DIGEST, DIGEST, names)))
            .build();
    return new KubeadmCertificate()
        .check(KubeadmCases.on(host, inventory), seen, new Cases.Settled().address(self));
  }

  private static List<String> functions(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(script -> script.call().function().name()).toList();
  }

  @Test
  void aNameThatTheCertificateLacksIsShownAndMadeAndKeptForThoseWhoJoin() {
    var had = Set.of("10.0.0.1", "cp1", "kubernetes");
    assertThat(check("cp1", "", had)).isInstanceOf(Check.InSync.class);
    var check = check("cp1", "virtual_ip: 10.0.0.9\ntls_sans: [api.home]", had);
    assertThat(((Check.Drift) check).changes().toString())
        .contains("10.0.0.9", "api.home")
        .doesNotContain("cp1");
    assertThat(functions(check)).containsExactly("keep_configuration", "renew_serving_certificate");
    var all = new HashSet<>(had);
    all.addAll(Set.of("10.0.0.9", "api.home"));
    assertThat(check("cp1", "virtual_ip: 10.0.0.9\ntls_sans: [api.home]", all))
        .isInstanceOf(Check.InSync.class);
  }

  /**
   * A kubeconfig is refused by names that the certificate does not have: not before it has them.
   */
  @Test
  void whoeverGoesByItsNamesWaitsForThoseThatAreAdded() {
    var target = KubeadmCases.on("cp1", KubeadmCases.inventory(""));
    assertThat(new KubeadmCertificate().provides(target)).containsExactly(Nodes.CREDENTIALS);
    assertThat(new KubeadmControlPlane().provides(target)).doesNotContain(Nodes.CREDENTIALS);
    var names = Set.of("10.0.0.1", "cp1", "kubernetes");
    assertThat(((Check.InSync) check("cp1", "", names)).observed().values())
        .containsEntry(Nodes.CREDENTIALS, new ServerCredentials(DIGEST, DIGEST, names));
    assertThat(((Check.Drift) check("cp1", "virtual_ip: 10.0.0.9", names)).observed().values())
        .isEmpty();
  }

  @Test
  void theConfigurationIsKeptOnceByTheFirst() {
    assertThat(functions(check("cp2", "virtual_ip: 10.0.0.9", Set.of("10.0.0.2", "cp2"))))
        .containsExactly("renew_serving_certificate");
  }

  @Test
  void anAddressIsTheSameHoweverItIsWritten() {
    var names = Set.of("10.0.0.1", "cp1", "fd00:0:0:0:0:0:0:9");
    assertThat(check("cp1", "tls_sans: ['fd00::9']", names)).isInstanceOf(Check.InSync.class);
    assertThat(check("cp1", "tls_sans: ['fd00::8']", names)).isInstanceOf(Check.Drift.class);
  }

  @Test
  void aCertificateThatCannotBeReadIsRefusedAndNotTakenForOneWithoutNames() {
    assertThat(check("cp1", "", Set.of())).isInstanceOf(Check.Refused.class);
  }

  @Test
  void aWorkerHasNone() {
    assertThat(check("w1", "", Set.of())).isInstanceOf(Check.Skipped.class);
  }
}
