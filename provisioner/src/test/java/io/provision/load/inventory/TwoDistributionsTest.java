package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.model.Cluster;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two lines of an inventory make a cluster of k3s one of kubeadm, and nothing else of it another.
 */
class TwoDistributionsTest {
  /** What a larger site needs besides, whichever it is. */
  private static final String BESIDES =
      """
        kubelet: { maxPods: 80 }
        kube_proxy: { nodePortAddresses: [primary] }
        encryption: { provider: secretbox }
        audit: { max_age: 3 }
        load_balancer: { metallb: { addresses: [192.168.56.240-192.168.56.249] } }
        kubeconfig_users: [alice]
      """;

  private final InventoryLoader loader =
      new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/me")), Catalog.areas());

  @ParameterizedTest
  @ValueSource(strings = {"", BESIDES})
  void theSameInventoryServesBoth(String besides) throws IOException {
    var k3s =
        Files.readString(Path.of("../inventories/home.yml"))
            .replace("\nssh:\n", "\n" + besides.indent(0) + "\nssh:\n");
    var kubeadm =
        k3s.replaceFirst("(?m)^  distribution: k3s\\b.*$", "  distribution: kubeadm")
            .replaceFirst("(?m)^  version: .*$", "  version: v1.36.2");
    assertThat(kubeadm.lines().filter(it -> !k3s.lines().toList().contains(it)))
        .containsExactly("  distribution: kubeadm", "  version: v1.36.2");

    var one = load(k3s);
    var other = load(kubeadm);
    assertThat(other.warnings().toString()).isEqualTo(one.warnings().toString());
    assertThat(other.inventory().hosts())
        .usingRecursiveComparison()
        .isEqualTo(one.inventory().hosts());
    var was = one.inventory().cluster().orElseThrow();
    var is = other.inventory().cluster().orElseThrow();
    assertThat(is.distribution().name()).isEqualTo("kubeadm");
    assertThat(
            new Cluster(
                is.name(),
                was.distribution(),
                was.version(),
                is.endpoint(),
                is.virtualIp(),
                is.network(),
                is.sections(),
                is.kubeconfig(),
                is.tlsSans(),
                is.position()))
        .usingRecursiveComparison()
        .isEqualTo(was);
    assertThat(is.kubeconfig()).isNotEqualTo(Optional.empty());
  }

  private InventoryLoader.Loaded load(String yaml) {
    return loader.load(Path.of("/inventories/home.yml"), yaml.getBytes(StandardCharsets.UTF_8));
  }
}
