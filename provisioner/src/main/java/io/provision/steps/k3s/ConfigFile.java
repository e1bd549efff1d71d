package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.model.Cluster.Cni;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.NodeAddress;
import io.provision.render.Template;
import io.provision.render.YamlContent;
import io.provision.section.LoadBalancer;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What {@code config.yaml} of a host says. Keys as in the flags of {@code k3s server} and {@code
 * k3s agent} (docs.k3s.io/cli); all of them are there from v1.21 on.
 */
final class ConfigFile {
  private static final Template FILE = Template.of("k3s/config.yaml.ftl");

  /** What must be the same on all servers, else the second one does not join (docs.k3s.io/cli). */
  private static final List<String> SAME =
      List.of(
          "cluster-cidr",
          "service-cidr",
          "cluster-dns",
          "cluster-domain",
          "disable-cloud-controller",
          "disable-helm-controller",
          "disable-kube-proxy",
          "disable-network-policy",
          "egress-selector-mode",
          "embedded-registry",
          "flannel-backend",
          "flannel-external-ip",
          "flannel-ipv6-masq",
          "secrets-encryption",
          "secrets-encryption-provider",
          "datastore-endpoint");

  /** What {@code k3s agent} knows (docs.k3s.io/cli/agent, and v1.21's own help). */
  private static final Set<String> OF_AGENTS =
      Set.of(
          "alsologtostderr",
          "airgap-extra-registry",
          "bind-address",
          "config",
          "container-runtime-endpoint",
          "debug",
          "default-runtime",
          "disable-apiserver-lb",
          "disable-default-registry-endpoint",
          "docker",
          "enable-pprof",
          "flannel-cni-conf",
          "flannel-conf",
          "flannel-iface",
          "image-credential-provider-bin-dir",
          "image-credential-provider-config",
          "image-service-endpoint",
          "kube-proxy-arg",
          "kubelet-arg",
          "lb-server-port",
          "log",
          "node-external-dns",
          "node-external-ip",
          "node-internal-dns",
          "node-ip",
          "node-label",
          "node-taint",
          "nonroot-devices",
          "pause-image",
          "prefer-bundled-bin",
          "private-registry",
          "protect-kernel-defaults",
          "resolv-conf",
          "rootless",
          "selinux",
          "snapshotter",
          "v",
          "vmodule",
          "vpn-auth",
          "vpn-auth-file",
          "with-node-id");

  /** What is seen of a host and of others. */
  record Facts(NodeAddress address, Optional<String> networkInterface, Join join) {}

  /** How a node comes into the cluster. */
  sealed interface Join {
    record Begin() implements Join {}

    record Through(String url) implements Join {}

    /** A file that says neither: a server with a datastore of its own. */
    record Neither() implements Join {}
  }

  private ConfigFile() {}

  static Content content(Target.OnHost target, Facts facts) {
    return ProgramSettings.render(FILE, YamlContent.text(values(target, facts)));
  }

  /** Its keys and values, in their order. */
  static Map<String, Object> values(Target.OnHost target, Facts facts) {
    var host = target.host();
    var cluster = target.cluster();
    var values = new LinkedHashMap<String, Object>();
    values.put("node-name", host.name().value());
    values.put("node-ip", facts.address().toString());
    switch (facts.join()) {
      case Join.Begin() -> values.put("cluster-init", true);
      case Join.Through(var url) -> values.put("server", url);
      case Join.Neither() -> {}
    }
    if (Nodes.isServer(host)) {
      values.put("token-file", K3s.SERVER_TOKEN);
      values.put("agent-token-file", K3s.AGENT_TOKEN);
      values.putAll(ofServers(cluster));
      values.putAll(ApiServerSettings.of(cluster));
      values.put("tls-san", names(host, cluster, facts));
    } else {
      values.put("token-file", K3s.AGENT_TOKEN);
    }
    if (cluster.network().cni() == Cni.FLANNEL) {
      facts.networkInterface().ifPresent(it -> values.put("flannel-iface", it));
    }
    if (new ProgramSettings(host, cluster).hasProxy()) {
      values.put("kube-proxy-arg", List.of("config=" + ProgramSettings.PROXY));
    }
    own(host, cluster).forEach((key, value) -> values.merge(key, value, ConfigFile::merged));
    return values;
  }

  private static Map<String, Object> ofServers(Cluster cluster) {
    var values = new LinkedHashMap<String, Object>();
    values.put("write-kubeconfig-mode", "0600");
    values.put("cluster-cidr", cluster.network().podCidr().toString());
    values.put("service-cidr", cluster.network().serviceCidr().toString());
    if (cluster.network().cni() == Cni.CALICO) {
      values.put("flannel-backend", "none");
      values.put("disable-network-policy", true);
    }
    if (!cluster.sections().all(LoadBalancer.class).isEmpty()) {
      values.put("disable", List.of("servicelb"));
    }
    return values;
  }

  /** Every name that this server is reached by. */
  private static List<String> names(Host host, Cluster cluster, Facts facts) {
    var names = new LinkedHashSet<String>();
    cluster.endpoint().ifPresent(names::add);
    cluster.virtualIp().map(NodeAddress::toString).ifPresent(names::add);
    names.add(facts.address().toString());
    if (!host.address().value().contains("%")) {
      names.add(host.address().value());
    }
    names.add(host.name().value());
    names.addAll(cluster.tlsSans());
    return List.copyOf(names);
  }

  /** Free settings of k3s, sorted, each as a whole: the host's before the cluster's. */
  private static Map<String, Object> settings(Host host, Cluster cluster) {
    var settings = new TreeMap<>(Overrides.ofCluster(K3sOptions.class, cluster));
    settings.putAll(Overrides.ofHost(K3sOptions.class, host));
    return settings;
  }

  /** Free settings of k3s: an agent takes no more of the cluster's than an agent knows. */
  private static Map<String, Object> own(Host host, Cluster cluster) {
    var settings = settings(host, cluster);
    if (!Nodes.isServer(host)) {
      settings
          .keySet()
          .removeIf(key ->
              !OF_AGENTS.contains(key)
                  && !Overrides.ofHost(K3sOptions.class, host).containsKey(key));
    }
    return settings;
  }

  private static Object merged(Object ours, Object theirs) {
    if (!(ours instanceof Collection<?> one)) {
      return theirs;
    }
    var both = new LinkedHashSet<Object>(one);
    if (theirs instanceof Collection<?> more) {
      both.addAll(more);
    } else {
      both.add(theirs);
    }
    return List.copyOf(both);
  }

  /** Whether the operator says where the datastore is, or that it is not etcd. */
  static boolean hasOwnDatastore(Host host, Cluster cluster) {
    var settings = settings(host, cluster);
    return settings.containsKey("datastore-endpoint")
        || Boolean.FALSE.equals(settings.get("cluster-init"));
  }

  /** A value that differs between servers although it must not; empty where none does. */
  static Optional<String> different(List<Host> servers, Cluster cluster) {
    for (var key : SAME) {
      var first = settings(servers.getFirst(), cluster).get(key);
      for (var server : servers) {
        var value = settings(server, cluster).get(key);
        if (!java.util.Objects.equals(first, value)) {
          return Optional.of(
              "'k3s.%s' is '%s' on %s and '%s' on %s"
                  .formatted(key, first, servers.getFirst(), value, server));
        }
      }
    }
    return Optional.empty();
  }

  /** The plain value of a key of a file that we wrote; empty where it has none. */
  static Optional<String> read(String text, String key) {
    var matcher =
        Pattern.compile("(?m)^" + Pattern.quote(key) + ": ['\"]?([^'\"\\n]*)['\"]?$").matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
