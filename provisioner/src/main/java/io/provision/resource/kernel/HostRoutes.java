package io.provision.resource.kernel;

import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Cluster.Cni;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a host that is no node reaches already at addresses that its pods and services would have.
 *
 * @param routes through which device ranges are reached
 */
public record HostRoutes(Cluster.Network network, Map<String, String> routes) {
  /** Where flannel's bridge has another address, no pod gets one (containernetworking, bridge). */
  private static final String BRIDGE = "cni0";

  /** Those that a plugin makes: flannel's, and Calico's. */
  private static final String OF_PLUGINS =
      "cni0|flannel[.-].*|cali.*|vxlan\\.calico|tunl0|kube-ipvs0";

  /** A range that cannot be both the host's and the cluster's. */
  public record Overlap(String what, String remedy) {}

  public HostRoutes {
    routes = new TreeMap<>(routes);
  }

  /** Ranges that lie within ours: the host's would win, or those of an older cluster. */
  public List<Overlap> overlaps() {
    var overlaps = new ArrayList<Overlap>();
    routes.forEach((text, device) ->
        parsed(text).ifPresent(route -> overlap(route, device).ifPresent(overlaps::add)));
    return overlaps;
  }

  private Optional<Overlap> overlap(Cidr route, String device) {
    var isLeft = device.matches(OF_PLUGINS);
    for (var range : ranges().entrySet()) {
      if (range.getValue().holds(route)) {
        return Optional.of(
            new Overlap(
                "it reaches %s through %s, and that lies in %s %s"
                    .formatted(route, device, range.getKey(), range.getValue()),
                isLeft
                    ? remedy(device)
                    : "take another " + range.getKey() + ", or that route away"));
      }
    }
    return device.equals(BRIDGE) && network.cni() == Cni.FLANNEL
        ? Optional.of(
            new Overlap(
                "it has a bridge %s with %s, of another pod_cidr than %s"
                    .formatted(device, route, network.podCidr()),
                remedy(device)))
        : Optional.empty();
  }

  private static String remedy(String device) {
    return "an older cluster left %1$s: 'ip link delete %1$s' on it, or boot it".formatted(device);
  }

  /** Wider ranges of the host's, of which pods and services take a part. */
  public List<String> shadows() {
    var shadows = new ArrayList<String>();
    routes.forEach((text, device) ->
        parsed(text)
            .ifPresent(route ->
                ranges()
                    .forEach((key, range) -> {
                      if (route.holds(range) && !range.holds(route)) {
                        shadows.add(
                            "it reaches %s through %s, and %s %s lies in that: what has such addresses there is not reached from a node"
                                .formatted(route, device, key, range));
                      }
                    })));
    return shadows;
  }

  private Map<String, Cidr> ranges() {
    var ranges = new LinkedHashMap<String, Cidr>();
    ranges.put("pod_cidr", network.podCidr());
    ranges.put("service_cidr", network.serviceCidr());
    return ranges;
  }

  private static Optional<Cidr> parsed(String text) {
    try {
      return Optional.of(Cidr.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
