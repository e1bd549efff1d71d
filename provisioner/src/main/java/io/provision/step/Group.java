package io.provision.step;

import io.provision.model.Host;
import io.provision.model.HostName;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Hosts that have something together, such as a pool or a mounted volume. All of them are looked
 * at; one acts for all.
 *
 * @param members in the order in which they are asked to act
 */
public record Group(List<HostName> members) {
  public static final Group NONE = new Group(List.of());

  public Group {
    members = List.copyOf(members);
  }

  /** These, in their order. */
  public static Group of(List<Host> hosts) {
    return new Group(hosts.stream().map(Host::name).toList());
  }

  public boolean has(HostName name) {
    return members.contains(name);
  }

  /**
   * Who acts: the first that is fit to. All members must judge by the same, so that all name the
   * same one.
   */
  public Optional<HostName> actor(Predicate<HostName> isFit) {
    return members.stream().filter(isFit).findFirst();
  }
}
