package io.provision.steps.os.firewall;

import io.provision.model.Admission;
import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.model.TimeSource;
import io.provision.section.NeedsPorts;
import io.provision.step.Target;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must be let in to a host, by its roles: what nodes need of each other from their addresses
 * alone, each protocol by a list of its own, and what people need from where the inventory says.
 * Sources: docs.k3s.io/installation/requirements, kubernetes.io ports-and-protocols,
 * docs.gluster.org (24007 and up; bricks take any port from 49152 on since GlusterFS 10).
 */
record Openings(Set<Opening> wanted) {
  private static final List<String> KUBELET = List.of("10250/tcp");
  private static final List<String> ETCD = List.of("2379:2380/tcp");
  private static final List<String> API = List.of("6443/tcp");
  private static final List<String> FLANNEL = List.of("8472/udp");

  /**
   * VXLAN, and Typha; BGP is off
   * (docs.tigera.io/calico/latest/getting-started/kubernetes/requirements).
   */
  private static final List<String> CALICO = List.of("4789/udp", "5473/tcp");

  private static final List<String> GLUSTER = List.of("24007:24008/tcp", "49152:60999/tcp");
  private static final List<String> TIME = List.of("123/udp");

  Openings {
    wanted = java.util.Collections.unmodifiableSet(new TreeSet<>(wanted));
  }

  /**
   * @param addresses of the hosts, as far as they are known
   * @param leaving addresses of hosts that left the inventory and may still hold bricks
   */
  static Openings of(
      Target.OnHost target, Map<HostName, NodeAddress> addresses, Collection<String> leaving) {
    var host = target.host();
    var inventory = target.inventory();
    var wanted = new TreeSet<Opening>();
    inventory
        .cluster()
        .filter(cluster -> cluster.distribution().isKubernetes())
        .filter(_ -> isNode(host))
        .ifPresent(cluster -> {
          var nodes = inventory.hosts().stream().filter(Openings::isNode).toList();
          var servers = inventory.with(Role.CONTROL_PLANE);
          kubernetes(cluster, of(nodes, addresses), wanted);
          if (host.is(Role.CONTROL_PLANE)) {
            add(ETCD, of(servers, addresses), wanted);
            people(API, inventory.admission(), wanted);
            if (!inventory.admission().from().isEmpty()) {
              add(API, of(inventory.hosts(), addresses), wanted);
            }
          }
        });
    if (host.is(Role.STORAGE)) {
      add(GLUSTER, of(inventory.hosts(), addresses), wanted);
      add(GLUSTER, leaving, wanted);
    }
    if (inventory.time().equals(new TimeSource.From(host.name()))) {
      add(TIME, of(inventory.hosts(), addresses), wanted);
    }
    people(inventory.admission().ports(), inventory.admission(), wanted);
    wanted.removeIf(it ->
        addresses.get(host.name()) instanceof NodeAddress own && it.from().equals(own.toString()));
    return new Openings(wanted);
  }

  private static boolean isNode(Host host) {
    return host.is(Role.CONTROL_PLANE) || host.is(Role.WORKER);
  }

  private static void kubernetes(Cluster cluster, List<String> nodes, Set<Opening> wanted) {
    add(KUBELET, nodes, wanted);
    add(
        switch (cluster.network().cni()) {
          case FLANNEL -> FLANNEL;
          case CALICO -> CALICO;
        },
        nodes,
        wanted);
    for (var section : cluster.sections().all(NeedsPorts.class)) {
      add(section.portsOfNodes(), nodes, wanted);
    }
    for (var network : List.of(cluster.network().podCidr(), cluster.network().serviceCidr())) {
      wanted.add(new Opening(Opening.ANY, network.toString()));
    }
  }

  private static List<String> of(List<Host> hosts, Map<HostName, NodeAddress> addresses) {
    return hosts.stream()
        .map(host -> addresses.get(host.name()))
        .filter(java.util.Objects::nonNull)
        .map(NodeAddress::toString)
        .toList();
  }

  /** From where the inventory says; from everywhere where it says nothing. */
  private static void people(List<String> ports, Admission admission, Set<Opening> wanted) {
    if (admission.from().isEmpty()) {
      ports.forEach(port -> wanted.add(Opening.toAll(port)));
    }
    add(ports, admission.from().stream().map(Cidr::toString).toList(), wanted);
  }

  private static void add(List<String> ports, Collection<String> from, Set<Opening> wanted) {
    for (var port : ports) {
      from.forEach(address -> wanted.add(new Opening(port, address)));
    }
  }

  /** The ports that an earlier version opened to everybody. */
  static Set<String> onceOpenedToAll() {
    var ports = new TreeSet<String>();
    List.of(KUBELET, ETCD, API, FLANNEL, CALICO, GLUSTER).forEach(ports::addAll);
    ports.addAll(List.of("7946/tcp", "7946/udp", "179/tcp"));
    return ports;
  }
}
