package io.provision.steps.kubeadm.absence;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Repair;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a control plane of kubeadm ends before its host does, and begins again. */
class KubeadmAbsenceTest {
  private static final KubeadmAbsence ABSENCE = new KubeadmAbsence();

  @Test
  void theApiServerEndsLastAndIsBegunAgainWhereItsHostStays() {
    var server = KubeadmCases.on("cp1", KubeadmCases.inventory(""));
    assertThat(scripts(ABSENCE.asItGoes(server))).containsExactly("pause_api_server");
    assertThat(scripts(ABSENCE.onceItStays(server))).containsExactly("resume_api_server");
    assertThat(ABSENCE.beforeItGoes(server, Duration.ofMinutes(1))).isEmpty();
    assertThat(ABSENCE.onceItIsBack(server, Duration.ofMinutes(1))).isEmpty();
  }

  @Test
  void aWorkerHasNone() {
    var worker = KubeadmCases.on("w1", KubeadmCases.inventory(""));
    assertThat(ABSENCE.asItGoes(worker)).isEmpty();
    assertThat(ABSENCE.onceItStays(worker)).isEmpty();
  }

  /** k3s is one process with its datastore, and ends at once. */
  @Test
  void aServerOfAnotherDistributionIsNoConcern() {
    var server = Cases.server(1);
    var target = Cases.on(server, Cases.inventory(server));
    assertThat(ABSENCE.asItGoes(target)).isEmpty();
    assertThat(ABSENCE.onceItStays(target)).isEmpty();
  }

  private static List<String> scripts(List<Repair> repairs) {
    return repairs.stream()
        .flatMap(it -> ((Repair.OnHost) it).scripts().stream())
        .map(it -> it.call().function().name())
        .toList();
  }
}
