package io.provision.step;

import io.provision.model.rotation.Fact;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One piece of desired state: a record whose components are its playbook parameters. It looks by
 * questions, compares without side effects, and says as data what would mend a difference; the
 * engine alone runs that, looks again, and says "changed".
 */
public interface Step<T extends Target> {

  /** What to ask; never depends on another target's answer. */
  Probes probes(T target);

  /**
   * What to ask besides, once the needs are known: which objects a manifest has that another target
   * brings. For the cluster alone, whose API is asked as often as need be; a host is asked all
   * there is to ask in one exec, so that nothing of it may depend on another's answer.
   */
  default Probes probes(T target, Known known) {
    return Probes.NONE;
  }

  /** Compares what was seen with what should be. Pure: the same arguments give the same check. */
  Check check(T target, Observations seen, Known known);

  /**
   * What it does for certain where an earlier step of the list changes this: a unit that runs is
   * restarted with a file that it reads. A plan can say no more of it before.
   *
   * @param subject of the change, such as a path
   */
  default Optional<Change> whenChanged(T target, String subject) {
    return Optional.empty();
  }

  /**
   * What is wrong with what was declared, as far as that can be told without looking at anything:
   * refused as input, before the first connection.
   */
  default List<Check.Refused> refusals(T target) {
    return List.of();
  }

  /** What its look tells whoever sums the run up, whatever comes of it. */
  default List<Fact> facts(T target, Observations seen) {
    return List.of();
  }

  /** Outputs that must be known before {@link #check}: the only thing a target waits for. */
  default Set<Need> needs(T target) {
    return Set.of();
  }

  /** What must be known besides in a run that was asked to remove something. */
  default Set<Need> removalNeeds(T target) {
    return Set.of();
  }

  /** Outputs that a look at the finished state observes. */
  default Set<Output<?>> provides(T target) {
    return Set.of();
  }

  /** What it could do beyond that in a run that was asked to remove something. */
  default Set<Change.Action> mayRemove() {
    return Set.of();
  }

  /** What this step could do at most, for a plan that cannot know yet. */
  default Set<Change.Action> mayDo() {
    return EnumSet.complementOf(EnumSet.of(Change.Action.REMOVE));
  }
}
