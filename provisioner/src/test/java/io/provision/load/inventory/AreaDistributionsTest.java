package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Kubernetes;
import io.provision.model.Kubernetes.VersionForm;
import io.provision.model.Sections;
import io.provision.model.Version;
import io.provision.section.Areas;
import io.provision.steps.k3s.K3sArea;
import io.provision.steps.kubernetes.settings.DeclaredPrograms;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.KubeletSection;
import io.provision.steps.kubernetes.settings.SettingsArea;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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

  /** Another, which has its programs take settings in ways of its own. */
  private static final Cluster.Distribution SMALL =
      new Cluster.Distribution(
          "small",
          Optional.of(
              new Kubernetes(
                  Cidr.parse("10.1.0.0/16"),
                  Cidr.parse("10.2.0.0/16"),
                  new VersionForm("-small", "write it like %s.", "v1.36.4-small"),
                  Set.of(),
                  Sections.of(
                      new DeclaredPrograms(
                          Map.of(
                              "kubelet",
                              new DeclaredPrograms.Since(Version.parse("v1.35.0"), "a flag")),
                          Map.of("kube_proxy", Map.of("mode", "it has one alone. take it out.")),
                          true)))));

  private static final Areas AREAS =
      new Areas(
          Stream.of(K3sArea.AREA, SettingsArea.AREA).flatMap(it -> it.sections().stream()).toList(),
          List.of(TINY, SMALL));

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
        .hasMessageContaining("tiny, small, none");
  }

  @Test
  void itsOwnOptionsAreNotThoseOfAnother() {
    assertThatThrownBy(() -> load("tiny", "v1.36.4-tiny\n  k3s: { debug: true }"))
        .isInstanceOf(InputRefused.class)
        .hasMessageContaining("'k3s'")
        .hasMessageContaining("tiny");
  }

  private static List<String> said(String distribution, String version, String settings) {
    return catchThrowableOfType(
            InputRefused.class, () -> load(distribution, version + "\n  " + settings))
        .problems()
        .stream()
        .map(InputProblem::reason)
        .toList();
  }

  @Test
  void settingsOfProgramsAreItsAsWell() {
    var sections =
        load("tiny", "v1.36.4-tiny\n  kubelet: { maxPods: 50 }\n  kube_proxy: { mode: ipvs }")
            .sections();
    assertThat(sections.find(KubeletSection.class).orElseThrow().values())
        .hasToString("{maxPods=50}");
    assertThat(sections.find(KubeProxySection.class).orElseThrow().values())
        .hasToString("{mode=ipvs}");
    assertThat(said("tiny", "v1.36.4-tiny", "kubelet: { maxPodz: 5, kind: x, address: 1 }"))
        .containsExactlyInAnyOrder(
            "the kubelet of v1.36 has no field 'maxPodz'. did you mean 'maxPods'?",
            "'kubelet.kind' is not to be set: provision writes it. take it out.",
            "'address' of the kubelet is a text. put it in quotes: \"1\".");
    assertThat(said("tiny", "v1.20.1-tiny", "kube_proxy: { mode: [x] }"))
        .containsExactly("'mode' of kube-proxy is a text.");
  }

  @Test
  void inWhichWayItTakesThemItDeclares() {
    assertThat(said("small", "v1.34.9-small", "kubelet: { maxPods: 50 }"))
        .containsExactly(
            "settings of the kubelet need small v1.35.0 or later, and this is v1.34.9-small."
                + " take a later version, or a flag.");
    assertThat(load("small", "v1.35.0-small\n  kubelet: { maxPods: 50 }").sections().all())
        .hasSize(1);
    assertThat(said("small", "v1.35.0-small", "kube_proxy: { mode: ipvs }"))
        .containsExactly("'kube_proxy.mode' is not to be set: it has one alone. take it out.");
    assertThat(said("small", "v1.35.0-small", "containerd: { debugg: { level: debug } }"))
        .containsExactly("containerd of v1.35 has no field 'debugg'. did you mean 'debug'?");
  }

  @Test
  void whereThereIsNoKubernetesNothingCarriesThemOutAndTheKeyIsNamed() {
    assertThatThrownBy(() -> load("none", "\n  kubelet:\n    maxPods: 50"))
        .isInstanceOf(InputRefused.class)
        .hasMessageContaining(":5:")
        .hasMessageContaining("'kubelet' means nothing with distribution none. take it out.");
  }

  @Test
  void schemaAndHelpHaveItsWord() {
    var help = new InventoryKeys(AREAS).find("cluster.distribution").orElseThrow();
    assertThat(help.type()).isEqualTo("tiny|small|none");
    assertThat(InventorySchema.document(AREAS).toString()).contains("enum=[tiny, small, none");
  }
}
