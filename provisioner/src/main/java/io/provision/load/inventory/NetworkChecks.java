package io.provision.load.inventory;

import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.inventory.Documents.LoadBalancerDocument;
import io.provision.load.inventory.Documents.MetallbDocument;
import io.provision.load.yaml.Node.Mapping;
import io.provision.load.yaml.Problems;
import io.provision.model.Cidr;
import io.provision.model.NodeAddress;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Addresses that get into each other's way. */
record NetworkChecks(Draft draft, ClusterDocument cluster, Problems problems) {
  /** The API server's limits for an IPv4 service range. */
  private static final int LARGEST_SERVICES = 12;

  private static final int MOST_POOLS = 256;

  /** https://metallb.io/release-notes/#version-0-13-2: pools are objects of their own. */
  private static final Version FIRST_WITH_POOLS = new Version(0, 13, 2, "");

  private static final int SMALLEST_SERVICES = 28;

  /** Both distributions give every node a /24 of the pods' range. */
  private static final int NODE_SHARE = 24;

  /** A range with its key. */
  private record Range(String key, Cidr cidr) {}

  void run() {
    overlaps();
    strayNodeCidr();
    if (draft.isKubernetes()) {
      sizes();
      nodes();
      named(
          "endpoint",
          cluster.endpoint().map(it -> it.value()).flatMap(Draft::number),
          cluster.source().at("endpoint"));
    }
    metallb().ifPresent(this::pools);
  }

  /**
   * A range that holds no address of any host was mistyped. Not where addresses are names or public
   * ones, or tunnels that end on this machine: what those hosts have inside the range is only found
   * on them. Where a host gives its node_address, that is held against the range by itself.
   */
  private void strayNodeCidr() {
    var range = draft.nodeCidr();
    var given = new ArrayList<NodeAddress>();
    for (var host : draft.hosts()) {
      var address = draft.sshAddress(host.document());
      if (address.isEmpty()
          || !isPrivate(address.get())
          || host.document().nodeAddress().isPresent()) {
        return;
      }
      given.add(address.get());
    }
    if (range.isPresent() && !given.isEmpty() && given.stream().noneMatch(range.get()::contains)) {
      problems.add(
          source().at("node_cidr"),
          "node_cidr %s holds none of the hosts' addresses (%s). correct it, or give each host its node_address."
              .formatted(
                  range.get(),
                  String.join(", ", given.stream().limit(3).map(NodeAddress::toString).toList())));
    }
  }

  /** Of a network of one's own (RFC 1918, RFC 4193). */
  private static boolean isPrivate(NodeAddress address) {
    var first = address.inet().getAddress()[0] & 0xfe;
    return address.inet().isSiteLocalAddress() || address.isIpv6() && first == 0xfc;
  }

  private Mapping source() {
    return (Mapping)
        cluster
            .source()
            .find("network")
            .filter(Mapping.class::isInstance)
            .orElseGet(() -> Mapping.empty(cluster.source().position()));
  }

  private List<Range> ranges() {
    var ranges = new ArrayList<Range>();
    draft.nodeCidr().ifPresent(cidr -> ranges.add(new Range("node_cidr", cidr)));
    if (draft.isKubernetes() || source().find("pod_cidr").isPresent()) {
      ranges.add(new Range("pod_cidr", draft.podCidr()));
    }
    if (draft.isKubernetes() || source().find("service_cidr").isPresent()) {
      ranges.add(new Range("service_cidr", draft.serviceCidr()));
    }
    return ranges;
  }

  private void overlaps() {
    var ranges = ranges();
    for (var i = 0; i < ranges.size(); i++) {
      for (var j = i + 1; j < ranges.size(); j++) {
        var a = ranges.get(i);
        var b = ranges.get(j);
        if (a.cidr().overlaps(b.cidr())) {
          var written = source().find(b.key()).isPresent() ? b : a;
          problems.add(
              source().at(written.key()),
              "%s %s and %s %s overlap. take ranges that do not."
                  .formatted(a.key(), a.cidr(), b.key(), b.cidr()));
        }
      }
    }
  }

