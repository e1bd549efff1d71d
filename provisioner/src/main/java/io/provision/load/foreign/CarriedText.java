package io.provision.load.foreign;

import io.provision.load.foreign.Carried.OneHost;
import io.provision.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An inventory of what was carried over. */
record CarriedText(Carried carried, String name, String kubeconfig, String usualVersion) {

  String text() {
    var lines = new ArrayList<String>();
    lines.add(
        "# Carried over by 'provision init --from' from a file of %s.".formatted(carried.tool()));
    lines.add("# What each key means: provision explain KEY. What would happen: provision plan.");
    var cluster = carried.cluster();
    lines.add("cluster:");
    lines.add("  name: " + name);
    lines.add("  distribution: " + cluster.distribution());
    lines.add("  version: " + cluster.version().orElse(usualVersion));
    cluster
        .reach()
        .virtual()
        .ifPresentOrElse(
            it -> lines.add("  virtual_ip: " + it),
            () -> endpoint().ifPresent(it -> lines.add("  endpoint: " + it)));
    lines.add("  network:");
    lines.add("    cni: " + cluster.ranges().cni().orElse("flannel"));
    cluster.ranges().pods().ifPresent(it -> lines.add("    pod_cidr: " + it));
    cluster.ranges().services().ifPresent(it -> lines.add("    service_cidr: " + it));
    if (!cluster.reach().names().isEmpty()) {
      lines.add("  tls_sans: [%s]".formatted(quoted(cluster.reach().names())));
    }
    if (!cluster.disabled().isEmpty()) {
      lines.add("  k3s: { disable: [%s] }".formatted(quoted(cluster.disabled())));
    }
    if (!cluster.pools().isEmpty()) {
      lines.add(
          "  load_balancer: { metallb: { addresses: [%s] } }".formatted(quoted(cluster.pools())));
    }
    lines.add("  kubeconfig: { merge_into: %s, context: %s }".formatted(kubeconfig, name));
    cluster.timezone().ifPresent(it -> lines.add("timezone: " + it));
    lines.add("hosts:");
    carried.hosts().forEach(host -> lines.add("  %s: { %s }".formatted(host.name(), keys(host))));
    return String.join("\n", lines) + "\n";
  }

  /** That of the file, or of the first control plane. */
  private Optional<String> endpoint() {
    return carried
        .cluster()
        .reach()
        .endpoint()
        .or(() ->
            carried.hosts().stream()
                .filter(host -> host.roles().contains(Role.CONTROL_PLANE))
                .findFirst()
                .flatMap(host ->
                    host.nodeAddress()
                        .map(Object::toString)
                        .or(() -> host.address().map(Object::toString))));
  }

  private static String keys(OneHost host) {
    var keys = new ArrayList<String>();
    host.address().ifPresent(it -> keys.add("address: " + it));
    host.nodeAddress()
        .filter(it -> !it.toString().equals(host.address().map(Object::toString).orElse("")))
        .ifPresent(it -> keys.add("node_address: " + it));
    keys.add(
        "roles: [%s]"
            .formatted(
                host.roles().stream().sorted().map(Role::key).collect(Collectors.joining(", "))));
    var ssh = new ArrayList<String>();
    host.user().ifPresent(it -> ssh.add("user: " + it));
    host.port().ifPresent(it -> ssh.add("port: " + it));
    host.key().ifPresent(it -> ssh.add("key: " + quoted(List.of(it))));
    if (!ssh.isEmpty()) {
      keys.add("ssh: { %s }".formatted(String.join(", ", ssh)));
    }
    return String.join(", ", keys);
  }

  private static String quoted(List<String> texts) {
    return texts.stream()
        .map(it -> it.replaceAll("[^ -~]", "?").replace("\\", "\\\\").replace("\"", "\\\""))
        .map(it -> "\"" + it + "\"")
        .collect(Collectors.joining(", "));
  }
}
