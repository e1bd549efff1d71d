package io.provision.engine.event;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a run ended.
 *
 * @param stopped why the run changed nothing at all although it should: locked, or a plan that no
 *     longer fits
 */
public record Report(
    String run,
    RunVerb verb,
    SortedMap<TargetName, Tally> targets,
    Duration took,
    Optional<Stop> stopped,
    boolean interrupted) {

  public Report {
    targets = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(targets));
  }

  /**
   * How many steps ended in which way on one target, or on all.
   *
   * @param unsafe of those that failed, how many because something was not safe to do
   * @param held of those that failed, how many because it was the turn of another run
   */
  public record Tally(
      int ok,
      int changed,
      int wouldChange,
      int pending,
      int leaving,
      int skipped,
      int failed,
      int unreachable,
      int unsafe,
      int held) {
    public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

    /** Where nothing was unsafe. */
    public Tally(
        int ok,
        int changed,
        int wouldChange,
        int pending,
        int leaving,
        int skipped,
        int failed,
        int unreachable) {
      this(ok, changed, wouldChange, pending, leaving, skipped, failed, unreachable, 0, 0);
    }

    /** Where nothing has left the inventory. */
    public Tally(
        int ok,
        int changed,
        int wouldChange,
        int pending,
        int skipped,
        int failed,
        int unreachable) {
      this(ok, changed, wouldChange, pending, 0, skipped, failed, unreachable);
    }

    public Tally plus(Tally other) {
      return new Tally(
          ok + other.ok,
          changed + other.changed,
          wouldChange + other.wouldChange,
          pending + other.pending,
          leaving + other.leaving,
          skipped + other.skipped,
          failed + other.failed,
          unreachable + other.unreachable,
          unsafe + other.unsafe,
          held + other.held);
    }

    public Tally plus(Outcome outcome) {
      return plus(
          switch (outcome) {
            case Outcome.Ok _ -> new Tally(1, 0, 0, 0, 0, 0, 0);
            case Outcome.Changed _ -> new Tally(0, 1, 0, 0, 0, 0, 0);
            case Outcome.WouldChange _ -> new Tally(0, 0, 1, 0, 0, 0, 0);
            case Outcome.Pending _ -> new Tally(0, 0, 0, 1, 0, 0, 0);
            case Outcome.Leaving _ -> new Tally(0, 0, 0, 0, 1, 0, 0, 0);
            case Outcome.Skipped _ -> new Tally(0, 0, 0, 0, 1, 0, 0);
            case Outcome.Failed(var failure) ->
                new Tally(
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    1,
                    0,
                    failure.kind() == Failure.Kind.UNSAFE ? 1 : 0,
                    failure.kind() == Failure.Kind.HELD ? 1 : 0);
            case Outcome.Unreachable _, Outcome.Lost _ -> new Tally(0, 0, 0, 0, 0, 0, 1);
          });
    }
  }

  /** Why a run stopped before it changed anything. */
  public sealed interface Stop {
    String what();

    String remedy();

    /** Another run holds the lock of a host. */
    record Locked(String what, String remedy) implements Stop {}

    /** A saved plan does not fit any more. */
    record PlanMoved(String what, String remedy) implements Stop {}

    /** It was asked to remove what is not there, or what could be this or that. */
    record NothingLeaves(String what, String remedy) implements Stop {}

    /** It was asked to remove something, and its operator did not agree when asked by name. */
    record NotAgreed(String what, String remedy) implements Stop {}
  }

  public Tally total() {
    return targets.values().stream().reduce(Tally.NONE, Tally::plus);
  }

  /** Targets that did not end well, with their tallies. */
  public Map<TargetName, Tally> troubled() {
    var troubled = new TreeMap<TargetName, Tally>();
    targets.forEach((name, tally) -> {
      if (tally.failed() + tally.unreachable() > 0) {
        troubled.put(name, tally);
      }
    });
    return troubled;
  }
}
