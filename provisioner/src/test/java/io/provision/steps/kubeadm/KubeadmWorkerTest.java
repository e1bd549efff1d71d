package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import io.provision.steps.kubernetes.registration.Registration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker is one of this cluster, and of no other. */
class KubeadmWorkerTest {
  private final Inventory inventory = KubeadmCases.inventory("");

  private Check check(String authority) {
    return check(authority, KubeadmCases.CERTIFICATE);
  }

  private Check check(String authority, String certificate) {
    var target = KubeadmCases.on("w1", inventory);
    var registration = Registration.of(target.host(), new KubeadmDistribution());
    var basics = KubeadmCases.JOINED + "key=" + certificate + "\n";
    var seen =
        new Observations.Builder()
            .put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, basics))
            .put(registration, Registration.PRESENT)
            .build();
    var of =
        new Authority(
            new Sha256(authority.repeat(64)), Optional.of(new AuthorityKey("sha256:ours")));
    var known =
        new Cases.Settled().has(KubeadmCases.host("cp1", inventory), Kubeadm.OF_CLUSTER, of);
    return new KubeadmWorker().check(target, seen, known);
  }

  @Test
  void oneOfAnotherClusterIsRefusedByTheKeysOfBothAuthorities() {
    assertThat(check("a")).isInstanceOf(Check.InSync.class);
    assertThat(check("b"))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what())
                  .startsWith("it is a node of another cluster")
                  .contains("its authority is " + KubeadmCases.KEY)
                  .contains("that of 'home' is sha256:ours");
              assertThat(it.remedy()).contains("kubeadm reset");
            });
  }

  /** kubeadm writes it once; a machine that lost its power then has an empty one. */
  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA"})
  void oneWithoutACertificateOfItsAuthorityIsNotOneOfAnotherCluster(String certificate) {
    assertThat(check("b", certificate))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what())
                  .startsWith("/etc/kubernetes/pki/ca.crt on it holds no certificate");
              assertThat(it.remedy()).contains("copy the file from a control plane");
            });
  }
}
