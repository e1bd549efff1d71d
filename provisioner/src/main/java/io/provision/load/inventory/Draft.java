package io.provision.load.inventory;

import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.inventory.Documents.HostDocument;
import io.provision.load.inventory.Documents.InventoryDocument;
import io.provision.load.inventory.Documents.LoadBalancerDocument;
import io.provision.load.inventory.Documents.NetworkDocument;
import io.provision.load.inventory.Documents.SshDocument;
import io.provision.load.inventory.Documents.StorageDocument;
import io.provision.load.yaml.Problems;
import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Cluster.Cni;
import io.provision.model.Cluster.Distribution;
import io.provision.model.HostName;
import io.provision.model.Kubernetes;
import io.provision.model.NodeAddress;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.Sections;
import io.provision.model.SshAddress;
import io.provision.section.Node.Mapping;
import io.provision.section.Outline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The inventory as written, with what follows from it where it says nothing.
 *
 * @param named hosts that leave as well, whatever is written at them
 */
record Draft(
    InventoryDocument document,
    List<Cluster.Distribution> distributions,
    Set<String> named,
    Problems problems) {
  /** Networks of a cluster that is no Kubernetes: nothing reads them. */
  private static final Cidr UNREAD = Cidr.parse("10.42.0.0/16");

  /** One host as it is written. */
  record Written(HostName name, HostDocument document, Position position) {}

  Optional<ClusterDocument> cluster() {
    return document.cluster();
  }

  /** What the cluster section says; where it is wrong or missing, none. */
  Distribution distribution() {
    return written().orElse(Distribution.NONE);
  }

  /** What the cluster section says; empty where it is wrong or missing. */
  private Optional<Distribution> written() {
    return cluster()
        .flatMap(ClusterDocument::distribution)
        .map(name ->
            distributions.stream()
                .filter(it -> it.name().equals(name.value()))
                .findFirst()
                .orElse(Distribution.NONE));
  }

  Optional<Kubernetes> kubernetes() {
    return distribution().kubernetes();
  }

  boolean isKubernetes() {
    return distribution().isKubernetes();
  }

  Map<HostName, HostDocument> byName() {
    return document.hosts().orElse(Map.of());
  }

  List<Written> hosts() {
    return byName().entrySet().stream()
        .map(it -> new Written(it.getKey(), it.getValue(), position(it.getKey())))
        .toList();
  }

  /** Where this host's name stands. */
  Position position(HostName name) {
    return document
        .source()
        .find("hosts")
        .map(Mapping.class::cast)
        .map(hosts -> hosts.entries().get(name.value()))
        .map(entry -> entry.key().position())
        .orElseGet(() -> document.source().position());
  }

  Set<Role> roles(HostDocument host) {
    return host.roles()
        .<Set<Role>>map(TreeSet::new)
        .orElse(isKubernetes() ? Set.of(Role.WORKER) : Set.of());
  }

  /** Those that are no hosts of the cluster any more are not among them. */
  List<Written> staying() {
    return hosts().stream().filter(host -> !leaves(host)).toList();
  }

  /** Those that are on their way out. */
  List<Written> leaving() {
    return hosts().stream().filter(this::leaves).toList();
  }

  private boolean leaves(Written host) {
    return host.document().leaving() || named.contains(host.name().value());
  }

  List<Written> with(Role role) {
    return staying().stream().filter(host -> roles(host.document()).contains(role)).toList();
  }

  Optional<NetworkDocument> network() {
    return cluster().flatMap(ClusterDocument::network);
  }

  Cni cni() {
    return network().flatMap(NetworkDocument::cni).orElse(Cni.FLANNEL);
  }

  Optional<Cidr> nodeCidr() {
    return network().flatMap(NetworkDocument::nodeCidr);
  }

  /** The default is the distribution's own. */
  Cidr podCidr() {
    return network()
        .flatMap(NetworkDocument::podCidr)
        .or(() -> kubernetes().map(Kubernetes::pods))
        .orElse(UNREAD);
  }

  /** The default is the distribution's own. */
  Cidr serviceCidr() {
    return network()
        .flatMap(NetworkDocument::serviceCidr)
        .or(() -> kubernetes().map(Kubernetes::services))
        .orElse(UNREAD);
  }

  /** The node address as far as it can be known without asking the host. */
  Optional<NodeAddress> nodeAddress(HostDocument host) {
    return host.nodeAddress()
        .or(() ->
            sshAddress(host)
                .filter(address -> nodeCidr().map(it -> it.contains(address)).orElse(false)));
  }

  /** How ssh reaches a host: by its name, unless it is said. */
  Optional<SshAddress> address(Written host) {
    return host.document().address().or(() -> address(host.name()));
  }

  /** Empty for a name such as 12, which is no number of an address either. */
  private static Optional<SshAddress> address(HostName name) {
    try {
      return Optional.of(new SshAddress(name.value()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The SSH address, where it is a number. */
  Optional<NodeAddress> sshAddress(HostDocument host) {
    return host.address().map(SshAddress::value).flatMap(Draft::number);
  }

  static Optional<NodeAddress> number(String text) {
    try {
      return Optional.of(NodeAddress.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What the host says about ssh, else what all say. */
  <T> Optional<T> ssh(
      Optional<SshDocument> host, java.util.function.Function<SshDocument, Optional<T>> part) {
    return host.flatMap(part).or(() -> document.ssh().flatMap(part));
  }

  /** What the areas have at a host: its own, and of what is said for all hosts the rest. */
  Sections sections(HostDocument host) {
    var all = document.sections();
    for (var own : host.sections().all()) {
      all = all.without(own.getClass());
    }
    return host.sections().and(all);
  }

  /** What the areas have at the cluster and below. */
  Sections sections() {
    var balancer = cluster().flatMap(ClusterDocument::loadBalancer);
    var storage = cluster().flatMap(ClusterDocument::storage);
    return cluster()
        .map(ClusterDocument::sections)
        .orElse(Sections.NONE)
        .and(balancer.map(LoadBalancerDocument::sections).orElse(Sections.NONE))
        .and(storage.map(StorageDocument::sections).orElse(Sections.NONE))
        .and(network().map(NetworkDocument::sections).orElse(Sections.NONE));
  }

  /** Ranges of addresses, written or usual, but that of the nodes; none where none are needed. */
  List<Outline.Range> innerRanges() {
    var ranges = new ArrayList<Outline.Range>();
    var written = network().map(NetworkDocument::source);
    if (isKubernetes() || written.filter(it -> it.has("pod_cidr")).isPresent()) {
      ranges.add(new Outline.Range("pod_cidr", podCidr()));
    }
    if (isKubernetes() || written.filter(it -> it.has("service_cidr")).isPresent()) {
      ranges.add(new Outline.Range("service_cidr", serviceCidr()));
    }
    return ranges;
  }

  /** What checks of an area's section can see, from the cluster. */
  Outline outline() {
    return new Outline(
        document.source().find("cluster").isPresent() ? written() : Optional.of(Distribution.NONE),
        cluster().flatMap(ClusterDocument::version),
        staying().stream().map(this::outlined).toList(),
        cluster()
            .flatMap(ClusterDocument::endpoint)
            .map(it -> it.value())
            .flatMap(Draft::number)
            .or(() -> cluster().flatMap(ClusterDocument::virtualIp)),
        cni(),
        nodeCidr(),
        innerRanges(),
        cluster().map(ClusterDocument::source),
        Optional.empty());
  }

  Outline.OutlinedHost outlined(Written host) {
    return new Outline.OutlinedHost(
        host.name(),
        roles(host.document()),
        nodeAddress(host.document()).or(() -> sshAddress(host.document())),
        host.document().source());
  }
}
