package io.provision.steps.k3s;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.model.Version;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.os.NodeAddressStep;
import java.nio.file.Path;
import java.util.List;

/** Where k3s keeps its things, who is what in a cluster of it, and what its hosts tell others. */
public final class K3s {
  static final String BINARY = "/usr/local/bin/k3s";
  static final String FOLDER = "/etc/rancher/k3s";
  static final String CONFIG = FOLDER + "/config.yaml";
  static final String REGISTRIES = FOLDER + "/registries.yaml";
  static final String SERVER_TOKEN = FOLDER + "/server-token";
  static final String AGENT_TOKEN = FOLDER + "/agent-token";
  static final String VERSION = FOLDER + "/version";
  static final String CORDONED = FOLDER + "/cordoned";
  static final String IMAGES = "/var/lib/rancher/k3s/agent/images/k3s-airgap-images.tar.zst";

  /** A server gave it to this node's kubelet. */
  static final String JOINED = "/var/lib/rancher/k3s/agent/kubelet.kubeconfig";

  static final int PORT = 6443;

  /** The address a host has inside the cluster; the step {@code node-address} sees it. */
  static final Output<NodeAddress> NODE_ADDRESS = NodeAddressStep.NODE_ADDRESS;

  /** What a host is before anything is done to it. */
  static final Output<NodeState> STATE = new Output<>("k3s", NodeState.class, true);

  /** The digests that are pinned for this version, by architecture. */
  static final Output<Digests> DIGESTS = new Output<>("k3s-digests", Digests.class);

  /** The digests of a server's tokens, never the tokens. */
  static final Output<Tokens> TOKENS = new Output<>("k3s-tokens", Tokens.class);

  /** A server answers. */
  static final Output<Boolean> SERVER_UP = new Output<>("k3s-server-up", Boolean.class);

  /** An agent runs. */
  static final Output<Boolean> AGENT_UP = new Output<>("k3s-agent-up", Boolean.class);

  /** What a server's own kubeconfig is made of. */
  static final Output<Credentials> CREDENTIALS = new Output<>("k3s-credentials", Credentials.class);

  private K3s() {}

  static List<Host> servers(Inventory inventory) {
    return inventory.with(Role.CONTROL_PLANE);
  }

  /** Nodes that are no servers. */
  static List<Host> agents(Inventory inventory) {
    return inventory.with(Role.WORKER).stream()
        .filter(host -> !host.is(Role.CONTROL_PLANE))
        .toList();
  }

  static List<Host> nodes(Inventory inventory) {
    return inventory.hosts().stream()
        .filter(host -> host.is(Role.CONTROL_PLANE) || host.is(Role.WORKER))
        .toList();
  }

  static boolean isServer(Host host) {
    return host.is(Role.CONTROL_PLANE);
  }

  /** The servers before this one, in the order of the inventory: they come first in everything. */
  static List<Host> before(Target.OnHost target) {
    var servers = servers(target.inventory());
    return servers.subList(0, Math.max(0, servers.indexOf(target.host())));
  }

  static String unit(Host host) {
    return isServer(host) ? "k3s.service" : "k3s-agent.service";
  }

  static Version version(Target target) {
    return target
        .cluster()
        .version()
        .orElseThrow(() -> new IllegalStateException("a k3s cluster has a version"));
  }

  static ArtifactId artifact(Target target, String arch, String file) {
    return new ArtifactId("k3s", version(target).toString(), arch, file);
  }

  /** Where the digests are pinned: beside the inventory. */
  static Path lockFile(Inventory inventory) {
    return inventory.file().toAbsolutePath().resolveSibling("provision.lock");
  }

  /** A URL of the API; IPv6 addresses in brackets. */
  static String url(String host) {
    return "https://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, PORT);
  }
}
