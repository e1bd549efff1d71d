package io.provision.steps.os.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.settings.KubeletSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SwapSectionTest {
  private static final String K3S = "k3s, version: v1.36.4+k3s1";
  private static final String KUBEADM = "kubeadm, version: v1.36.2";

  @Test
  void aKubernetesHasSwapOffAndOtherHostsKeepItUnlessTheInventorySaysSo() {
    for (var kubernetes : new String[] {K3S, KUBEADM}) {
      assertThat(isLeft(kubernetes)).isFalse();
      assertThat(isLeft(kubernetes + ", swap: disabled")).isFalse();
      assertThat(isLeft(kubernetes + ", swap: allowed")).isTrue();
    }
    assertThat(isLeft("none")).isTrue();
    assertThat(isLeft("none, swap: allowed")).isTrue();
    assertThat(isLeft("none, swap: disabled")).isFalse();
  }

  /** Nothing of it is looked at: the answers say nothing of swap. */
  @Test
  void whatIsAllowedIsNotTouchedAndSaidToBeLeft() {
    var inventory = inventory(K3S + ", swap: allowed");
    var target = new Target.OnHost(inventory.hosts().getFirst(), inventory);
    assertThat(new SwapOff().check(target, new Observations.Builder().build(), Known.NOTHING))
        .isInstanceOfSatisfying(
            Check.Skipped.class, it -> assertThat(it.reason()).contains("swap: allowed"));
  }

  @Test
  void aKubeletRunsWithSwapAndItsPodsWithoutUnlessTheInventorySaysSo() {
    assertThat(kubelet(K3S + ", swap: allowed"))
        .isEqualTo(Map.of("failSwapOn", false, "memorySwap", Map.of("swapBehavior", "NoSwap")));
    assertThat(
            kubelet(
                KUBEADM
                    + ", swap: allowed, kubelet: { memorySwap: { swapBehavior: LimitedSwap }, maxPods: 50 }"))
        .isEqualTo(
            Map.of(
                "failSwapOn",
                false,
                "maxPods",
                50L,
                "memorySwap",
                Map.of("swapBehavior", "LimitedSwap")));
    assertThat(kubelet(K3S + ", swap: disabled")).isEmpty();
    assertThat(kubelet(KUBEADM)).isEmpty();
  }

  private static boolean isLeft(String distribution) {
    return SwapSection.isLeft(inventory(distribution).cluster().orElseThrow());
  }

  private static Map<String, Object> kubelet(String distribution) {
    var inventory = inventory(distribution);
    var cluster = inventory.cluster().orElseThrow();
    var all = KubeletSettings.ofCluster(cluster);
    assertThat(KubeletSettings.of(inventory.hosts().getFirst(), cluster)).isEqualTo(all);
    return all;
  }

  private static Inventory inventory(String distribution) {
    var text =
        """
        cluster: { name: home, distribution: %s }
        hosts:
          n1: { address: 10.0.0.1%s }
        """
            .formatted(
                distribution, distribution.startsWith("none") ? "" : ", roles: [control-plane]");
    return new InventoryLoader(
            new Surroundings(Map.of(), Path.of("/home/someone")), Catalog.areas())
        .load(Path.of("test.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }
}
