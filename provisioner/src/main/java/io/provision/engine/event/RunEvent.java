package io.provision.engine.event;

import io.provision.model.rotation.Fact;
import io.provision.remote.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What happens in a run. Listeners get events of one target in order, and of two where one waited
 * for the other: what it waited for is told first. They must not block.
 */
public sealed interface RunEvent {

  /**
   * The first event.
   *
   * @param steps of all targets together
   * @param each how many of them are each target's own
   */
  record Started(
      String run,
      RunVerb verb,
      List<TargetName> targets,
      int steps,
      Instant at,
      Map<TargetName, Integer> each)
      implements RunEvent {
    public Started {
      targets = List.copyOf(targets);
      each = Map.copyOf(each);
    }
  }

  /** A login succeeded. */
  record Connected(TargetName target, Connection.Costs costs) implements RunEvent {}

  /** All questions of a target were answered. */
  record Looked(TargetName target, Duration took, int questions) implements RunEvent {}

  /**
   * Somebody waits, and nothing is changed meanwhile.
   *
   * @param step empty where no step has begun
   * @param what completes "waiting for ..."
   * @param holder who is in the way, in the words that its run left on the host; empty where nobody
   * @param until after which it is given up, where that is known
   */
  record Waiting(
      TargetName target,
      Optional<StepRef> step,
      String what,
      String holder,
      Instant since,
      Optional<Instant> until)
      implements RunEvent {}

  /** The locks of all hosts are held that are changed now; others may follow. */
  record Locked(Set<TargetName> hosts) implements RunEvent {}

  /** A repair, or a wait, begins. */
  record StepStarted(TargetName target, StepRef step, String doing) implements RunEvent {}

  /** Something to show while a step works. */
  record Progress(TargetName target, StepRef step, String text) implements RunEvent {}

  /** The verdict on one step on one target: at most one in a run for each pair of them. */
  record StepFinished(TargetName target, StepRef step, Outcome outcome, Duration took)
      implements RunEvent {}

  /** A target was given up before or between its steps: unreachable, refused, or lost. */
  record TargetFailed(TargetName target, Outcome outcome) implements RunEvent {}

  /** A target is through, or was given up. */
  record TargetFinished(TargetName target, Report.Tally tally) implements RunEvent {}

  /** Something the operator should read, which fails nothing. */
  record Note(TargetName target, String text) implements RunEvent {}

  /** Something was learnt of a target that a summary tells. */
  record Learnt(TargetName target, Fact fact) implements RunEvent {}

  /**
   * A run is through with a host: what its connection has cost.
   *
   * @param requests how often it was asked something and waited for
   */
  record Parted(TargetName target, Connection.Costs costs, int requests) implements RunEvent {}

  /** The last event. */
  record Finished(Report report) implements RunEvent {}
}
