package io.provision.steps.kubeadm.adoption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.render.RenderException;
import io.provision.render.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What kubeadm v1.36.2 and containerd keep where nobody said more, and what somebody did. */
final class DifferencesTest {
  private static final Map<String, Object> KUBELET =
      Map.of(
          "cgroupDriver",
          "systemd",
          "failCgroupV1",
          false,
          "featureGates",
          Map.of("KubeletInUserNamespace", true));

  private static final Map<String, Object> PROXY =
      Map.of("mode", "iptables", "conntrack", Map.of("maxPerCore", 0, "min", 0));

  private static final String CLUSTER =
      """
      clusterName: kubernetes
      kubernetesVersion: v1.36.4
      controlPlaneEndpoint: "api.home.internal:6443"
      networking:
        podSubnet: "10.244.0.0/16"
        serviceSubnet: "10.96.0.0/12"
        dnsDomain: cluster.local
      apiServer:
        certSANs: [10.0.0.1]
      """;

  private static String kept(String name) throws IOException {
    return Files.readString(Path.of("src/test/resources/adoption", name));
  }

  private static Map<?, ?> yaml(String text) {
    return YamlDocuments.of("test", text).getFirst();
  }

  @Test
  void whatKubeadmFillsInIsNoDifference() throws IOException {
    assertThat(KubeletDifferences.of(kept("kubelet-config.yaml"), KUBELET).isEmpty()).isTrue();
    assertThat(ProxyDifferences.of(kept("kube-proxy.yaml"), PROXY).isEmpty()).isTrue();
    assertThat(ClusterDifferences.of(kept("cluster-configuration.yaml"), yaml(CLUSTER)).isEmpty())
        .isTrue();
  }

  @Test
  void whatSomebodySaidIsLostAsAnInventoryWouldSayIt() throws IOException {
    var kubelet =
        kept("kubelet-config.yaml")
            .replace("memorySwap: {}", "memorySwap: { swapBehavior: LimitedSwap }\nmaxPods: 50")
            .replace("syncFrequency: 0s", "syncFrequency: 1m30s")
            .replace("crashLoopBackOff: {}", "evictionHard: { memory.available: 5% }")
            .replace("healthzPort: 10248", "healthzPort: 0\nfailSwapOn: false")
            .replace("failCgroupV1: false\n", "")
            .replace("rotateCertificates: true", "rotateCertificates: false");
    var found = KubeletDifferences.of(kubelet, KUBELET);
    assertThat(found.written())
        .isEqualTo(
            "evictionHard: { memory.available: 5% }, failSwapOn: false, maxPods: 50,"
                + " memorySwap: { swapBehavior: LimitedSwap }, rotateCertificates: false,"
                + " syncFrequency: 1m30s");
    assertThat(found.added()).containsExactly("failCgroupV1");
    var proxy =
        kept("kube-proxy.yaml")
            .replace("mode: \"\"", "mode: ipvs")
            .replace("strictARP: false", "strictARP: true")
            .replace("nodePortAddresses: null", "nodePortAddresses: [10.0.0.0/8]");
    assertThat(ProxyDifferences.of(proxy, PROXY).written())
        .isEqualTo("ipvs: { strictARP: true }, mode: ipvs, nodePortAddresses: [10.0.0.0/8]");
  }

  @Test
  void whatIsSaidOtherwiseIsLostToo() throws IOException {
    var other = new java.util.HashMap<String, Object>(KUBELET);
    other.put("cgroupDriver", "cgroupfs");
    other.put("maxPods", 80);
    var found = KubeletDifferences.of(kept("kubelet-config.yaml"), other);
    assertThat(found.lost()).containsOnlyKeys("cgroupDriver");
    assertThat(found.added()).containsExactly("maxPods");
  }

