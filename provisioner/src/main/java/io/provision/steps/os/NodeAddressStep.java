package io.provision.steps.os;

import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code node-address}: how nodes reach this one. Given by the inventory; or the SSH address, if it
 * is inside {@code node_cidr}; or the one address the host has inside it. Without {@code node_cidr}
 * the SSH address if it is numeric, else the address of the default route. Changes nothing.
 */
public record NodeAddressStep() implements Step<Target.OnHost> {
  public static final Output<NodeAddress> NODE_ADDRESS =
      new Output<>("node-address", NodeAddress.class, true);

  /** The interface that has it. */
  public static final Output<String> INTERFACE = new Output<>("node-interface", String.class);

  /** The largest packet that this interface takes, in bytes. */
  public static final Output<Integer> MTU = new Output<>("node-mtu", Integer.class);

  /** What a step needs that reads the addresses of these hosts; given ones are no barrier. */
  public static Set<Need> needs(List<Host> hosts) {
    var unknown = hosts.stream().filter(host -> host.nodeAddress().isEmpty()).toList();
    return unknown.isEmpty() ? Set.of() : Set.of(Need.some(NODE_ADDRESS, unknown));
  }

  /** The addresses of all hosts of the inventory that are given or were seen. */
  public static Map<HostName, NodeAddress> all(Inventory inventory, Known known) {
    var all = new TreeMap<HostName, NodeAddress>(known.all(NODE_ADDRESS));
    inventory.hosts().forEach(host -> host.nodeAddress().ifPresent(it -> all.put(host.name(), it)));
    return all;
  }

  /** The address of a host that nobody asks for it, where the inventory says it. */
  public static Optional<NodeAddress> said(Host host, Inventory inventory) {
    var cidr = inventory.cluster().flatMap(cluster -> cluster.network().nodeCidr());
    return host.nodeAddress()
        .or(() ->
            numeric(host)
                .filter(it -> !it.inet().isLoopbackAddress())
                .filter(it -> cidr.map(range -> range.contains(it)).orElse(true)));
  }

  /** Refuses two hosts with one address, naming both. */
  public static Optional<Check.Refused> clash(Map<HostName, NodeAddress> addresses) {
    var owners = new java.util.HashMap<NodeAddress, HostName>();
    for (var entry : new TreeMap<>(addresses).entrySet()) {
      var other = owners.put(entry.getValue(), entry.getKey());
      if (other != null) {
        return Optional.of(
            new Check.Refused(
                "%s and %s both have the node address %s"
                    .formatted(other, entry.getKey(), entry.getValue()),
                "set cluster.network.node_cidr to the network the nodes share, or node_address of"
                    + " each host"));
      }
    }
    return Optional.empty();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(HostAddresses.question());
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return check(target, seen.of(HostAddresses.question()));
  }

  /** What a control plane may carry for a while, and is none of its own. */
  private static Set<String> shared(Cluster cluster) {
    var shared = new HashSet<String>();
    cluster.endpoint().ifPresent(shared::add);
    cluster.virtualIp().map(NodeAddress::toString).ifPresent(shared::add);
    return shared;
  }

  static Check check(Target.OnHost target, HostAddresses has) {
    var host = target.host();
    if (host.nodeAddress().isPresent()) {
      return given(host.nodeAddress().get(), has);
    }
    var ssh = numeric(host).filter(it -> !it.inet().isLoopbackAddress());
    var cidr = target.inventory().cluster().flatMap(cluster -> cluster.network().nodeCidr());
    if (cidr.isPresent()) {
      return inside(
          cidr.get(), ssh, has, target.inventory().cluster().map(NodeAddressStep::shared));
    }
    return ssh.or(has::route)
        .map(it -> found(it, has))
        .orElseGet(() ->
            new Check.Refused(
                "it has no address to reach other nodes by (%s)".formatted(list(has.own())),
                "set cluster.network.node_cidr, or node_address of this host"));
  }

  private static Check given(NodeAddress address, HostAddresses has) {
    if (has.own().isEmpty() || has.own().contains(address)) {
      return found(address, has);
    }
    return new Check.Refused(
        "it does not have its node_address %s (it has %s)".formatted(address, list(has.own())),
        "correct node_address, or the host's network");
  }

  private static Check inside(
      Cidr cidr, Optional<NodeAddress> ssh, HostAddresses has, Optional<Set<String>> shared) {
    if (ssh.filter(cidr::contains).isPresent()) {
      return found(ssh.get(), has);
    }
    var candidates =
        has.own().stream()
            .filter(cidr::contains)
            .filter(it -> !shared.orElse(Set.of()).contains(it.toString()) || has.own().size() == 1)
            .distinct()
            .toList();
    var those =
        candidates.isEmpty() ? has.own().stream().filter(cidr::contains).toList() : candidates;
    if (those.size() == 1) {
      return found(those.getFirst(), has);
    }
    var what =
        those.isEmpty()
            ? "none of its addresses is inside node_cidr %s (it has %s)"
                .formatted(cidr, list(has.own()))
            : "several of its addresses are inside node_cidr %s (%s)".formatted(cidr, list(those));
    return new Check.Refused(
        what, "set node_address of this host, or another cluster.network.node_cidr");
  }

  private static Optional<NodeAddress> numeric(Host host) {
    try {
      return Optional.of(NodeAddress.parse(host.address().value()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Check found(NodeAddress address, HostAddresses has) {
    var found = Observed.of(NODE_ADDRESS, address);
    var device = Optional.ofNullable(has.devices().get(address));
    var mtu = device.map(has.mtus()::get);
    return new Check.InSync(
        Stream.of(device.map(it -> Observed.of(INTERFACE, it)), mtu.map(it -> Observed.of(MTU, it)))
            .flatMap(Optional::stream)
            .reduce(found, Observed::and));
  }

  private static String list(List<NodeAddress> addresses) {
    return addresses.isEmpty()
        ? "none"
        : addresses.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(NODE_ADDRESS, INTERFACE, MTU);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
