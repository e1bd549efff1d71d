package io.provision.step;

import io.provision.model.HostName;
import java.util.Optional;

/**
 * A step for something that hosts have together: every member looks, and one acts for all. Who that
 * is follows from outputs that every member waits for ({@link Need#some}), so that all come to the
 * same answer, and another one acts where the first cannot.
 */
public interface GroupStep extends Step<Target.OnHost> {

  /** Who has it together; none where there is no such thing. */
  Group group(Target.OnHost target);

  /** Who acts, by what is known of all; empty where nobody can. The same for every member. */
  Optional<HostName> actor(Target.OnHost target, Known known);

  /** Compares on the one that acts: what is the matter with the whole. */
  Check act(Target.OnHost target, Observations seen, Known known);

  /** What there is to say on another member, where this one acts. */
  default Check besides(Target.OnHost target, Observations seen, Known known, HostName actor) {
    return new Check.InSync();
  }

  /** What there is to say on every member where nobody can act. */
  Check helpless(Target.OnHost target, Observations seen, Known known);

  /** What there is to say on a host that is no member. */
  Check outside(Target.OnHost target, Observations seen, Known known);

  /** Not to be written anew by a step: who acts is decided here. */
  @Override
  default Check check(Target.OnHost target, Observations seen, Known known) {
    var self = target.host().name();
    if (!group(target).has(self)) {
      return outside(target, seen, known);
    }
    var actor = actor(target, known);
    if (actor.isEmpty()) {
      return helpless(target, seen, known);
    }
    return actor.get().equals(self)
        ? act(target, seen, known)
        : besides(target, seen, known, actor.get());
  }
}
