package io.provision.load.foreign;

import io.provision.load.foreign.Carried.Left;
import io.provision.load.foreign.Carried.OneCluster;
import io.provision.load.foreign.Carried.OneHost;
import io.provision.load.foreign.Carried.Ranges;
import io.provision.load.foreign.Carried.Reach;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.model.SshAddress;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What KubeOne's file says of hosts that are there.
 *
 * @see <a href="https://docs.kubermatic.com/kubeone/main/references/kubeone-cluster-v1beta2/">its
 *     form</a>
 */
final class KubeOneReader {
  private final List<Left> left = new ArrayList<>();

  private KubeOneReader() {}

  static boolean isOne(Mapping document) {
    return document.entries().get("apiVersion") instanceof Mapping.Entry entry
        && entry.value() instanceof Node.Scalar scalar
        && scalar.text().startsWith("kubeone.k8c.io/");
  }

  static Carried of(Mapping document) {
    return new KubeOneReader().carried(document);
  }

  private Carried carried(Mapping document) {
    var top = new ForeignSettings(AnsibleYaml.of(document));
    top.ignore("apiVersion", "kind", "name");
    var versions = K0sctlReader.below(top, "versions");
    var version = versions.version("kubernetes");
    var endpoint = K0sctlReader.below(top, "apiEndpoint");
    var host = endpoint.name("host");
    endpoint.ignore("port");
    var network = K0sctlReader.below(top, "clusterNetwork");
    var pods = network.cidr("podSubnet");
    var services = network.cidr("serviceSubnet");
    var hosts = new ArrayList<OneHost>();
    hosts(K0sctlReader.below(top, "controlPlane"), Role.CONTROL_PLANE, hosts);
    hosts(K0sctlReader.below(top, "staticWorkers"), Role.WORKER, hosts);
    top.leave("machines are there, and are not made by this", "cloudProvider", "dynamicWorkers");
    List.of(top, versions, endpoint, network).forEach(it -> left.addAll(it.left()));
    var cluster =
        new OneCluster(
            "kubeadm",
            version,
            new Reach(host, Optional.empty(), List.of()),
            new Ranges(Optional.empty(), pods, services));
    return new Carried("KubeOne", cluster, hosts, left);
  }

  private void hosts(ForeignSettings section, Role role, List<OneHost> hosts) {
    for (var node : K0sctlReader.items(section.node("hosts"))) {
      var host = new ForeignSettings(AnsibleYaml.of(node));
      var name = host.text("hostname").flatMap(K0sctlReader::named);
      var inner = host.nodeAddress("privateAddress");
      hosts.add(
          new OneHost(
              name.orElseGet(() -> new HostName("node%d".formatted(hosts.size() + 1))),
              host.address("publicAddress")
                  .or(() -> inner.map(it -> new SshAddress(it.toString()))),
              inner,
              Set.of(role),
              host.user("sshUsername"),
              host.port("sshPort"),
              host.text("sshPrivateKeyFile")));
      host.leave("see 'ssh.jump'", "bastion", "bastionPort", "bastionUser");
      left.addAll(host.left());
    }
    left.addAll(section.left());
  }
}
