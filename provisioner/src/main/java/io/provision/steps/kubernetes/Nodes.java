package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.model.Version;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.os.NodeAddressStep;
import java.util.List;
import java.util.Set;

/**
 * Who is what in a cluster, in the order of the inventory, and what its hosts tell one another. A
 * server runs the control plane; an agent is a node that does not.
 */
public final class Nodes {
  /** The address a host has inside the cluster; the step {@code node-address} sees it. */
  public static final Output<NodeAddress> ADDRESS = NodeAddressStep.NODE_ADDRESS;

  /** The interface that has it. */
  public static final Output<String> INTERFACE = NodeAddressStep.INTERFACE;

  /** The largest packet that this interface takes, in bytes. */
  public static final Output<Integer> MTU = NodeAddressStep.MTU;

  /** What a host is before anything is done to it. */
  public static final Output<NodeState> STATE = new Output<>("kubernetes", NodeState.class, true);

  /** The API server of this host answers. */
  public static final Output<Boolean> SERVER_UP = new Output<>("server-up", Boolean.class);

  /** The cluster hears of the kubelet of this server. */
  public static final Output<Boolean> REGISTERED = new Output<>("node-registered", Boolean.class);

  /** An agent runs, and the cluster has it as a node. */
  public static final Output<Boolean> AGENT_UP = new Output<>("agent-up", Boolean.class);

  /** What a server's own kubeconfig is made of. */
  public static final Output<ServerCredentials> CREDENTIALS =
      new Output<>("server-credentials", ServerCredentials.class);

  private Nodes() {}

  public static List<Host> servers(Inventory inventory) {
    return inventory.with(Role.CONTROL_PLANE);
  }

  public static List<Host> agents(Inventory inventory) {
    return inventory.with(Role.WORKER).stream().filter(host -> !isServer(host)).toList();
  }

  public static List<Host> all(Inventory inventory) {
    return inventory.hosts().stream()
        .filter(host -> isServer(host) || host.is(Role.WORKER))
        .toList();
  }

  public static boolean isServer(Host host) {
    return host.is(Role.CONTROL_PLANE);
  }

  /** Whether a node runs there; where it does not, that host has said so itself. */
  public static boolean isUp(Host host, Known known) {
    return isServer(host)
        ? known.all(SERVER_UP).containsKey(host.name())
            && known.all(REGISTERED).containsKey(host.name())
        : known.all(AGENT_UP).containsKey(host.name());
  }

  /** What tells of every node whether it {@link #isUp}. */
  public static Set<Need> areUp(Inventory inventory) {
    return Set.of(
        Need.some(SERVER_UP, servers(inventory)),
        Need.some(REGISTERED, servers(inventory)),
        Need.some(AGENT_UP, agents(inventory)));
  }

  /** The version that the inventory asks for, of the distribution. */
  public static Version version(Target target) {
    return target
        .cluster()
        .version()
        .orElseThrow(() -> new IllegalStateException("a cluster of nodes has a version"));
  }

  /** The servers before this one: they come first in everything. */
  public static List<Host> before(Target.OnHost target) {
    var servers = servers(target.inventory());
    return servers.subList(0, Math.max(0, servers.indexOf(target.host())));
  }
}
