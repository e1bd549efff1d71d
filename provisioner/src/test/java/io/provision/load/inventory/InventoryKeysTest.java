package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.Documents.InventoryDocument;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What explain says of the keys of an inventory. */
class InventoryKeysTest {
  static Iterable<InventoryKeys.Help> keys() {
    return new InventoryKeys(Catalog.areas()).all();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyHasAMeaningATypeAndAnExampleThatTheLoaderTakes(InventoryKeys.Help key) {
    assertThat(key.meaning()).isNotBlank();
    assertThat(key.type()).isNotBlank().doesNotContainPattern("[<>]|(?i)optional|string|object");
    var problems = new Problems();
    var binder =
        InventoryLoader.binder(
            new Binder(new Surroundings(Map.of(), Path.of("/home/someone")), Path.of("/nowhere")),
            Catalog.areas());
    YamlReader.read("i.yml", key.example().getBytes(StandardCharsets.UTF_8), problems)
        .ifPresent(root -> binder.bind(InventoryDocument.class, root, problems));
    assertThat(problems.errors())
        .filteredOn(it -> !it.reason().endsWith("' is missing."))
        .as(key.example())
        .isEmpty();
  }

  @Test
  void aKeyIsFoundByItsPathAlsoWithANameOfOnesOwn() {
    assertThat(new InventoryKeys(Catalog.areas()).find("cluster.network.cni").orElseThrow())
        .satisfies(it -> assertThat(it.type()).startsWith("flannel"))
        .satisfies(it -> assertThat(it.usual()).isEqualTo("flannel"));
    assertThat(new InventoryKeys(Catalog.areas()).find("hosts.cp1.ssh.port")).isPresent();
    assertThat(new InventoryKeys(Catalog.areas()).find("hosts.cp1").orElseThrow().below())
        .contains("address", "roles");
    assertThat(new InventoryKeys(Catalog.areas()).find("cluster.netwrk")).isEmpty();
  }
}
