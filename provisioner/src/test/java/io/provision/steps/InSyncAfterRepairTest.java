package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of every step of the catalog that changes anything, a test repairs a difference by the step's own
 * repair and then asks its own look, which has to say that nothing is left to do.
 */
final class InSyncAfterRepairTest {
  @TempDir Path directory;

  private static final String OF_HOSTS = "tests/src/test/java/io/provision/lab/";
  private static final String OF_UNITS = "provisioner/src/test/java/io/provision/steps/";

  /** Steps that are taken through by another test, on real hosts or on their own; its file. */
  private static final Map<String, List<String>> ELSEWHERE =
      Map.ofEntries(
          Map.entry(OF_HOSTS + "RealClockTest.java", List.of("clock-sync")),
          Map.entry(OF_HOSTS + "FirewallTest.java", List.of("firewall")),
          Map.entry(OF_HOSTS + "MainJobTest.java", List.of("hosts-file")),
          Map.entry(OF_HOSTS + "RebootTest.java", List.of("reboot-if-required")),
          Map.entry(OF_HOSTS + "PlainRotationTest.java", List.of("host-in-use", "host-reboot")),
          Map.entry(OF_HOSTS + "RealRotationTest.java", List.of("node-reboot")),
          Map.entry(OF_HOSTS + "RealKernelTest.java", List.of("swap-off", "gluster-disk")),
          Map.entry(
              OF_HOSTS + "GlusterRemovalTest.java",
              List.of("gluster-departures", "gluster-names", "gluster-unmount")),
          Map.entry(OF_HOSTS + "LoadBalancerTest.java", List.of("add-ons-left", "add-ons-pinned")),
          Map.entry(
              OF_UNITS + "kubernetes/images/NodeImagesTest.java",
              List.of("image-artifacts", "node-images")),
          Map.entry(
              OF_HOSTS + "NodeRemovalTest.java",
              List.of("node-departures", "node-leaves", "node-wiped")),
          Map.entry(OF_HOSTS + "KubeadmSettingsStandInTest.java", List.of("kubeadm-settings")),
          Map.entry(
              OF_HOSTS + "RealKubeadmEncryptionTest.java",
              List.of("encryption-used", "secrets-rewritten")),
          Map.entry(
              OF_HOSTS + "KubeadmStandInTest.java",
              List.of(
                  "container-runtime",
                  "kubeadm-artifacts",
                  "kubeadm-audit",
                  "kubeadm-certificate",
                  "kubeadm-config",
                  "kubeadm-control-plane",
                  "encryption",
                  "kubeadm-endpoint",
                  "kubeadm-programs",
                  "kubeadm-registries",
                  "kubeadm-upgrade",
                  "kubeadm-worker",
                  "kubelet",
                  "node-certificates",
                  "runtime-packages")),
          Map.entry(OF_UNITS + "os/apt/DeadRepositoriesTest.java", List.of("dead-repositories")),
          Map.entry(
              OF_UNITS + "kubernetes/access/UserKubeconfigsTest.java",
              List.of("user-kubeconfigs")));

  @Test
  void everyStepHasAnEntry() throws IOException {
    var here = new TreeSet<String>();
    RoundTripTest.trips().forEach(trip -> here.add(trip.step()));
    List.of(GlusterFleetTest.STEPS, K3sFleetTest.STEPS, ClusterFleetTest.STEPS)
        .forEach(here::addAll);
    var elsewhere = new TreeSet<String>();
    ELSEWHERE.values().forEach(elsewhere::addAll);
    var reading = reading();
    assertThat(here).as("what only reads has no way back").doesNotContainAnyElementsOf(reading);
    assertThat(elsewhere).doesNotContainAnyElementsOf(here).doesNotContainAnyElementsOf(reading);
    var all = new TreeSet<>(here);
    all.addAll(elsewhere);
    all.addAll(reading);
    assertThat(all).isEqualTo(new TreeSet<>(Catalog.types().keySet()));
  }

  @Test
  void theTestsThatAreNamedAreThere() {
    assertThat(ELSEWHERE.keySet()).allSatisfy(file -> assertThat(Path.of("..", file)).exists());
  }

  /** Those that say that they never change anything. */
  private Set<String> reading() throws IOException {
    var reading = new TreeSet<String>();
    for (var entry : ContractSteps.ALL.values()) {
      var step = (Step<?>) ContractSteps.bound(entry, directory);
      if (step.mayDo().isEmpty() && step.mayRemove().isEmpty()) {
        reading.add(entry.name());
      }
    }
    return reading;
  }
}
