package io.provision.console.text;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What a run has told so far, as far as its summary needs it: no step that was just fine. */
public final class Story implements View {
  private static final int SLOWEST = 5;
  private static final Comparator<Verdict> BY_TIME = Comparator.comparing(Verdict::took);

  /** What became of one step on one target; {@code step} is empty where the target was given up. */
  record Verdict(
      TargetName target, Optional<StepRef> step, Outcome outcome, Duration took, Instant at) {

    Optional<Failure> failure() {
      return switch (outcome) {
        case Outcome.Failed(var failure) -> Optional.of(failure);
        case Outcome.Unreachable(var failure) -> Optional.of(failure);
        case Outcome.Lost(var failure) -> Optional.of(failure);
        case Outcome.Ok _,
            Outcome.Changed _,
            Outcome.WouldChange _,
            Outcome.Pending _,
            Outcome.Leaving _,
            Outcome.Skipped _ ->
            Optional.empty();
      };
    }
  }

  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<RunEvent.Note> notes = new ArrayList<>();
  private final PriorityQueue<Verdict> slowest = new PriorityQueue<>(BY_TIME);
  private RunEvent.@Nullable Started started;
  private @Nullable Report report;

  @Override
  public void on(RunEvent event, Instant at) {
    switch (event) {
      case RunEvent.Started s -> started = s;
      case RunEvent.StepFinished(var target, var step, var outcome, var took) ->
          add(new Verdict(target, Optional.of(step), outcome, took, at));
      case RunEvent.TargetFailed(var target, var outcome) ->
          add(new Verdict(target, Optional.empty(), outcome, Duration.ZERO, at));
      case RunEvent.Note note -> notes.add(note);
      case RunEvent.Finished(var ended) -> report = ended;
      case RunEvent.Connected _,
          RunEvent.Looked _,
          RunEvent.Locked _,
          RunEvent.StepStarted _,
          RunEvent.Progress _,
          RunEvent.Waiting _,
          RunEvent.TargetFinished _,
          RunEvent.Learnt _,
          RunEvent.Parted _ -> {}
    }
  }

  private void add(Verdict verdict) {
    if (!(verdict.outcome() instanceof Outcome.Ok)) {
      verdicts.add(verdict);
    }
    slowest.add(verdict);
    if (slowest.size() > SLOWEST) {
      slowest.remove();
    }
  }

  Optional<RunEvent.Started> started() {
    return Optional.ofNullable(started);
  }

  Optional<Report> report() {
    return Optional.ofNullable(report);
  }

  /** All that were not just fine, in the order in which they came. */
  List<Verdict> verdicts() {
    return List.copyOf(verdicts);
  }

  List<Verdict> failures() {
    return verdicts.stream().filter(verdict -> verdict.failure().isPresent()).toList();
  }

  List<RunEvent.Note> notes() {
    return List.copyOf(notes);
  }

  /** The longest first; only what took a second or more. */
  List<Verdict> slowest() {
    return slowest.stream()
        .filter(verdict -> verdict.took().toSeconds() >= 1)
        .sorted(BY_TIME.reversed())
        .toList();
  }
}
