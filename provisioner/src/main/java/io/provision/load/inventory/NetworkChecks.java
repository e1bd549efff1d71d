package io.provision.load.inventory;

import io.provision.load.bind.RecordShape;
import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.yaml.Problems;
import io.provision.model.Cluster.Cni;
import io.provision.model.NodeAddress;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.section.Node.Mapping;
import io.provision.section.Outline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Addresses that get into each other's way. */
record NetworkChecks(Draft draft, ClusterDocument cluster, Problems problems) {
  /** The API server's limits for an IPv4 service range. */
  private static final int LARGEST_SERVICES = 12;

  private static final int SMALLEST_SERVICES = 28;

  /** Both distributions give every node a /24 of the pods' range. */
  private static final int NODE_SHARE = 24;

  void run() {
    overlaps();
    strayNodeCidr();
    if (draft.isKubernetes()) {
      otherPlugin();
      sizes();
      nodes();
      named(
          "endpoint",
          cluster.endpoint().map(it -> it.value()).flatMap(Draft::number),
          cluster.source().at("endpoint"));
      cluster.virtualIp().ifPresent(this::virtualIp);
    }
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

  /** What is written of a plugin that is not the cluster's: a section is called as its plugin. */
  private void otherPlugin() {
    for (var plugin : Cni.values()) {
      var key = RecordShape.name(plugin);
      if (plugin != draft.cni() && source().find(key).isPresent()) {
        problems.add(
            source().at(key),
            "'%s' is for cni: %1$s, and this network's is %s."
                .formatted(key, RecordShape.name(draft.cni())));
      }
    }
  }

  /** Carried among the nodes, it is an address of their network, and nobody else's. */
  private void virtualIp(NodeAddress address) {
    var at = cluster.source().at("virtual_ip");
    named("virtual_ip", Optional.of(address), at);
    draft
        .nodeCidr()
        .filter(range -> !range.contains(address))
        .ifPresent(range ->
            problems.add(
                at,
                "virtual_ip %s is outside node_cidr %s: nodes answer for addresses of their own network only. take a free one of it."
                    .formatted(address, range)));
    for (var host : draft.hosts()) {
      var own = draft.nodeAddress(host.document()).or(() -> draft.sshAddress(host.document()));
      if (own.equals(Optional.of(address))) {
        problems.add(
            at,
            "virtual_ip %s is the address of host %s. take a free one of the nodes' network."
                .formatted(address, host.name()));
      }
    }
    cluster
        .endpoint()
        .map(it -> it.value())
        .flatMap(Draft::number)
        .filter(it -> !it.equals(address))
        .ifPresent(endpoint ->
            problems.add(
                at,
                "nothing would use virtual_ip %s: the endpoint is %s. take one of the two out."
                    .formatted(address, endpoint)));
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

  private List<Outline.Range> ranges() {
    var ranges = new ArrayList<Outline.Range>();
    draft.nodeCidr().ifPresent(cidr -> ranges.add(new Outline.Range("node_cidr", cidr)));
    ranges.addAll(draft.innerRanges());
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
    var nodes = draft.staying().stream().filter(this::isNode).count();
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
      for (var range : draft.innerRanges()) {
        if (range.cidr().contains(it)) {
          problems.add(at, "%s %s is inside %s %s.".formatted(what, it, range.key(), range.cidr()));
        }
      }
    });
  }
}
