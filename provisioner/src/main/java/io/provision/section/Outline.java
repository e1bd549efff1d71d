package io.provision.section;

import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.model.Version;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rest of an inventory, as far as it is right, for checks of a section that are about both.
 *
 * @param distribution of the cluster, none where there is no cluster; empty where the inventory
 *     does not say, or something that is wrong
 * @param version of the distribution; empty where the inventory does not say, or something wrong
 * @param endpoint of the API, where it is a number
 * @param nodes {@code node_cidr}, where the inventory says it
 * @param inner ranges of addresses that exist inside of the cluster only
 * @param cluster where the cluster is written; empty where there is none
 * @param host at which the section stands; empty where it stands at the cluster
 */
public record Outline(
    Optional<Cluster.Distribution> distribution,
    Optional<Version> version,
    List<OutlinedHost> hosts,
    Optional<NodeAddress> endpoint,
    Cluster.Cni cni,
    Optional<Cidr> nodes,
    List<Range> inner,
    Optional<Source> cluster,
    Optional<OutlinedHost> host) {
  public Outline {
    hosts = List.copyOf(hosts);
    inner = List.copyOf(inner);
  }

  public boolean isKubernetes() {
    return distribution.filter(Cluster.Distribution::isKubernetes).isPresent();
  }

  /** Says of a key that it is for a Kubernetes, where the inventory asks for none. */
  public void onlyOfKubernetes(String key, Source source, Findings findings) {
    distribution
        .filter(it -> !it.isKubernetes())
        .ifPresent(_ ->
            findings.add(
                source.position(),
                "'%s' is for a Kubernetes, and this is none. take it out.".formatted(key)));
  }

  /** The same, as it is seen from a section of this host. */
  public Outline at(OutlinedHost one) {
    return new Outline(
        distribution, version, hosts, endpoint, cni, nodes, inner, cluster, Optional.of(one));
  }

  /** Whether this key stands at the cluster or at the host of the section, right or wrong. */
  public boolean has(String key) {
    return cluster.filter(it -> it.has(key)).isPresent()
        || host.filter(it -> it.source().has(key)).isPresent();
  }

  /** Refuses the key of the section itself, which nothing would carry out where it stands. */
  public void meaningless(String key, String where, Findings findings) {
    host.map(OutlinedHost::source)
        .or(() -> cluster)
        .ifPresent(it -> findings.meaningless(it, key, where));
  }

  public Optional<OutlinedHost> find(HostName name) {
    return hosts.stream().filter(host -> host.name().equals(name)).findFirst();
  }

  public List<OutlinedHost> with(Role role) {
    return hosts.stream().filter(host -> host.roles().contains(role)).toList();
  }

  /** Says which of these, which stand below this key, are no hosts of the inventory. */
  public void known(List<HostName> members, Source source, String key, Findings findings) {
    var names = hosts.stream().map(host -> host.name().value()).toList();
    var positions = source.itemsAt(key);
    for (var i = 0; i < members.size(); i++) {
      var member = members.get(i).value();
      if (!names.contains(member)) {
        var at = positions.size() == members.size() ? positions.get(i) : source.at(key);
        findings.add(
            at, "there is no host '%s'.%s".formatted(member, DidYouMean.sentence(member, names)));
      }
    }
  }

  /**
   * A host.
   *
   * @param address the best that is known without asking it; empty where that is a name
   * @param source where it is written
   */
  public record OutlinedHost(
      HostName name, Set<Role> roles, Optional<NodeAddress> address, Source source) {
    public boolean isServer() {
      return roles.contains(Role.CONTROL_PLANE);
    }

    /** Whether it is one of a Kubernetes. */
    public boolean isNode() {
      return isServer() || roles.contains(Role.WORKER);
    }
  }

  /** A range with its key, such as {@code pod_cidr}. */
  public record Range(String key, Cidr cidr) {}
}