  @Test
  void whatKubeadmKeepsOfAClusterIsComparedByWhereItStands() throws IOException {
    var text =
        kept("cluster-configuration.yaml")
            .replace("10.244.0.0/16", "10.50.0.0/16")
            .replace(
                "apiServer: {}",
                "apiServer: { certSANs: [home.example], extraArgs: [{ name: audit-log-path, value: /x }] }")
            .replace("scheduler: {}", "scheduler: {}\nfeatureGates: { PublicKeysECDSA: false }");
    assertThat(ClusterDifferences.of(text, yaml(CLUSTER)).lost())
        .containsOnlyKeys(
            "apiServer/extraArgs/audit-log-path",
            "featureGates/PublicKeysECDSA",
            "networking/podSubnet");
    assertThat(ClusterDifferences.names(text)).containsExactly("home.example");
    assertThat(ClusterDifferences.names(kept("cluster-configuration.yaml"))).isEmpty();
    var more =
        yaml(CLUSTER.replace("apiServer:", "apiServer:\n  extraArgs: [{ name: a, value: b }]"));
    assertThat(ClusterDifferences.of(kept("cluster-configuration.yaml"), more).added())
        .containsExactly("apiServer/extraArgs/a");
  }

  @Test
  void durationsAndQuotedNumbersAreOneHoweverTheyAreWritten() {
    assertThat(KubeletDifferences.of("syncFrequency: 5m0s", Map.of("syncFrequency", "5m")))
        .isEqualTo(Differences.NONE);
    assertThat(KubeletDifferences.of("syncFrequency: 1h0m0s", Map.of("syncFrequency", "1h")))
        .isEqualTo(Differences.NONE);
    assertThat(KubeletDifferences.of("maxPods: '50'", Map.of("maxPods", 50)))
        .isEqualTo(Differences.NONE);
    assertThat(KubeletDifferences.of("syncFrequency: 50s", Map.of("syncFrequency", "5")).lost())
        .containsOnlyKeys("syncFrequency");
  }

  @Test
  void noSecretIsTold() {
    var text =
        """
        staticPodURLHeader: { Authorization: [Bearer x] }
        first: { bearerToken: abc, auth: abc, authority: mine }
        url: https://somebody:abc@example.org/x
        """;
    var found = KubeletDifferences.of(text, Map.of());
    assertThat(found.written())
        .isEqualTo(
            "first: { auth: ..., authority: mine, bearerToken: ... }, staticPodURLHeader: ..., url: ...");
  }

  @Test
  void whatIsNotYamlIsSaidToBe() {
    for (var garbage :
        List.of("", "- a", "a: [", "a: 1\n---\nb: 2\n", "plain", "x: !!java.io.File /")) {
      assertThatThrownBy(() -> KubeletDifferences.of(garbage, KUBELET))
          .as(garbage)
          .isInstanceOf(RenderException.class);
    }
  }

  @Test
  void aContainerdThatMakesTheSameOfBothGoesOn() {
    var defaults =
        """
        version = 2
        root = "/var/lib/containerd"
        [plugins]
          [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "registry.k8s.io/pause:3.6"
            max_concurrent_downloads = 3
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = ""
        """;
    var dump = "imports = [\"/etc/containerd/config.toml\"]\n" + defaults;
    Map<String, Object> ours =
        Map.of(
            "plugins",
            Map.of(
                "io.containerd.grpc.v1.cri",
                Map.of(
                    "sandbox_image",
                    "registry.k8s.io/pause:3.10",
                    "registry",
                    Map.of("config_path", "/etc/containerd/certs.d"))));
    var same =
        dump.replace("pause:3.6", "pause:3.10")
            .replace("config_path = \"\"", "config_path = '/etc/containerd/certs.d'");
    assertThat(RuntimeDifferences.of(defaults, same, ours))
        .isEqualTo(new RuntimeDifferences(Differences.NONE, List.of()));
    assertThat(RuntimeDifferences.of(defaults, dump, ours).changed())
        .containsExactly(
            "plugins/io.containerd.grpc.v1.cri/registry/config_path",
            "plugins/io.containerd.grpc.v1.cri/sandbox_image");
    var lost = same.replace("downloads = 3", "downloads = 9") + "[metrics]\naddress = \":1338\"\n";
    assertThat(RuntimeDifferences.of(defaults, lost, ours).lost().written())
        .isEqualTo(
            "metrics: { address: ':1338' }, plugins: { io.containerd.grpc.v1.cri: { max_concurrent_downloads: 9 } }");
    for (var garbage : List.of("= 1", "[a", "a = ")) {
      assertThatThrownBy(() -> RuntimeDifferences.of(defaults, garbage, ours))
          .as(garbage)
          .isInstanceOf(RenderException.class);
    }
  }
}
