package io.provision.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What should be: hosts, and the cluster they form, in the order they were written.
 *
 * @param artifacts where binaries and images are looked for first
 * @param mirror base URL with the same layout, looked at next
 * @param playbook a file that replaces the playbook that comes with the distribution
 * @param file where the inventory was read from; the lock file of pinned digests lies beside it
 */
public record Inventory(
    Optional<Cluster> cluster,
    List<Host> hosts,
    Optional<Path> artifacts,
    Optional<String> mirror,
    Optional<Path> playbook,
    Path file) {

  public Inventory {
    hosts = List.copyOf(hosts);
  }

  public Optional<Host> find(HostName name) {
    return hosts.stream().filter(host -> host.name().equals(name)).findFirst();
  }

  public List<Host> with(Role role) {
    return hosts.stream().filter(host -> host.is(role)).toList();
  }
}
