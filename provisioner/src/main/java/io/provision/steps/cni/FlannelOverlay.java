package io.provision.steps.cni;

import io.provision.kube.Manifest;
import io.provision.model.Cluster;
import io.provision.model.Content;
import io.provision.render.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inventory's network over flannel's published objects: the addresses of pods, and the node's
 * own address as the way to the others. Without that flannel takes the interface of the default
 * route, which under Vagrant is the same address on every machine.
 */
record FlannelOverlay(Cluster cluster, List<Manifest> published) {
  private static final Template NET_CONF = Template.of("cni/flannel-net-conf.json.ftl");
  private static final String CONTAINER = "kube-flannel";

  private record NetConf(String pods, boolean ipv6, boolean nftables) {}

  FlannelOverlay {
    published = List.copyOf(published);
  }

  /** Empty where the manifest is not what it is laid over. */
  Optional<List<Manifest>> manifests() {
    if (!missing().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(published.stream().map(this::laid).toList());
  }

  /** What of the manifest is not there that is to be set; empty where all is. */
  String missing() {
    if (published.stream().noneMatch(FlannelOverlay::isConfig)) {
      return "it has no ConfigMap with a net-conf.json";
    }
    return published.stream().anyMatch(FlannelOverlay::isDaemon)
        ? ""
        : "it has no DaemonSet with a container " + CONTAINER;
  }

  private Manifest laid(Manifest manifest) {
    if (isConfig(manifest)) {
      var data = new LinkedHashMap<>(map(manifest.content().get("data")));
      data.put("net-conf.json", netConf());
      return with(manifest, "data", data);
    }
    return isDaemon(manifest) ? overDaemon(manifest) : manifest;
  }

  private String netConf() {
    var pods = cluster.network().podCidr();
    var mode = cluster.settings().getOrDefault("kube_proxy", Map.of()).get("mode");
    var model = new NetConf(pods.toString(), pods.network().isIpv6(), "nftables".equals(mode));
    return ((Content.Plain) NET_CONF.render(model)).text();
  }

  private static Manifest overDaemon(Manifest manifest) {
    var spec = new LinkedHashMap<>(map(manifest.content().get("spec")));
    var template = new LinkedHashMap<>(map(spec.get("template")));
    var pod = new LinkedHashMap<>(map(template.get("spec")));
    var containers = new ArrayList<Object>();
    for (var each : list(pod.get("containers"))) {
      containers.add(CONTAINER.equals(map(each).get("name")) ? overContainer(map(each)) : each);
    }
    pod.put("containers", containers);
    template.put("spec", pod);
    spec.put("template", template);
    return with(manifest, "spec", spec);
  }

  /** The address that the kubelet registered its node with is the node address. */
  private static Map<String, Object> overContainer(Map<String, Object> published) {
    var container = new LinkedHashMap<>(published);
    var args = new ArrayList<>(list(container.get("args")));
    args.add("--iface=$(NODE_ADDRESS)");
    container.put("args", args);
    var env = new ArrayList<>(list(container.get("env")));
    env.add(
        Map.of(
            "name",
            "NODE_ADDRESS",
            "valueFrom",
            Map.of("fieldRef", Map.of("fieldPath", "status.hostIP"))));
    container.put("env", env);
    return container;
  }

  private static boolean isConfig(Manifest manifest) {
    return manifest.ref().kind().equals("ConfigMap")
        && map(manifest.content().get("data")).containsKey("net-conf.json");
  }

  private static boolean isDaemon(Manifest manifest) {
    return manifest.ref().kind().equals("DaemonSet")
        && list(
                map(map(map(manifest.content().get("spec")).get("template")).get("spec"))
                    .get("containers"))
            .stream()
            .anyMatch(each -> CONTAINER.equals(map(each).get("name")));
  }

  private static Manifest with(Manifest manifest, String key, Object value) {
    var content = new LinkedHashMap<>(manifest.content());
    content.put(key, value);
    return new Manifest(manifest.ref(), content);
  }

  @SuppressWarnings("unchecked") // what YAML calls a mapping has strings as keys here
  private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  @SuppressWarnings("unchecked") // read only
  private static List<Object> list(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? (List<Object>) list : List.of();
  }
}
