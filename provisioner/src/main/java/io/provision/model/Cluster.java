package io.provision.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The one cluster that an inventory describes.
 *
 * @param version of the distribution; empty only where there is none
 * @param endpoint how people and nodes reach the API: a name or an address, without a port; the
 *     virtual address where there is one, and the first control plane's node address where the
 *     inventory says nothing
 * @param virtualIp an address that is carried among the control planes
 * @param sections what the areas have in the inventory
 */
public record Cluster(
    String name,
    Distribution distribution,
    Optional<Version> version,
    Optional<String> endpoint,
    Optional<NodeAddress> virtualIp,
    Network network,
    Sections sections,
    Optional<Kubeconfig> kubeconfig,
    List<String> tlsSans,
    Position position) {

  /**
   * What turns hosts into a cluster. Each but {@link #NONE} is a line in the catalog of steps.
   *
   * @param name as the inventory writes it, and as its playbook is called
   * @param kubernetes what is known of it as one; empty where it is none
   */
  public record Distribution(String name, Optional<Kubernetes> kubernetes) {
    /** For hosts and storage alone. */
    public static final Distribution NONE = new Distribution("none", Optional.empty());

    public boolean isKubernetes() {
      return kubernetes.isPresent();
    }

    public boolean has(Kubernetes.Trait trait) {
      return kubernetes.filter(it -> it.traits().contains(trait)).isPresent();
    }
  }

  /** Which network plugin pods get their addresses from. */
  public enum Cni {
    FLANNEL,
    CALICO
  }

  /**
   * Addresses of the cluster.
   *
   * @param nodeCidr which of a node's addresses is its own
   */
  public record Network(Cni cni, Optional<Cidr> nodeCidr, Cidr podCidr, Cidr serviceCidr) {}

  /** Where the operator's kubeconfig is, and the name of the context in it. */
  public record Kubeconfig(Path mergeInto, String context) {}

  /** The same, with this section in place of what it has of that type. */
  public Cluster with(Record section) {
    return new Cluster(
        name,
        distribution,
        version,
        endpoint,
        virtualIp,
        network,
        sections.without(section.getClass()).and(Sections.of(section)),
        kubeconfig,
        tlsSans,
        position);
  }

  public Cluster {
    tlsSans = List.copyOf(tlsSans);
  }
}
