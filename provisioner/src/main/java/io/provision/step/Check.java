package io.provision.step;

import io.provision.remote.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What comparing gave. The one switch over it is in the engine. */
public sealed interface Check {

  /** All is as it should be. */
  record InSync(Observed observed) implements Check {
    public InSync() {
      this(Observed.NOTHING);
    }
  }

  /** Not this host's to decide, or not asked for; {@code reason} completes "skipped: ...". */
  record Skipped(String reason, Observed observed) implements Check {
    public Skipped(String reason) {
      this(reason, Observed.NOTHING);
    }
  }

  /**
   * Something differs.
   *
   * @param observed outputs that are seen already, although something is left to do, so that a plan
   *     can compare others with them; and what the operator should read besides, such as what is
   *     left as it is
   */
  record Drift(List<Change> changes, Repair repair, Observed observed) implements Check {
    public Drift(List<Change> changes, Repair repair) {
      this(changes, repair, Observed.NOTHING);
    }

    public Drift(List<Change> changes, Repair repair, List<String> notes) {
      this(changes, repair, new Observed(Map.of(), notes));
    }

    public Drift {
      changes = List.copyOf(changes);
      if (changes.isEmpty()) {
        throw new IllegalArgumentException("a drift names what differs");
      }
    }
  }

  /**
   * Nothing is left to do but wait. The engine does until it has come, it is known not to come, or
   * the deadline is over; and looks again.
   *
   * @param awaited completes "waiting for ..."
   */
  record NotYet(String awaited, Duration deadline, Wait by) implements Check {
    /** Waits on the host itself; see {@link Wait.OnHost}. */
    public NotYet(String awaited, Duration deadline, Call until, Call evidence) {
      this(awaited, deadline, new Wait.OnHost(until, evidence));
    }

    /** Asks the step's own questions again; see {@link Wait.Asking}. */
    public NotYet(String awaited, Duration deadline, String evidence, String remedy) {
      this(awaited, deadline, new Wait.Asking(evidence, remedy));
    }
  }

  /**
   * The desired state must not or cannot be reached from here; nothing is changed.
   *
   * @param unsafe whether it is a safety check that has failed
   */
  record Refused(String what, String remedy, boolean unsafe) implements Check {
    public Refused(String what, String remedy) {
      this(what, remedy, false);
    }

    /** Where it would not be safe. */
    public static Refused unsafe(String what, String remedy) {
      return new Refused(what, remedy, true);
    }
  }

  /**
   * Something is there that the inventory no longer names. What is left of the check once the run's
   * own {@link Removals} were applied is in {@code rest}.
   *
   * @param rest what holds of all else
   */
  record Leaving(List<Departure> departures, Check rest) implements Check {
    public Leaving {
      departures = List.copyOf(departures);
      if (rest instanceof Leaving) {
        throw new IllegalArgumentException("what is left is not leaving");
      }
    }
  }

  /** What the operator should read of it, which fails nothing. */
  default List<String> notes() {
    return switch (this) {
      case InSync(var observed) -> observed.notes();
      case Skipped(_, var observed) -> observed.notes();
      case Drift(_, _, var observed) -> observed.notes();
      case Leaving(_, var rest) -> rest.notes();
      case NotYet _, Refused _, Unknown _ -> List.of();
    };
  }

  /**
   * Cannot be said yet. Legal in a plan only.
   *
   * @param awaiting what must be known or done first
   * @param mayDo the kinds of change it can come to
   */
  record Unknown(String awaiting, Set<Change.Action> mayDo) implements Check {
    public Unknown {
      mayDo = Set.copyOf(mayDo);
    }
  }
}
