package io.provision.steps.kubeadm.absence;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.resource.LocalHost;
import io.provision.step.Repair;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a control plane of kubeadm ends before its host does, and begins again. */
class KubeadmAbsenceTest {
  @TempDir Path directory;

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

  /** As the kernel shows them: what stands in {@code comm}, and the words of the command line. */
  private void shown(Process process, String name, String... words) throws IOException {
    var shown = Files.createDirectories(directory.resolve("proc/" + process.pid()));
    Files.writeString(shown.resolve("comm"), name + "\n");
    Files.writeString(shown.resolve("cmdline"), String.join("\0", words) + "\0");
  }

  private static Process running() throws IOException {
    return new ProcessBuilder("sleep", "1000").start();
  }

  /** While its peers can hear that it hands leadership on; what somebody else runs stays. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void itsEtcdEndsBehindItsApiServer(String shell) throws IOException {
    var server = running();
    var member = running();
    var foreign = running();
    try {
      shown(
          server,
          "kube-apiserver",
          "kube-apiserver",
          "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt");
      shown(
          member,
          "etcd",
          "etcd",
          "--name=cp1",
          "--cert-file=" + directory + "/etc/kubernetes/pki/etcd/server.crt");
      shown(foreign, "etcd", "etcd", "--name=own");
      var host =
          new LocalHost(directory)
              .in(shell.split(" "))
              .withoutSleep()
              .program("systemctl", "exit 0")
              .below(directory);
      var end = ABSENCE.asItGoes(KubeadmCases.on("cp1", KubeadmCases.inventory("")));
      var ran = host.attempt(((Repair.OnHost) end.getFirst()).scripts().getFirst());
      assertThat(ran.ok()).as(ran.output()).isTrue();
      assertThat(ran.output()).containsSubsequence("ending its API server", "ending its etcd");
      assertThat(server.onExit().join().exitValue()).isNotZero();
      assertThat(member.onExit().join().exitValue()).as("SIGTERM").isEqualTo(143);
      assertThat(foreign.isAlive()).isTrue();
    } finally {
      for (var process : List.of(server, member, foreign)) {
        process.destroyForcibly();
      }
    }
  }

  private static List<String> scripts(List<Repair> repairs) {
    return repairs.stream()
        .flatMap(it -> ((Repair.OnHost) it).scripts().stream())
        .map(it -> it.call().function().name())
        .toList();
  }
}
