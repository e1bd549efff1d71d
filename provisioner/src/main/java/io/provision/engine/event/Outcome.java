package io.provision.engine.event;

import io.provision.step.Change;
import java.util.List;
import java.util.Set;

/** What became of one step on one target. */
public sealed interface Outcome {

  /** What stands in its way, for others who need it; empty where nothing does. */
  default String why() {
    return switch (this) {
      case Failed(var failure) -> failure.what();
      case Unreachable(var failure) -> failure.what();
      case Lost(var failure) -> failure.what();
      case Skipped(var reason) -> reason;
      case Ok _, Changed _, WouldChange _, Pending _, Leaving _ -> "";
    };
  }

  /** It was as it should be. */
  record Ok() implements Outcome {}

  /** It was mended, and a second look found it so. */
  record Changed(List<Change> changes) implements Outcome {
    public Changed {
      changes = List.copyOf(changes);
    }
  }

  /** In a plan: what apply would do. */
  record WouldChange(List<Change> changes) implements Outcome {
    public WouldChange {
      changes = List.copyOf(changes);
    }
  }

  /** In a plan: cannot be said before something else is known or done. */
  record Pending(String awaiting, Set<Change.Action> mayDo) implements Outcome {
    public Pending {
      mayDo = Set.copyOf(mayDo);
    }
  }

  /**
   * In order but for what has left the inventory and is still there, because nobody asked to remove
   * it.
   */
  record Leaving(List<Left> left) implements Outcome {
    public Leaving {
      left = List.copyOf(left);
    }
  }

  /**
   * Something that would have to be asked for.
   *
   * @param names what {@code --remove} must be given, all of it
   * @param obstacle what stands in its way now; empty where nothing does
   * @param begun what an earlier run has begun and not ended; empty where there is no such thing
   * @param lost what was taken from what the inventory still names, as a clause; empty where it
   *     names none of it
   */
  record Left(
      List<String> names, List<Change> changes, String obstacle, String begun, String lost) {
    public Left {
      names = List.copyOf(names);
      changes = List.copyOf(changes);
    }

    /** One sentence for a person. */
    @Override
    public String toString() {
      return "%s and is still there; only with %s%s%s"
          .formatted(
              lost.isEmpty() ? String.join(", ", names) + " left the inventory" : lost,
              options(),
              begun.isEmpty() ? "" : ". " + begun,
              obstacle.isEmpty() ? "" : ". Not now: " + obstacle);
    }

    /** As it is typed. */
    public String options() {
      return String.join(" ", names.stream().map(name -> "--remove " + name).toList());
    }
  }

  /** Left out, with the reason. */
  record Skipped(String reason) implements Outcome {}

  /** Not reached: a repair failed, or the desired state was refused. */
  record Failed(Failure failure) implements Outcome {}

  /** The host could not be reached or logged in to; nothing was executed. */
  record Unreachable(Failure failure) implements Outcome {}

  /** The connection ended in the middle: what happened on the host is unknown. */
  record Lost(Failure failure) implements Outcome {}
}
