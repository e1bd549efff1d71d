package io.provision.steps.kubeadm.names;

import io.provision.model.Cluster;
import io.provision.model.NodeAddress;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.AgentServerUrl;
import io.provision.steps.kubernetes.Nodes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name by which nodes reach the API. kubeadm writes it into every kubeconfig, {@code
 * cluster-info} and kube-proxy's settings, and cannot change it later (kubernetes/kubeadm#1955); an
 * address behind a name is changed in {@code /etc/hosts}. A name that the inventory gives is the
 * operator's to resolve. Ours stands for all control planes, in the order of the inventory: Go's
 * resolver takes every line of /etc/hosts (net/hosts.go), and its dialer the next address where one
 * does not answer, so that a kubelet and kube-proxy outlive the first control plane. They need no
 * virtual address for that: it is for those who are not nodes, and comes once the cluster stands.
 */
public final class ApiName {
  /**
   * The address by which nodes of a cluster that lives find its API: nobody gave that one a name
   * when it was begun, which was not here. There is no such output where they do by a name.
   */
  public static final Output<String> FOUND = new Output<>("kubeadm-api", String.class);

  private static final Pattern URL =
      Pattern.compile("https://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+):([0-9]{1,5})");

  private ApiName() {}

  /** Who tells whether there is an address that stays: a node itself, and control planes. */
  public static Need need(Target.OnHost target) {
    var tell = new LinkedHashSet<>(Nodes.servers(target.inventory()));
    tell.add(target.host());
    return Need.some(FOUND, List.copyOf(tell));
  }

  /** What nodes of this cluster have in their kubeconfigs, or will have. */
  public static String of(Cluster cluster, Known known) {
    return cluster.endpoint().filter(ApiName::isName).isPresent()
        ? of(cluster)
        : known.all(FOUND).values().stream().findFirst().orElseGet(() -> of(cluster));
  }

  /** The host of a URL as kubeconfigs have it; empty where it is none. */
  public static Optional<String> host(String url) {
    return Optional.of(URL.matcher(url))
        .filter(Matcher::matches)
        .map(found -> found.group(1).replaceAll("[\\[\\]]", ""));
  }

  /** Its port; 0 where there is none. */
  public static int port(String url) {
    var found = URL.matcher(url);
    return found.matches() ? Integer.parseInt(found.group(2)) : 0;
  }

  /** The name of one that is not there yet. */
  public static String of(Cluster cluster) {
    return cluster.endpoint().filter(ApiName::isName).orElseGet(() -> ours(cluster));
  }

  /** {@code .internal} is kept for names of one's own (ICANN, 2024-07-29). */
  private static String ours(Cluster cluster) {
    return "api.%s.internal".formatted(cluster.name());
  }

  public static boolean isName(String endpoint) {
    try {
      var _ = NodeAddress.parse(endpoint);
      return false;
    } catch (IllegalArgumentException _) {
      return true;
    }
  }

  /**
   * Whether {@code /etc/hosts} carries it. A name that stands for the virtual address elsewhere
   * cannot lead a first control plane to itself: what carries that address comes later.
   */
  static boolean isOurs(Cluster cluster) {
    return cluster.virtualIp().isPresent() || cluster.endpoint().filter(ApiName::isName).isEmpty();
  }

  /**
   * What the name stands for on nodes: the address of the operator's own balancer, else those of
   * all control planes; empty while one of them is unknown.
   */
  static List<String> addresses(Target.OnHost target, Known known) {
    var cluster = target.cluster();
    if (cluster.endpoint().isPresent() && cluster.virtualIp().isEmpty()) {
      return List.of(cluster.endpoint().get());
    }
    var servers = Nodes.servers(target.inventory());
    var addresses =
        servers.stream()
            .flatMap(server -> AgentServerUrl.address(server, known).stream())
            .map(Object::toString)
            .toList();
    return addresses.size() == servers.size() ? addresses : List.of();
  }
}
