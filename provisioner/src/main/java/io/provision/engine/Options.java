package io.provision.engine;

import io.provision.model.HostName;
import io.provision.step.Removals;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How a run is narrowed down.
 *
 * @param limit the hosts that may be changed; empty for all
 * @param only names of the only steps to bring about; empty for all
 * @param skip names of steps to leave out
 * @param removals what may be removed of what has left the inventory
 * @param forks how many hosts are worked on at once; waiting does not count
 * @param owner what others read who find our locks
 * @param lookLimit after which a host that does not answer a look is given up
 */
public record Options(
    Optional<Set<HostName>> limit,
    Set<String> only,
    Set<String> skip,
    Removals removals,
    int forks,
    String owner,
    Duration lookLimit) {
  public static final int USUAL_FORKS = 128;

  public Options {
    limit = limit.map(Set::copyOf);
    only = Set.copyOf(only);
    skip = Set.copyOf(skip);
  }

  /** As the other, of a run that removes nothing. */
  public Options(
      Optional<Set<HostName>> limit,
      Set<String> only,
      Set<String> skip,
      int forks,
      String owner,
      Duration lookLimit) {
    this(limit, only, skip, Removals.NONE, forks, owner, lookLimit);
  }

  /** Whether this host may be changed. */
  public boolean includes(io.provision.model.Host host) {
    return limit.map(set -> set.contains(host.name())).orElse(true);
  }

  boolean selects(TargetName target, String step) {
    var inLimit =
        target.host().map(host -> limit.map(set -> set.contains(host)).orElse(true)).orElse(true);
    return inLimit && (only.isEmpty() || only.contains(step)) && !skip.contains(step);
  }
}
