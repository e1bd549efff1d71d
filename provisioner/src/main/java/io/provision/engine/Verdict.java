package io.provision.engine;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.StepRef;
import io.provision.step.Check;
import io.provision.step.Observed;
import io.provision.step.Probes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What comparing gave for one task, before anything is done about it. */
sealed interface Verdict {
  Task task();

  /**
   * The step itself said.
   *
   * @param asked what it rests on
   */
  record Said(Task task, Check check, Probes asked) implements Verdict {
    Said(Task task, Check check) {
      this(task, check, task.probes());
    }
  }

  /** It needs what cannot come. */
  record Unmet(Task task, String reason) implements Verdict {}

  /** Something before it on the same target stands in its way. */
  record Behind(Task task, String reason) implements Verdict {}

  /** What differs is mended by the repair of an earlier step on the same target. */
  record Included(Task task, Check.Drift drift, StepRef by) implements Verdict {}

  /** What the step itself said; empty where it could not be asked. */
  default Optional<Check> said() {
    return switch (this) {
      case Said(_, var check, _) -> Optional.of(check);
      case Included(_, var drift, _) -> Optional.of(drift);
      case Unmet _, Behind _ -> Optional.empty();
    };
  }

  /** All that was asked for it. */
  default Probes asked() {
    return task().probes();
  }

  /** Whether there is, or may be, something to do for it. */
  default boolean isWork() {
    return task().selected() && said().filter(Verdict::isWork).isPresent();
  }

  private static boolean isWork(Check check) {
    return switch (check) {
      case Check.Drift _, Check.NotYet _, Check.Unknown _ -> true;
      case Check.InSync _, Check.Skipped _, Check.Refused _ -> false;
      case Check.Leaving(_, var rest) -> isWork(rest);
    };
  }

  /** What has left the inventory and stays, since this run was not asked to remove it. */
  default List<Outcome.Left> left() {
    return this instanceof Said(var task, var check, _)
        ? Grants.notAsked(check, task.removals())
        : List.of();
  }

  /** What the operator should read of it. */
  default List<String> notes() {
    return said().map(Check::notes).orElse(List.of());
  }

  /** What a plan says of it. */
  default Outcome planned() {
    return switch (this) {
      case Unmet(_, var reason) -> new Outcome.Skipped(reason);
      case Behind(_, var reason) -> new Outcome.Skipped(reason);
      case Said(_, var check, _) -> planned(check, left());
      case Included(_, _, var by) -> new Outcome.Skipped("'%s' does it".formatted(by));
    };
  }

  private static Outcome planned(Check check, List<Outcome.Left> left) {
    return switch (check) {
      case Check.InSync _ -> left.isEmpty() ? new Outcome.Ok() : new Outcome.Leaving(left);
      case Check.Skipped(var reason, _) ->
          left.isEmpty() ? new Outcome.Skipped(reason) : new Outcome.Leaving(left);
      case Check.Drift(var changes, _, _) -> new Outcome.WouldChange(changes);
      case Check.NotYet notYet -> new Outcome.Pending(notYet.awaited(), Set.of());
      case Check.Refused refused -> new Outcome.Failed(Troubles.of(refused));
      case Check.Unknown(var awaiting, var mayDo) -> new Outcome.Pending(awaiting, mayDo);
      case Check.Leaving(_, var rest) -> planned(rest, left);
    };
  }

  /** The outputs seen: all where the state is as it should be, else those that do not change. */
  static Observed observed(Check check) {
    return switch (check) {
      case Check.InSync(var observed) -> observed;
      case Check.Skipped(_, var observed) -> observed;
      case Check.Leaving(_, var rest) -> observed(rest);
      case Check.Drift(_, _, var observed) -> observed;
      case Check.NotYet _, Check.Refused _, Check.Unknown _ -> Observed.NOTHING;
    };
  }
}
