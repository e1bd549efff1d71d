package io.provision.model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What should be: hosts, and the cluster they form, in the order they were written.
 *
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
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }

  /** Groups that every inventory has: all hosts, and those of each role. */
  public static final List<String> BUILT_IN_GROUPS =
      List.of("all", "control-plane", "worker", "storage");

  /**
   * The hosts that a play means by this word, in the order of the inventory: a group or one host.
   * Empty where there is neither; a built-in group may have no hosts.
   */
  public Optional<List<Host>> select(String word) {
    if (word.equals("all")) {
      return Optional.of(hosts);
    }
    for (var role : Role.values()) {
      if (role.key().equals(word)) {
        return Optional.of(with(role));
      }
    }
    var group = groups.get(word);
    var members = group == null ? null : new HashSet<>(group);
    var chosen =
        hosts.stream()
            .filter(host ->
                members == null ? host.name().value().equals(word) : members.contains(host.name()))
            .toList();
    return chosen.isEmpty() && members == null ? Optional.empty() : Optional.of(chosen);
  }

  public Optional<Host> find(HostName name) {
    return hosts.stream().filter(host -> host.name().equals(name)).findFirst();
  }

  public List<Host> with(Role role) {
    return hosts.stream().filter(host -> host.is(role)).toList();
  }

  /** This inventory with other hosts in place of its own. */
  public Inventory withHosts(List<Host> others) {
    return new Inventory(
        cluster, others, groups, artifacts, mirror, playbook, time, admission, file);
  }
}
