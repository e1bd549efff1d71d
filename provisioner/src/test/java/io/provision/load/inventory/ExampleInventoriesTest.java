package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.steps.Catalog;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.os.swap.SwapSection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class ExampleInventoriesTest {
  public static final Path INVENTORIES = Path.of("../inventories");
  private final InventoryLoader loader =
      new InventoryLoader(
          new Surroundings(Map.of("SUDO_PASSWORD", "x"), Path.of("/home/someone")),
          Catalog.areas());

  @ParameterizedTest
  @ValueSource(strings = {"home.yml", "ha.yml", "hosts-only.yml"})
  void everyExampleLoadsWithoutProblems(String name) {
    assertThat(loader.load(INVENTORIES.resolve(name)).inventory().hosts()).isNotEmpty();
  }

  @Test
  void theHomeInventoryMeansWhatItSays() {
    var inventory = loader.load(INVENTORIES.resolve("home.yml")).inventory();
    var cluster = inventory.cluster().orElseThrow();
    assertThat(cluster.distribution()).isEqualTo(K3sDistribution.DECLARED);
    assertThat(cluster.version().orElseThrow()).hasToString("v1.36.4+k3s1");
    assertThat(cluster.network().nodeCidr().orElseThrow()).hasToString("192.168.56.0/24");
    assertThat(SwapSection.isLeft(cluster)).isFalse();
    assertThat(cluster.kubeconfig().orElseThrow().mergeInto())
        .isEqualTo(Path.of("/home/someone/.kube/config"));
    assertThat(inventory.with(Role.STORAGE)).hasSize(3);
    var last = inventory.find(new HostName("w2")).orElseThrow();
    assertThat(last.ssh().port()).isEqualTo(Optional.of(2222));
    assertThat(last.ssh().jump()).isEqualTo(Optional.of("bastion.example.org"));
    assertThat(last.ssh().user()).isEqualTo(Optional.of("vagrant"));
    assertThat(last.ssh().become().password().orElseThrow().reveal()).asString().isEqualTo("x");
    assertThat(last.position().line()).isEqualTo(28);
  }

  @Test
  void rolesAndGroupsAreSelectedInTheOrderOfTheFile() {
    var inventory = loader.load(INVENTORIES.resolve("ha.yml")).inventory();
    assertThat(inventory.select("worker").orElseThrow())
        .extracting("name.value")
        .isEqualTo(List.of("w1", "w2"));
    assertThat(inventory.select("rack-b").orElseThrow())
        .extracting("name.value")
        .isEqualTo(List.of("cp2", "cp3", "w2"));
    assertThat(inventory.select("nowhere")).isEmpty();
  }

  @Test
  void hostsOfNoClusterHaveNoRole() {
    var inventory = loader.load(INVENTORIES.resolve("hosts-only.yml")).inventory();
    assertThat(inventory.cluster()).isEmpty();
    assertThat(inventory.hosts()).allSatisfy(host -> assertThat(host.roles()).isEmpty());
    assertThat(inventory.hosts().getFirst().vars())
        .isEqualTo(Map.of("site", "shop", "workers", 4L));
  }
}
