package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Version;
import io.provision.render.Template;
import io.provision.render.TomlContent;
import io.provision.render.YamlContent;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.apiserver.Audit;
import io.provision.steps.kubernetes.settings.ContainerdSection;
import io.provision.steps.kubernetes.settings.FreeData;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.KubeletSettings;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files in which k3s has its kubelet, kube-proxy, containerd and API server read settings of
 * their own. What is in the inventory goes in as it is, nested maps and lists included; a host's
 * settings are merged over the cluster's, map by map.
 */
record ProgramSettings(Host host, Cluster cluster) {
  private static final String AGENT = "/var/lib/rancher/k3s/agent";

  /** The kubelet reads every {@code .conf} of this directory (k3s v1.32 and later). */
  static final String KUBELET = AGENT + "/etc/kubelet.conf.d/50-provision.conf";

  static final String PROXY = K3s.FOLDER + "/kube-proxy.yaml";
  private static final String CONTAINERD_FOLDER = AGENT + "/etc/containerd";
  static final String CONTAINERD = CONTAINERD_FOLDER + "/config-v3.toml.d/50-provision.toml";
  static final String CONTAINERD_TEMPLATE = CONTAINERD_FOLDER + "/config-v3.toml.tmpl";

  /** The template of containerd 1.7, which k3s takes where there is none of version 3. */
  static final String OLD_TEMPLATE = CONTAINERD_FOLDER + "/config.toml.tmpl";

  /**
   * From which patch of a minor version on k3s imports {@code config-v3.toml.d} itself
   * (k3s-io/k3s#13680, carried back by #13789 and its like in March 2026); v1.36 always does.
   */
  private static final Map<Integer, Integer> IMPORTS_FROM = Map.of(33, 10, 34, 6, 35, 3);

  private static final Template KUBELET_FILE = Template.of("k3s/kubelet.conf.ftl");
  private static final Template PROXY_FILE = Template.of("k3s/kube-proxy.yaml.ftl");
  private static final Template CONTAINERD_FILE = Template.of("k3s/containerd.toml.ftl");
  private static final Template IMPORTS_FILE = Template.of("k3s/config-v3.toml.tmpl.ftl");

  /** What the templates of settings see. */
  record Settings(String settings) {}

  /** What the template of containerd's template sees. */
  record Imports(String imports) {}

  static ProgramSettings of(Target.OnHost target) {
    return new ProgramSettings(target.host(), target.cluster());
  }

  /** All files that there can be, whether or not there are settings for them. */
  static final List<String> PATHS =
      List.of(KUBELET, PROXY, CONTAINERD, CONTAINERD_TEMPLATE, ApiServerSettings.POLICY);

  /** The files that there should be. */
  List<ManagedFile> files() {
    var files = new ArrayList<ManagedFile>();
    kubelet().ifPresent(files::add);
    proxy().ifPresent(files::add);
    containerd(files);
    audit().map(it -> it.policyFile(ApiServerSettings.POLICY)).ifPresent(files::add);
    return List.copyOf(files);
  }

  /** Their paths, for the unit that reads them. */
  List<String> paths() {
    return files().stream().map(ManagedFile::path).toList();
  }

  /** What this host writes down of requests, where it is a server. */
  Optional<Audit> audit() {
    return Nodes.isServer(host) ? Audit.of(cluster) : Optional.empty();
  }

  boolean hasProxy() {
    return !settings(KubeProxySection.class).isEmpty();
  }

  boolean hasContainerd() {
    return !settings(ContainerdSection.class).isEmpty();
  }

  /** Whether a file that may be somebody else's is one of these. */
  static boolean isOurs(String text) {
    return text.startsWith("# Written by provision");
  }

  /** Whether this version of k3s reads drop-ins without being told to. */
  static boolean importsDropIns(Version version) {
    var from = IMPORTS_FROM.get(version.minor());
    return from == null ? version.minor() > 35 : version.patch() >= from;
  }

  private Optional<ManagedFile> kubelet() {
    var settings = KubeletSettings.of(host, cluster);
    return settings.isEmpty()
        ? Optional.empty()
        : Optional.of(written(KUBELET, KUBELET_FILE, YamlContent.text(settings)));
  }

  private static ManagedFile written(String path, Template template, String settings) {
    return file(path, render(template, settings));
  }

  /**
   * @param settings lines of the file, as text
   */
  static Content render(Template template, String settings) {
    return template.render(new Settings(settings.stripTrailing()));
  }

  private static ManagedFile file(String path, Content content) {
    return ManagedFile.of(path, content).withMode(FileMode.PRIVATE);
  }

  private Optional<ManagedFile> proxy() {
    if (!hasProxy()) {
      return Optional.empty();
    }
    var values = Overrides.merged(flagsOfProxy(), settings(KubeProxySection.class));
    return Optional.of(written(PROXY, PROXY_FILE, YamlContent.text(values)));
  }

  /** What k3s says by flags (k3s: pkg/daemons/agent/agent_linux.go), as fields. */
  private Map<String, Object> flagsOfProxy() {
    var pods = cluster.network().podCidr();
    var values = new TreeMap<String, Object>();
    values.put("clientConnection", Map.of("kubeconfig", AGENT + "/kubeproxy.kubeconfig"));
    values.put(
        "clusterCIDR",
        settings(K3sOptions.class).getOrDefault("cluster-cidr", pods.toString()).toString());
    values.put(
        "conntrack",
        new TreeMap<>(
            Map.of("maxPerCore", 0L, "tcpCloseWaitTimeout", "0s", "tcpEstablishedTimeout", "0s")));
    values.put("healthzBindAddress", pods.network().isIpv6() ? "[::1]:10256" : "127.0.0.1:10256");
    values.put("mode", "iptables");
    return values;
  }

  private void containerd(List<ManagedFile> files) {
    if (!hasContainerd()) {
      return;
    }
    files.add(
        written(CONTAINERD, CONTAINERD_FILE, TomlContent.text(settings(ContainerdSection.class))));
    if (!cluster.version().map(ProgramSettings::importsDropIns).orElse(true)) {
      var all = CONTAINERD_FOLDER + "/config-v3.toml.d/*.toml";
      files.add(file(CONTAINERD_TEMPLATE, IMPORTS_FILE.render(new Imports(all))));
    }
  }

  /** Settings of a program: the host's merged over the cluster's. */
  private Map<String, Object> settings(Class<? extends FreeData> program) {
    return Overrides.of(program, host, cluster);
  }
}
