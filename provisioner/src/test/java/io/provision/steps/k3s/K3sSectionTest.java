package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.settings.Overrides;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can be written at {@code k3s}, of the cluster and of a host, and what is said of the rest.
 */
class K3sSectionTest {
  private static InventoryLoader.Loaded load(String text) {
    return new InventoryLoader(
            new Surroundings(Map.of(), Path.of("/home/someone")), Catalog.areas())
        .load(Path.of("i.yml"), text.getBytes(StandardCharsets.UTF_8));
  }

  /** The first line is {@code cluster}'s, the third that of w1, which is an agent. */
  private static String inventory(String version, String ofCluster, String ofAgent) {
    return """
    cluster: { name: x, distribution: k3s, version: %s, %s }
    hosts:
      cp1: { address: 10.0.0.1, roles: control-plane }
      w1: { address: 10.0.0.2, %s }
    """
        .formatted(version, ofCluster, ofAgent);
  }

  private static String inventory(String ofCluster, String ofAgent) {
    return inventory("v1.36.4+k3s1", ofCluster, ofAgent);
  }

  private static List<String> refusal(String text) {
    return said(catchThrowableOfType(InputRefused.class, () -> load(text)).problems());
  }

  private static List<String> said(List<InputProblem> problems) {
    return problems.stream().map(it -> "%d: %s".formatted(it.at().line(), it.reason())).toList();
  }

  @Test
  void stepsFindBothInTheirOrder() {
    var loaded =
        load(
            inventory(
                "k3s: { disable: [traefik], debug: true }",
                "k3s: { 'node-label+': [b=c], pause-image: x }"));
    var inventory = loaded.inventory();
    assertThat(Overrides.ofCluster(K3sOptions.class, inventory.cluster().orElseThrow()))
        .hasToString("{disable=[traefik], debug=true}");
    assertThat(inventory.hosts())
        .extracting(host -> Overrides.ofHost(K3sOptions.class, host).toString())
        .containsExactly("{}", "{node-label+=[b=c], pause-image=x}");
    assertThat(loaded.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "token-file",
        "agent-token",
        "agent-token-file",
        "cluster-secret",
        "server",
        "node-name",
        "data-dir",
        "write-kubeconfig",
        "token+"
      })
  void whatEverythingElseIsBuiltOnCannotBeSet(String option) {
    var written = "k3s: { '%s': x }".formatted(option);
    assertThat(refusal(inventory(written, "k3s: {}")))
        .singleElement()
        .asString()
        .startsWith("1: 'k3s.%s' cannot be set here: ".formatted(option))
        .endsWith(". take it out.");
    assertThat(refusal("hosts: { a: { address: a, %s } }".formatted(written)))
        .anySatisfy(it -> assertThat(it).startsWith("1: 'k3s.%s' cannot be set".formatted(option)));
  }

  @Test
  void aNameThatOnlyBeginsLikeOneOfThoseCanBeSet() {
    var known = "k3s: { write-kubeconfig-mode: '0600' }";
    assertThat(load(inventory(known, "labels: {}")).warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k3s: { datastore-endpoint: x }",
        "k3s: { debug: '${env:X}' }",
        "k3s: { 'disable+': [a, '${file:/x}'] }",
        "k3s: { debug: { password: x } }"
      })
  void whatPlansShowHoldsNoSecret(String written) {
    var option = written.replaceFirst("k3s: \\{ '?([a-z+-]*).*", "$1");
    assertThat(refusal(inventory(written, "labels: {}")))
        .singleElement()
        .asString()
        .startsWith("1: 'k3s.%s' is a secret, and plans show this file.".formatted(option));
  }

  @Test
  void anOptionThatThisK3sDoesNotHaveIsAnErrorWhereTheListIsWhole() {
    var unknown = "k3s has no option 'disabel', and would skip it. did you mean 'disable'?";
    var written = "k3s: { 'disabel+': [traefik] }";
    assertThat(refusal(inventory(written, written)))
        .containsExactly("1: " + unknown, "4: " + unknown);
    assertThat(refusal(inventory("v1.35.1+k3s1", written, "labels: {}")))
        .containsExactly("1: " + unknown);
    for (var version : List.of("v1.34.9+k3s1", "v1.37.0+k3s1")) {
      var warnings = said(load(inventory(version, written, "labels: {}")).warnings());
      assertThat(warnings).as(version).contains("1: " + unknown);
    }
  }

