package io.provision.steps.k3s;

import static io.provision.steps.kubernetes.Cases.on;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster.Cni;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Sha256;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class K3sSettingsTest {
  private static final String FOLDER = "/var/lib/rancher/k3s/agent/etc/";
  private static final Map<String, Object> OOM =
      Map.of("plugins", Map.of("io.containerd.cri.v1.runtime", Map.of("enable_cdi", true)));

  @Test
  void settingsOfTheKubeletAreAFileWithTheirNestedMapsAndLists() {
    var kubelet =
        Map.<String, Object>of(
            "failCgroupV1",
            false,
            "evictionHard",
            Map.of("memory.available", "200Mi"),
            "clusterDNS",
            List.of("10.43.0.10"));

    assertThat(files(Map.of("kubelet", kubelet), "v1.36.4+k3s1"))
        .containsExactly(
            Map.entry(
                FOLDER + "kubelet.conf.d/50-provision.conf",
                """
                # Written by provision from the inventory; changes made here are undone.
                # k3s has the kubelet merge it over 00-k3s-defaults.conf: maps are merged, lists are replaced.
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                clusterDNS:
                  - 10.43.0.10
                evictionHard:
                  memory.available: 200Mi
                failCgroupV1: false
                """));
  }

  @Test
  void kubeProxyReadsAFileThatSaysWhatK3sSaysByFlagsAsWell() {
    var settings =
        Map.of(
            "kube_proxy", Map.<String, Object>of("conntrack", Map.of("min", 0L), "mode", "ipvs"));

    assertThat(files(settings, "v1.36.4+k3s1"))
        .containsExactly(
            Map.entry(
                "/etc/rancher/k3s/kube-proxy.yaml",
                """
                # Written by provision from the inventory; changes made here are undone.
                # kube-proxy reads no flags beside it: what k3s says by flags stands here as well.
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clientConnection:
                  kubeconfig: /var/lib/rancher/k3s/agent/kubeproxy.kubeconfig
                clusterCIDR: 10.42.0.0/16
                conntrack:
                  maxPerCore: 0
                  min: 0
                  tcpCloseWaitTimeout: 0s
                  tcpEstablishedTimeout: 0s
                healthzBindAddress: 127.0.0.1:10256
                mode: ipvs
                """));
  }

  @Test
  void theConfigurationOfK3sNamesTheFileOfKubeProxyAndNoFlagsOfTheKubelet() {
    var cluster =
        Cases.cluster(
            "v1.36.4+k3s1",
            Cni.FLANNEL,
            Map.of(),
            Map.of("kube_proxy", Map.of("mode", "ipvs"), "kubelet", Map.of("maxPods", 50L)));
    var server = Cases.server(1);
    var target = on(server, Cases.inventory(cluster, server));
    var facts =
        new ConfigFile.Facts(
            io.provision.model.NodeAddress.parse("10.0.0.1"),
            java.util.Optional.empty(),
            new ConfigFile.Join.Begin());

    assertThat(((Content.Plain) ConfigFile.content(target, facts)).text())
        .contains("kube-proxy-arg:\n  - config=/etc/rancher/k3s/kube-proxy.yaml\n")
        .doesNotContain("kubelet-arg");
  }

  @ParameterizedTest
  @CsvSource({
    "v1.36.0+k3s1, true", "v1.37.0+k3s1, true", "v1.35.3+k3s1, true", "v1.35.2+k3s1, false",
    "v1.34.6+k3s1, true", "v1.34.5+k3s1, false", "v1.33.10+k3s1, true", "v1.33.9+k3s1, false",
  })
  void containerdReadsADropInAndATemplateThatImportsItWhereK3sDoesNot(
      String version, boolean imports) {
    var dropIn = FOLDER + "containerd/config-v3.toml.d/50-provision.toml";
    var files = files(Map.of("containerd", OOM), version);

    assertThat(files.get(dropIn))
        .endsWith("version = 3\n[plugins.\"io.containerd.cri.v1.runtime\"]\nenable_cdi = true\n");
    if (imports) {
      assertThat(files).containsOnlyKeys(dropIn);
    } else {
      assertThat(files)
          .hasSize(2)
          .containsEntry(
              FOLDER + "containerd/config-v3.toml.tmpl",
              """
              # Written by provision: this version of k3s imports no drop-ins by itself.
              imports = ["/var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.d/*.toml"]
              {{ template "base" . }}
              """);
    }
  }

  @Test
  void aHostsSettingsAreMergedOverTheClustersMapByMap() {
    var host =
        withSettings(
            Map.of(
                "kubelet",
                Map.of("maxPods", 50L, "evictionHard", Map.of("nodefs.available", "3%"))));
    var cluster =
        Cases.cluster(
            "v1.36.4+k3s1",
            Cni.FLANNEL,
            Map.of(),
            Map.of(
                "kubelet",
                Map.of("maxPods", 80L, "evictionHard", Map.of("memory.available", "200Mi"))));

    assertThat(texts(new ProgramSettings(host, cluster).files()).values())
        .singleElement()
        .asString()
        .endsWith(
            """
            evictionHard:
              memory.available: 200Mi
              nodefs.available: 3%
            maxPods: 50
            """);
  }

  @Test
  void aFileThatTheInventoryDoesNotAskForAnyMoreIsRemoved() {
    var server = Cases.server(1);
    var target = on(server, Cases.inventory(server));
    var path = FOLDER + "kubelet.conf.d/50-provision.conf";

    var there = Map.of(path, "kind: KubeletConfiguration\n");

    assertThat(check(target, there)).isInstanceOf(Check.InSync.class);
    assertThat(left(target, there))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes()).singleElement().asString().contains("REMOVE", path));
    assertThat(left(target, Map.of())).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aFileThatTheInventoryAsksForIsNotTakenAway() {
    var cluster =
        Cases.cluster("v1.36.4+k3s1", Cni.FLANNEL, Map.of(), Map.of("kubelet", Map.of("a", 1L)));
    var server = Cases.server(1);
    var target = on(server, Cases.inventory(cluster, server));
    var kubelet = FOLDER + "kubelet.conf.d/50-provision.conf";
    var proxy = "/etc/rancher/k3s/kube-proxy.yaml";

    assertThat(left(target, Map.of(kubelet, "kind: other\n", proxy, "mode: ipvs\n")))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes()).singleElement().asString().contains("REMOVE", proxy));
  }

  @Test
  void aTemplateOfSomebodyElseStaysAndIsNotCombinedWithOurs() {
    var server = Cases.server(1);
    var plain = on(server, Cases.inventory(server));
    var template = FOLDER + "containerd/config-v3.toml.tmpl";
    var foreign = Map.of(template, "{{ template \"base\" . }}\n");
    var cluster = Cases.cluster("v1.36.4+k3s1", Cni.FLANNEL, Map.of(), Map.of("containerd", OOM));
    var declared = on(server, Cases.inventory(cluster, server));

    assertThat(check(plain, foreign)).isInstanceOf(Check.InSync.class);
    assertThat(left(plain, foreign)).isInstanceOf(Check.InSync.class);
    assertThat(left(plain, Map.of(template, "# Written by provision: …\n")))
        .isInstanceOf(Check.Drift.class);
    assertThat(check(declared, foreign))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains(template));
    assertThat(check(declared, Map.of(template, "# Written by provision: …\n")))
        .isInstanceOf(Check.Drift.class);
  }

  @Test
  void theUnitIsRestartedWithTheFilesThatItsInventoryHasItRead() {
    var cluster =
        Cases.cluster(
            "v1.36.4+k3s1", Cni.FLANNEL, Map.of(), Map.of("kubelet", Map.of("maxPods", 50L)));
    var server = Cases.server(1);

    assertThat(
            K3sService.of(on(server, Cases.inventory(cluster, server)), java.util.Optional.empty())
                .settings())
        .containsExactly(FOLDER + "kubelet.conf.d/50-provision.conf");
    assertThat(
            K3sService.of(on(server, Cases.inventory(server)), java.util.Optional.empty())
                .settings())
        .isEmpty();
  }

  private static Host withSettings(Map<String, Map<String, Object>> settings) {
    var host = Cases.agent(1);
    return new Host(
        host.name(),
        host.address(),
        host.nodeAddress(),
        host.roles(),
        host.labels(),
        host.taints(),
        host.ssh(),
        Cases.programs(settings),
        host.vars(),
        host.position());
  }

  private static Map<String, String> files(
      Map<String, Map<String, Object>> settings, String version) {
    var cluster = Cases.cluster(version, Cni.FLANNEL, Map.of(), settings);
    return texts(new ProgramSettings(Cases.server(1), cluster).files());
  }

  private static Map<String, String> texts(List<ManagedFile> files) {
    var texts = new TreeMap<String, String>();
    files.forEach(file -> texts.put(file.path(), ((Content.Plain) file.content()).text()));
    return texts;
  }

  /** The check on a host that has these files and no others of those that are asked for. */
  private static Check check(Target.OnHost target, Map<String, String> files) {
    return check(new K3sSettings(), target, files);
  }

  /** The same of what is taken away. */
  private static Check left(Target.OnHost target, Map<String, String> files) {
    return check(new K3sSettingsLeft(), target, files);
  }

  private static Check check(
      Step<Target.OnHost> step, Target.OnHost target, Map<String, String> files) {
    var seen = new Observations.Builder();
    step.probes(target).questions().forEach(question -> answer(question, files, seen));
    return step.check(target, seen.build(), Known.NOTHING);
  }

  private static <A> void answer(
      Question<A> question, Map<String, String> files, Observations.Builder seen) {
    var path = question.arguments().getFirst();
    var text = files.get(path);
    seen.put(question, Cases.read(question, text == null ? "" : frame(path, text)));
  }

  /** What a look at files prints of one that is there. */
  private static String frame(String path, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return "8180 root root 0 0 %d %s\n\n\n%s  %s\n\n=1\n%s\n"
        .formatted(
            bytes.length,
            path,
            Sha256.of(bytes).hex(),
            path,
            Base64.getEncoder().encodeToString(bytes));
  }
}
