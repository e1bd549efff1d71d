package io.provision.engine;

import io.provision.step.Check;
import io.provision.step.Observed;

/** What comparing gave for one task, before anything is done about it. */
sealed interface Verdict {
  Task task();

  /** The step itself said. */
  record Said(Task task, Check check) implements Verdict {}

  /** It needs what cannot come. */
  record Unmet(Task task, String reason) implements Verdict {}

  /** Something before it on the same target stands in its way. */
  record Behind(Task task, String reason) implements Verdict {}

  /** Whether there is, or may be, something to do for it. */
  default boolean isWork() {
    return task().selected()
        && this instanceof Said(_, var check)
        && switch (check) {
          case Check.Drift _, Check.NotYet _, Check.Coming _, Check.Unknown _ -> true;
          case Check.InSync _, Check.Skipped _, Check.Refused _ -> false;
        };
  }

  /** What a plan says of it. */
  default Outcome planned() {
    return switch (this) {
      case Unmet(_, var reason) -> new Outcome.Skipped(reason);
      case Behind(_, var reason) -> new Outcome.Skipped(reason);
      case Said(_, var check) ->
          switch (check) {
            case Check.InSync _ -> new Outcome.Ok();
            case Check.Skipped(var reason, _) -> new Outcome.Skipped(reason);
            case Check.Drift(var changes, _) -> new Outcome.WouldChange(changes);
            case Check.NotYet notYet -> new Outcome.Pending(notYet.awaited(), java.util.Set.of());
            case Check.Coming coming -> new Outcome.Pending(coming.awaited(), java.util.Set.of());
            case Check.Refused(var what, var remedy) ->
                new Outcome.Failed(new Failure(what, remedy));
            case Check.Unknown(var awaiting, var mayDo) -> new Outcome.Pending(awaiting, mayDo);
          };
    };
  }

  /** The outputs seen, where the state is as it should be. */
  static Observed observed(Check check) {
    return switch (check) {
      case Check.InSync(var observed) -> observed;
      case Check.Skipped(_, var observed) -> observed;
      case Check.Drift _, Check.NotYet _, Check.Coming _, Check.Refused _, Check.Unknown _ ->
          Observed.NOTHING;
    };
  }
}