  @Test
  void anOptionOfServersIsNoneOfAnAgent() {
    var written = "k3s: { 'tls-san+': [x] }";
    assertThat(refusal(inventory("tls_sans: []", written)))
        .containsExactly(
            "4: 'tls-san' is an option of servers, and this host is an agent. take it out.");
    assertThat(load(inventory(written, "roles: worker")).warnings()).isEmpty();
    var both = inventory("tls_sans: []", "roles: [control-plane, worker], " + written);
    var third = "  cp3: { address: 10.0.0.3, roles: control-plane }\n";
    assertThat(load(both + third).inventory().hosts()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "k3s: { kube-proxy-arg: [v=5] }, kube_proxy: {} | roles: worker | 1",
        "kube_proxy: {}     | k3s: { kube-proxy-arg: [v=5] }                   | 4",
        "tls_sans: []       | k3s: { kube-proxy-arg: [v=5] }, kube_proxy: {}   | 4",
        "tls_sans: []       | k3s: { kube-proxy-arg: [v=5] }, kube_proxy: [x]  | 4"
      })
  void flagsOfKubeProxyAndItsFileAreToldApart(String ofCluster, String ofAgent, int line) {
    assertThat(refusal(inventory(ofCluster, ofAgent)))
        .anySatisfy(it -> assertThat(it).startsWith(line + ": with 'kube_proxy' kube-proxy reads"));
  }

  @Test
  void flagsOfKubeProxyAreRightOnOneHostWhereAnotherHasAFile() {
    var text =
        inventory("k3s: { kube-proxy-arg: [v=5] }", "kube_proxy: { mode: nftables }")
            + "  w2: { address: 10.0.0.3, k3s: { kube-proxy-arg: [v=6] } }\n";
    assertThat(load(text).warnings()).isEmpty();
  }

  @Test
  void whatFlannelIsToldIsNotForCalico() {
    var options = "k3s: { flannel-backend: host-gw, disable-network-policy: false }";
    assertThat(refusal(inventory("network: { cni: calico }, " + options, "roles: worker")))
        .containsExactly(
            "1: 'flannel-backend' is flannel's, and the network of pods is calico. take it out.",
            "1: 'disable-network-policy' is true with cni: calico, which has policies of its own."
                + " take it out.");
    assertThat(load(inventory(options, "roles: worker")).warnings()).isEmpty();
    var ofServer =
        inventory("network: { cni: calico }", "roles: worker")
            .replace("control-plane }", "control-plane, " + options + " }");
    assertThat(refusal(ofServer))
        .containsExactly(
            "3: 'flannel-backend' is flannel's, and the network of pods is calico. take it out.",
            "3: 'disable-network-policy' is true with cni: calico, which has policies of its own."
                + " take it out.");
  }

  @Test
  void whereNoK3sIsNothingCarriesItOut() {
    assertThat(refusal(inventory("v1.36.4+k3s1", "k3s: {}", "roles: storage, k3s: {}")))
        .contains("4: 'k3s' means nothing on a host that is not a node of a cluster. take it out.");
    var other = "'k3s' is for distribution k3s, and this is %s. take it out.";
    assertThat(refusal("hosts: { a: { address: a, k3s: {} } }"))
        .containsExactly("1: " + other.formatted("none"));
    var kubeadm =
        inventory("k3s: {}", "k3s: { debug: true }")
            .replace("distribution: k3s", "distribution: kubeadm")
            .replace("+k3s1", "");
    assertThat(refusal(kubeadm))
        .containsExactly("1: " + other.formatted("kubeadm"), "4: " + other.formatted("kubeadm"));
    assertThat(refusal(kubeadm.replace("distribution: kubeadm", "distribution: k4s")))
        .singleElement()
        .asString()
        .contains("'k4s'");
  }
}
