package io.provision.steps.os;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import java.util.List;
import java.util.TreeSet;

/**
 * What must be let in to a host, by its roles.
 *
 * @param ports as {@code 6443/tcp} or {@code 49152:60999/tcp}
 * @param networks whose packets are let in whole: pods and services
 */
record Openings(List<String> ports, List<String> networks) {
  Openings {
    ports = List.copyOf(ports);
    networks = List.copyOf(networks);
  }

  /** Sources: docs.k3s.io/installation/requirements, kubernetes.io ports-and-protocols. */
  static Openings of(Host host, Inventory inventory) {
    var ports = new TreeSet<String>();
    var networks = new TreeSet<String>();
    inventory
        .cluster()
        .filter(cluster -> cluster.distribution() != Cluster.Distribution.NONE)
        .filter(_ -> host.is(Role.CONTROL_PLANE) || host.is(Role.WORKER))
        .ifPresent(cluster -> kubernetes(host, cluster, ports, networks));
    if (host.is(Role.STORAGE)) {
      ports.addAll(List.of("24007:24008/tcp", "49152:60999/tcp")); // GlusterFS 10: any of them
    }
    return new Openings(List.copyOf(ports), List.copyOf(networks));
  }

  private static void kubernetes(
      Host host, Cluster cluster, TreeSet<String> ports, TreeSet<String> networks) {
    ports.add("10250/tcp");
    if (host.is(Role.CONTROL_PLANE)) {
      ports.addAll(List.of("6443/tcp", "2379:2380/tcp"));
    }
    switch (cluster.network().cni()) {
      case FLANNEL -> ports.add("8472/udp");
      case CALICO -> ports.addAll(List.of("179/tcp", "4789/udp", "5473/tcp"));
    }
    if (!cluster.metallb().isEmpty()) {
      ports.addAll(List.of("7946/tcp", "7946/udp"));
    }
    for (var network : List.of(cluster.network().podCidr(), cluster.network().serviceCidr())) {
      networks.add(network.toString());
    }
  }
}
