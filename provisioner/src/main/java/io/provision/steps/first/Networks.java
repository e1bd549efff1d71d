package io.provision.steps.first;

import io.provision.model.Cidr;
import io.provision.model.NodeAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which networks suit hosts of which this is known. */
record Networks(List<MachineFacts> machines) {

  /**
   * The one in which each host has one address, and no two the same: under Vagrant the first
   * interface of all of them has the same.
   *
   * @param reached by which hosts are reached; the network that has most of them is the first
   *     choice
   */
  Optional<Cidr> ofNodes(Collection<NodeAddress> reached) {
    return candidates().stream()
        .filter(this::suits)
        .max((one, other) -> Long.compare(count(one, reached), count(other, reached)));
  }

  private Set<Cidr> candidates() {
    var all = new LinkedHashSet<Cidr>();
    machines.stream()
        .flatMap(machine -> machine.addresses().stream())
        .map(MachineFacts.OwnAddress::network)
        .forEach(all::add);
    return all;
  }

  private boolean suits(Cidr network) {
    var seen = new HashSet<NodeAddress>();
    return machines.stream()
        .allMatch(machine -> {
          var own = inside(machine, network);
          return own.size() == 1 && seen.add(own.getFirst());
        });
  }

  private static long count(Cidr network, Collection<NodeAddress> reached) {
    return reached.stream().filter(network::contains).count();
  }

  /** The addresses that a machine has in it. */
  static List<NodeAddress> inside(MachineFacts machine, Cidr network) {
    return machine.addresses().stream()
        .map(MachineFacts.OwnAddress::address)
        .filter(network::contains)
        .distinct()
        .toList();
  }

  /**
   * The usual range, or the first other one that no host has an address in or sends packets to.
   *
   * @param taken what else it must not overlap with
   */
  Optional<Cidr> free(Cidr usual, Collection<Cidr> taken) {
    return Stream.concat(
            Stream.of(usual),
            IntStream.range(44, 250).mapToObj(it -> Cidr.parse("10.%d.0.0/16".formatted(it))))
        .filter(range -> taken.stream().noneMatch(range::overlaps))
        .filter(range -> inTheWay(range).isEmpty())
        .findFirst();
  }

  /** What is in the way of a range. */
  Optional<Cidr> inTheWay(Cidr range) {
    return machines.stream()
        .flatMap(machine ->
            Stream.concat(
                machine.routes().stream(),
                machine.addresses().stream().map(MachineFacts.OwnAddress::network)))
        .filter(range::overlaps)
        .findFirst();
  }
}
