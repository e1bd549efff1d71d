package io.provision.load.foreign;

import io.provision.load.foreign.Carried.Left;
import io.provision.load.foreign.Carried.OneCluster;
import io.provision.load.foreign.Carried.OneHost;
import io.provision.load.foreign.Carried.Ranges;
import io.provision.load.foreign.Carried.Reach;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What k0sctl's file says; the cluster will be one of k3s, which is as small.
 *
 * @see <a href="https://github.com/k0sproject/k0sctl#configuration-file">its form</a>
 */
final class K0sctlReader {
  private final List<Left> left = new ArrayList<>();

  private K0sctlReader() {}

  static boolean isOne(Mapping document) {
    return document.entries().get("apiVersion") instanceof Mapping.Entry entry
        && entry.value() instanceof Node.Scalar scalar
        && scalar.text().startsWith("k0sctl.k0sproject.io/");
  }

  static Carried of(Mapping document) {
    return new K0sctlReader().carried(document);
  }

  private Carried carried(Mapping document) {
    var top = new ForeignSettings(AnsibleYaml.of(document));
    top.ignore("apiVersion", "kind", "metadata");
    var spec = below(top, "spec");
    var hosts = new ArrayList<OneHost>();
    for (var node : items(spec.node("hosts"))) {
      hosts.add(host(new ForeignSettings(AnsibleYaml.of(node)), hosts.size() + 1));
    }
    var k0s = below(spec, "k0s");
    k0s.leave("k0s is not installed by this: a version of k3s is suggested", "version");
    var inner = below(below(k0s, "config"), "spec");
    var api = below(inner, "api");
    var endpoint = api.name("externalAddress");
    var names =
        items(api.node("sans")).stream()
            .flatMap(it ->
                it instanceof Node.Scalar san
                    ? java.util.stream.Stream.of(san.text())
                    : java.util.stream.Stream.of())
            .toList();
    var network = below(inner, "network");
    var pods = network.cidr("podCIDR");
    var services = network.cidr("serviceCIDR");
    List.of(top, spec, k0s, inner, api, network).forEach(it -> left.addAll(it.left()));
    var cluster =
        new OneCluster(
            "k3s",
            Optional.empty(),
            new Reach(endpoint, Optional.empty(), names),
            new Ranges(Optional.empty(), pods, services));
    return new Carried("k0sctl", cluster, hosts, left);
  }

  private OneHost host(ForeignSettings host, int number) {
    var ssh = below(host, "ssh");
    var role = host.text("role").orElse("worker");
    var name = host.text("hostname").flatMap(K0sctlReader::named);
    var made =
        new OneHost(
            name.orElseGet(() -> new HostName("node%d".formatted(number))),
            ssh.address("address"),
            host.nodeAddress("privateAddress"),
            role.equals("worker") ? Set.of(Role.WORKER) : Set.of(Role.CONTROL_PLANE),
            ssh.user("user"),
            ssh.port("port"),
            ssh.text("keyPath"));
    ssh.leave("see 'ssh.jump'", "bastion");
    host.leave("see 'cluster.network.node_cidr'", "privateInterface");
    left.addAll(ssh.left());
    left.addAll(host.left());
    return made;
  }

  static Optional<HostName> named(String text) {
    try {
      return Optional.of(new HostName(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static ForeignSettings below(ForeignSettings above, String key) {
    return new ForeignSettings(above.node(key).map(AnsibleYaml::of).orElse(Map.of()));
  }

  static List<Node> items(Optional<Node> node) {
    return node.filter(Sequence.class::isInstance)
        .map(it -> ((Sequence) it).items())
        .orElse(List.of());
  }
}
