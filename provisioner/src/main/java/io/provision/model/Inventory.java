package io.provision.model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What should be: hosts, and the cluster they form, in the order they were written.
 *
 * @param leaving hosts that are on their way out of the cluster: still logged in to, and no hosts
 *     of it any more
 * @param groups named groups of hosts, besides the {@link #BUILT_IN_GROUPS}
 * @param artifacts where binaries and images are looked for first
 * @param mirror base URL with the same layout, looked at next
 * @param playbook a file that replaces the playbook that comes with the distribution
 * @param time what sets the clocks
 * @param admission what people reach through an active firewall
 * @param file where the inventory was read from; the lock file of pinned digests lies beside it
 */
public record Inventory(
    Optional<Cluster> cluster,
    List<Host> hosts,
    List<Host> leaving,
    Map<String, List<HostName>> groups,
    Optional<Path> artifacts,
    Optional<String> mirror,
    Optional<Path> playbook,
    TimeSource time,
    Admission admission,
    Path file) {

  public Inventory(
      Optional<Cluster> cluster,
      List<Host> hosts,
      Map<String, List<HostName>> groups,
      Optional<Path> artifacts,
      Optional<String> mirror,
      Optional<Path> playbook,
      Path file) {
    this(
        cluster,
        hosts,
        List.of(),
        groups,
        artifacts,
        mirror,
        playbook,
        new TimeSource.AsFound(),
        Admission.USUAL,
        file);
  }

  public Inventory {
    hosts = List.copyOf(hosts);
    leaving = List.copyOf(leaving);
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }

  /** The group of hosts that are on their way out; they are in no other one. */
  public static final String LEAVING = "leaving";

  /** Groups that every inventory has: all hosts, those of each role, and those that leave. */
  public static final List<String> BUILT_IN_GROUPS =
      List.of("all", "control-plane", "worker", "storage", LEAVING);

  /**
   * The hosts that a play means by this word, in the order of the inventory: a group or one host.
   * Empty where there is neither; a built-in group may have no hosts.
   */
  public Optional<List<Host>> select(String word) {
    if (word.equals("all")) {
      return Optional.of(hosts);
    }
    if (word.equals(LEAVING)) {
      return Optional.of(leaving);
    }
    for (var role : Role.values()) {
      if (role.key().equals(word)) {
        return Optional.of(with(role));
      }
    }
    var group = groups.get(word);
    var members = group == null ? null : new HashSet<>(group);
    var chosen =
        (members == null ? known() : hosts)
            .stream()
                .filter(host ->
                    members == null
                        ? host.name().value().equals(word)
                        : members.contains(host.name()))
                .toList();
    return chosen.isEmpty() && members == null ? Optional.empty() : Optional.of(chosen);
  }

  /** All that are logged in to: its hosts, then those that leave. */
  public List<Host> known() {
    return Stream.concat(hosts.stream(), leaving.stream()).toList();
  }

  /** One that is logged in to. */
  public Optional<Host> find(HostName name) {
    return known().stream().filter(host -> host.name().equals(name)).findFirst();
  }

  public List<Host> with(Role role) {
    return hosts.stream().filter(host -> host.is(role)).toList();
  }

  /** The nodes of its Kubernetes: control planes, then workers. None where it describes none. */
  public List<Host> nodes() {
    return cluster.filter(it -> it.distribution().isKubernetes()).isEmpty()
        ? List.of()
        : Stream.concat(with(Role.CONTROL_PLANE).stream(), with(Role.WORKER).stream())
            .distinct()
            .toList();
  }

  /** The hosts that are no nodes. */
  public List<Host> otherThanNodes() {
    var nodes = Set.copyOf(nodes());
    return hosts.stream().filter(host -> !nodes.contains(host)).toList();
  }

  /** In which it lies; programs that it names are run from there. */
  public Path directory() {
    var parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  /** The same, as if the cluster had this section in place of what it has of that type. */
  public Inventory with(Record section) {
    return new Inventory(
        cluster.map(it -> it.with(section)),
        hosts,
        leaving,
        groups,
        artifacts,
        mirror,
        playbook,
        time,
        admission,
        file);
  }

  /** This inventory with each host, of those that leave too, as this makes it. */
  public Inventory withEach(UnaryOperator<Host> change) {
    return with(hosts.stream().map(change).toList(), leaving.stream().map(change).toList());
  }

  /** This inventory with these of its hosts on their way out. */
  public Inventory without(Set<HostName> names) {
    return with(
        hosts.stream().filter(host -> !names.contains(host.name())).toList(),
        known().stream()
            .filter(host -> names.contains(host.name()) || leaving.contains(host))
            .toList());
  }

  /** This inventory as if it had never had this host. */
  public Inventory withoutAnyOf(Host host) {
    return with(
        hosts.stream().filter(it -> !it.name().equals(host.name())).toList(),
        leaving.stream().filter(it -> !it.name().equals(host.name())).toList());
  }

  private Inventory with(List<Host> staying, List<Host> going) {
    return new Inventory(
        cluster, staying, going, groups, artifacts, mirror, playbook, time, admission, file);
  }
}
