package io.provision.steps.os.firewall;

import io.provision.model.Cidr;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.step.Target;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A port of one host that another one has to reach, by what its firewall would have to let in.
 *
 * @param port such as {@code 8472/udp}
 */
public record NeededWay(HostName from, HostName to, String port) {
  private static final String API = "6443/tcp";

  private static final Comparator<NeededWay> ORDER =
      Comparator.comparing(NeededWay::to)
          .thenComparing(NeededWay::from)
          .thenComparing(NeededWay::port);

  /**
   * All between these hosts. Of a range of ports the first and the last stand for all.
   *
   * @param addresses of those that can be reached
   */
  public static List<NeededWay> all(Inventory inventory, Map<HostName, NodeAddress> addresses) {
    var owners = new HashMap<String, HostName>();
    addresses.forEach((host, address) -> owners.put(address.toString(), host));
    var ways = new TreeSet<NeededWay>(ORDER);
    for (var host : inventory.hosts()) {
      if (addresses.containsKey(host.name())) {
        var target = new Target.OnHost(host, inventory);
        for (var opening : Openings.of(target, addresses, List.of()).wanted()) {
          if (!opening.port().equals(Opening.ANY)) {
            from(opening, inventory, addresses, owners)
                .filter(from -> !from.equals(host.name()))
                .forEach(from ->
                    ends(opening.port())
                        .forEach(port -> ways.add(new NeededWay(from, host.name(), port))));
          }
        }
      }
    }
    return List.copyOf(ways);
  }

  private static Stream<HostName> from(
      Opening opening,
      Inventory inventory,
      Map<HostName, NodeAddress> addresses,
      Map<String, HostName> owners) {
    if (opening.isToAll()) {
      return opening.port().equals(API)
          ? addresses.keySet().stream()
              .filter(host -> inventory.find(host).filter(NeededWay::isNode).isPresent())
          : Stream.empty();
    }
    if (opening.from().contains("/")) {
      var network = Cidr.parse(opening.from());
      return addresses.entrySet().stream()
          .filter(it -> network.contains(it.getValue()))
          .map(Map.Entry::getKey);
    }
    return Optional.ofNullable(owners.get(opening.from())).stream();
  }

  /** What is open to everybody, people need; of nodes it is the API alone. */
  private static boolean isNode(Host host) {
    return host.is(Role.CONTROL_PLANE) || host.is(Role.WORKER);
  }

  private static Stream<String> ends(String port) {
    var slash = port.indexOf('/');
    return Stream.of(port.substring(0, slash).split(":"))
        .map(number -> number + port.substring(slash));
  }
}