  private void sizes() {
    var pods = draft.podCidr();
    var services = draft.serviceCidr();
    if (pods.network().isIpv6() != services.network().isIpv6()) {
      problems.add(
          source().at("service_cidr"),
          "pod_cidr and service_cidr must both be IPv4 or both be IPv6.");
    }
    if (!services.network().isIpv6()
        && (services.prefix() < LARGEST_SERVICES || services.prefix() > SMALLEST_SERVICES)) {
      problems.add(
          source().at("service_cidr"),
          "service_cidr %s must be between /%d and /%d."
              .formatted(services, LARGEST_SERVICES, SMALLEST_SERVICES));
    }
    var nodes = draft.hosts().stream().filter(this::isNode).count();
    var room = pods.prefix() > NODE_SHARE ? 0 : 1L << Math.min(NODE_SHARE - pods.prefix(), 30);
    if (!pods.network().isIpv6() && room < nodes) {
      problems.add(
          source().at("pod_cidr"),
          "pod_cidr %s has room for %d nodes of a /24 each, and there are %d. take a larger one."
              .formatted(pods, room, nodes));
    }
  }

  private boolean isNode(Draft.Written host) {
    var roles = draft.roles(host.document());
    return roles.contains(Role.WORKER) || roles.contains(Role.CONTROL_PLANE);
  }

  private void nodes() {
    for (var host : draft.hosts()) {
      var source = host.document().source();
      var given = host.document().nodeAddress();
      named(host.name() + "'s node_address", given, source.at("node_address"));
      if (given.isEmpty()) {
        named(host.name() + "'s address", draft.sshAddress(host.document()), source.at("address"));
      }
    }
  }

  private void named(String what, Optional<NodeAddress> address, Position at) {
    address.ifPresent(it -> {
      for (var range : ranges()) {
        if (!range.key().equals("node_cidr") && range.cidr().contains(it)) {
          problems.add(at, "%s %s is inside %s %s.".formatted(what, it, range.key(), range.cidr()));
        }
      }
    });
  }

  private Optional<MetallbDocument> metallb() {
    return cluster.loadBalancer().flatMap(LoadBalancerDocument::metallb);
  }

  private void pools(MetallbDocument metallb) {
    metallb
        .version()
        .filter(it -> it.compareTo(FIRST_WITH_POOLS) < 0)
        .ifPresent(it ->
            problems.add(
                metallb.source().at("version"),
                "MetalLB %s takes its addresses from a ConfigMap, which nothing writes. take %s or later."
                    .formatted(it, FIRST_WITH_POOLS)));
    var pools = metallb.addresses().orElse(List.of());
    var positions = metallb.source().itemsAt("addresses");
    if (metallb.source().find("addresses").isPresent() && positions.isEmpty()) {
      problems.add(
          metallb.source().at("addresses"),
          "there are no addresses. name a range, such as 192.168.56.240-192.168.56.250.");
    }
    if (pools.size() > MOST_POOLS) {
      problems.add(
          metallb.source().at("addresses"),
          "there are more than %d ranges. join them.".formatted(MOST_POOLS));
      return;
    }
    for (var i = 0; i < pools.size(); i++) {
      var at =
          positions.size() == pools.size() ? positions.get(i) : metallb.source().at("addresses");
      pool(pools.get(i), at);
      for (var j = 0; j < i; j++) {
        if (pools.get(i).overlaps(pools.get(j))) {
          problems.add(at, "%s and %s overlap.".formatted(pools.get(j), pools.get(i)));
        }
      }
    }
  }

  private void pool(AddressRange pool, Position at) {
    for (var range : ranges()) {
      if (!range.key().equals("node_cidr") && pool.overlaps(range.cidr())) {
        problems.add(at, "%s overlaps %s %s.".formatted(pool, range.key(), range.cidr()));
      }
    }
    for (var host : draft.hosts()) {
      draft
          .nodeAddress(host.document())
          .or(() -> draft.sshAddress(host.document()))
          .filter(pool::contains)
          .ifPresent(address ->
              problems.add(
                  at,
                  "%s contains %s, the address of host %s.".formatted(pool, address, host.name())));
    }
    cluster
        .endpoint()
        .map(it -> it.value())
        .flatMap(Draft::number)
        .filter(pool::contains)
        .ifPresent(address ->
            problems.add(at, "%s contains %s, the endpoint of the API.".formatted(pool, address)));
  }
}
