package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.render.YamlDocuments;
import io.provision.resource.ManagedFile;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What kubeadm, containerd and /etc/hosts are told. */
class KubeadmFilesTest {
  private static final String MORE =
      """
      tls_sans: [api.example.org]
      kubelet: { maxPods: 80 }
      ignore_preflight: [Swap, Mem]
      """;

  private static String text(ManagedFile file) {
    return ((Content.Plain) file.content()).text();
  }

  private static KubeadmFiles files(String host, String more) {
    var target = KubeadmCases.on(host, KubeadmCases.inventory(more));
    return KubeadmCases.files(target);
  }

  private static Map<String, Object> document(String text, String kind) {
    for (var each : YamlDocuments.of("test", text)) {
      if (kind.equals(each.get("kind"))) {
        @SuppressWarnings("unchecked") // keys of YAML mappings of kubeadm are strings
        var map = (Map<String, Object>) each;
        return map;
      }
    }
    throw new AssertionError(text);
  }

  @Test
  void aControlPlaneBeginsWithTheWholeOfTheCluster() {
    var text = text(files("cp1", MORE).init());
    var cluster = document(text, "ClusterConfiguration");
    assertThat(cluster)
        .containsEntry("clusterName", "home")
        .containsEntry("kubernetesVersion", "v1.36.2")
        .containsEntry("controlPlaneEndpoint", "api.home.internal:6443")
        .containsEntry(
            "networking",
            Map.of(
                "podSubnet", "10.244.0.0/16",
                "serviceSubnet", "10.96.0.0/12",
                "dnsDomain", "cluster.local"))
        .containsEntry(
            "apiServer", Map.of("certSANs", List.of("10.0.0.1", "cp1", "api.example.org")));
    assertThat(document(text, "InitConfiguration"))
        .containsEntry("localAPIEndpoint", Map.of("advertiseAddress", "10.0.0.1", "bindPort", 6443))
        .extractingByKey("nodeRegistration")
        .isEqualTo(
            Map.of(
                "name",
                "cp1",
                "criSocket",
                "unix:///run/containerd/containerd.sock",
                "imagePullPolicy",
                "IfNotPresent",
                "taints",
                List.of(),
                "kubeletExtraArgs",
                List.of(Map.of("name", "node-ip", "value", "10.0.0.1")),
                "ignorePreflightErrors",
                List.of("Swap", "Mem")));
    assertThat(document(text, "KubeletConfiguration"))
        .containsEntry("maxPods", 80)
        .containsEntry("cgroupDriver", "systemd")
        .doesNotContainKey("failSwapOn");
    assertThat(document(text(files("cp1", "swap: allowed").init()), "KubeletConfiguration"))
        .containsEntry("failSwapOn", false);
    assertThat(document(text, "KubeProxyConfiguration"))
        .as("its default is to become another one")
        .containsEntry("mode", "iptables");
  }

  /** Directories, for a file that is replaced by a rename would stay the old one in a container. */
  @Test
  void anApiServerIsToldOfItsKeyAndItsLogAndSeesTheirDirectories() {
    var more = "encryption: { provider: aescbc }\naudit: { max_backups: 5 }";
    var text = text(files("cp1", more).init());
    var named = Pattern.compile("/etc/kubernetes/audit/policy-[0-9a-f]{12}[.]yaml").matcher(text);
    assertThat(named.find()).as("a policy is told from another by its name").isTrue();
    var policy = named.group();
    assertThat(document(text, "ClusterConfiguration"))
        .extractingByKey("apiServer")
        .isEqualTo(
            Map.of(
                "extraArgs",
                List.of(
                    option("encryption-provider-config", "/etc/kubernetes/encryption/config.yaml"),
                    option("encryption-provider-config-automatic-reload", "true"),
                    option("audit-policy-file", policy),
                    option("audit-log-path", "/var/log/kubernetes/audit/audit.log"),
                    option("audit-log-maxage", "30"),
                    option("audit-log-maxbackup", "5"),
                    option("audit-log-maxsize", "100")),
                "extraVolumes",
                List.of(
                    readOnly("provision-encryption", "/etc/kubernetes/encryption"),
                    readOnly("provision-audit-policy", "/etc/kubernetes/audit"),
                    Map.of(
                        "name",
                        "provision-audit-log",
                        "hostPath",
                        "/var/log/kubernetes/audit",
                        "mountPath",
                        "/var/log/kubernetes/audit",
                        "pathType",
                        "Directory")),
                "certSANs",
                List.of("10.0.0.1", "cp1")));
    assertThat(text(files("cp1", "").init()))
        .as("what living nodes were made with stays what it was, to the byte")
        .contains("apiServer:\n  certSANs:\n")
        .isEqualTo(text.replaceFirst("(?s)  extraArgs:.*(?=  certSANs)", ""));
  }

  private static Map<String, Object> option(String name, String value) {
    return Map.of("name", name, "value", value);
  }

  private static Map<String, Object> readOnly(String name, String path) {
    return Map.of(
        "name",
        name,
        "hostPath",
        path,
        "mountPath",
        path,
        "readOnly",
        true,
        "pathType",
        "Directory");
  }

  @Test
  void onlyAControlPlaneJoinsAsOne() {
    var server = document(text(files("cp2", "").join()), "JoinConfiguration");
    assertThat(server)
        .containsEntry(
            "controlPlane",
            Map.of("localAPIEndpoint", Map.of("advertiseAddress", "10.0.0.2", "bindPort", 6443)));
    var worker = document(text(files("w1", "").join()), "JoinConfiguration");
    assertThat(worker).doesNotContainKey("controlPlane");
    assertThat(List.of(server, worker))
        .allSatisfy(it ->
            assertThat(it)
                .containsEntry(
                    "discovery",
                    Map.of(
                        "bootstrapToken",
                        Map.of(
                            "apiServerEndpoint", "api.home.internal:6443",
                            "token", "__TOKEN__",
                            "caCertHashes", List.of("__AUTHORITY__")))));
  }
}
