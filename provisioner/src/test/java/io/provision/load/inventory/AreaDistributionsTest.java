package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Kubernetes;
import io.provision.model.Kubernetes.VersionForm;
import io.provision.section.Areas;
import io.provision.steps.k3s.K3sArea;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A distribution that the inventory's own code has never heard of is a record in the list. */
class AreaDistributionsTest {
  private static final Cluster.Distribution TINY =
      new Cluster.Distribution(
          "tiny",
          Optional.of(
              new Kubernetes(
                  Cidr.parse("10.1.0.0/16"),
                  Cidr.parse("10.2.0.0/16"),
                  new VersionForm("-tiny", "write it like %s.", "v1.36.4-tiny"),
                  Set.of())));

  private static final Areas AREAS = new Areas(K3sArea.AREA.sections(), List.of(TINY));

  private static Cluster load(String distribution, String version) {
    var text =
        """
        cluster:
          name: x
          distribution: %s
          version: %s
        hosts:
          a: { address: a, roles: control-plane }
        """
            .formatted(distribution, version);
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/someone")), AREAS)
        .load(Path.of("/x/inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory()
        .cluster()
        .orElseThrow();
  }

  @Test
  void whatTheInventoryDoesNotSayIsAsTheDistributionHasIt() {
    var cluster = load("tiny", "v1.36.4-tiny");
    assertThat(cluster.distribution()).isEqualTo(TINY);
    assertThat(cluster.network().podCidr()).isEqualTo(Cidr.parse("10.1.0.0/16"));
    assertThat(cluster.network().serviceCidr()).isEqualTo(Cidr.parse("10.2.0.0/16"));
  }

  @Test
  void aVersionIsHeldToTheFormThatTheDistributionHas() {
    assertThatThrownBy(() -> load("tiny", "v1.36.4+k3s1"))
        .isInstanceOf(InputRefused.class)
        .hasMessageContaining("v1.36.4-tiny");
  }

  @Test
  void oneThatIsNotInTheListIsRefusedByAllThatAre() {
    assertThatThrownBy(() -> load("k3s", "v1.36.4-tiny"))
        .isInstanceOf(InputRefused.class)
        .hasMessageContaining("tiny, none");
  }

  @Test
  void itsOwnOptionsAreNotThoseOfAnother() {
    assertThatThrownBy(() -> load("tiny", "v1.36.4-tiny\n  k3s: { debug: true }"))
        .isInstanceOf(InputRefused.class)
        .hasMessageContaining("'k3s'")
        .hasMessageContaining("tiny");
  }

  @Test
  void schemaAndHelpHaveItsWord() {
    var help = new InventoryKeys(AREAS).find("cluster.distribution").orElseThrow();
    assertThat(help.type()).isEqualTo("tiny|none");
    assertThat(InventorySchema.document(AREAS).toString()).contains("enum=[tiny, none");
  }
}
