package io.provision.engine;

import io.provision.engine.event.TargetName;
import io.provision.step.Removals;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How a run is narrowed down.
 *
 * @param limit the targets that may be changed; empty for all. Others are looked at only where one
 *     of these waits for them
 * @param only names of the only steps to bring about; empty for all
 * @param skip names of steps to leave out
 * @param removals what may be removed of what has left the inventory
 * @param forks how many hosts are worked on at once; waiting does not count
 * @param owner what others read who find our locks
 * @param lookLimit after which a host that does not answer a look is given up
 * @param asideLimit the same for hosts that this run may not change, and for their logins
 * @param quiet how long no host may have answered before those that have are worked on
 * @param arrival how long a host may take until it can be logged in to at all; none usually
 * @param regardless whether what comes behind a step that was refused is compared all the same: for
 *     a plan that wants to know everything at once, never for a run that changes something
 */
public record Options(
    Optional<Set<TargetName>> limit,
    Set<String> only,
    Set<String> skip,
    Removals removals,
    int forks,
    String owner,
    Duration lookLimit,
    Duration asideLimit,
    Duration quiet,
    Duration arrival,
    boolean regardless) {
  public static final int USUAL_FORKS = 128;

  /** A run that may not change a host is not held up by it for longer. */
  private static final Duration ASIDE_LIMIT = Duration.ofSeconds(8);

  /** Hosts that are much alike answer within this time of each other, and are locked together. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  public Options {
    limit = limit.map(Set::copyOf);
    only = Set.copyOf(only);
    skip = Set.copyOf(skip);
  }

  /** As the other, of hosts that are there. */
  public Options(
      Optional<Set<TargetName>> limit,
      Set<String> only,
      Set<String> skip,
      Removals removals,
      int forks,
      String owner,
      Duration lookLimit,
      Duration asideLimit,
      Duration quiet) {
    this(
        limit,
        only,
        skip,
        removals,
        forks,
        owner,
        lookLimit,
        asideLimit,
        quiet,
        Duration.ZERO,
        false);
  }

  /** The same of hosts that are about to come, so long at most. */
  public Options awaiting(Duration coming) {
    return new Options(
        limit,
        only,
        skip,
        removals,
        forks,
        owner,
        lookLimit,
        asideLimit,
        quiet,
        coming,
        regardless);
  }

  /** The same, of a plan in which a step that was refused stands in no other's way. */
  public Options comparingAll() {
    return new Options(
        limit, only, skip, removals, forks, owner, lookLimit, asideLimit, quiet, arrival, true);
  }

  /** As the other, with the usual patience with others. */
  public Options(
      Optional<Set<TargetName>> limit,
      Set<String> only,
      Set<String> skip,
      Removals removals,
      int forks,
      String owner,
      Duration lookLimit) {
    this(limit, only, skip, removals, forks, owner, lookLimit, ASIDE_LIMIT, QUIET);
  }

  /** As the other, of a run that removes nothing. */
  public Options(
      Optional<Set<TargetName>> limit,
      Set<String> only,
      Set<String> skip,
      int forks,
      String owner,
      Duration lookLimit) {
    this(limit, only, skip, Removals.NONE, forks, owner, lookLimit);
  }

  /** Whether anything is left out. */
  boolean narrows() {
    return limit.isPresent() || !only.isEmpty() || !skip.isEmpty();
  }

  /** Whether this target may be changed. */
  public boolean includes(TargetName target) {
    return limit.map(targets -> targets.contains(target)).orElse(true);
  }

  /** Whether this step may change this target. */
  public boolean selects(TargetName target, String step) {
    return includes(target) && (only.isEmpty() || only.contains(step)) && !skip.contains(step);
  }
}
