package io.provision.cli;

import io.provision.desk.DeskException;
import io.provision.desk.Journal;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.Interrupt;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps what a run changed, or tried to, for whoever comes after one that was killed. What was
 * found in order is not worth a line. A journal that cannot be kept stops the run before its next
 * step.
 */
final class JournalListener implements RunListener {
  private final Journal journal;
  private final Interrupt interrupt;
  private final AtomicBoolean broken = new AtomicBoolean();
  private final java.util.function.Consumer<String> complaint;

  JournalListener(
      Journal journal, Interrupt interrupt, java.util.function.Consumer<String> complaint) {
    this.journal = journal;
    this.interrupt = interrupt;
    this.complaint = complaint;
  }

  /** Whether something could not be kept. */
  boolean isBroken() {
    return broken.get();
  }

  @Override
  public void on(RunEvent event) {
    line(event).ifPresent(this::append);
  }

  private void append(Map<String, Object> line) {
    try {
      var whole = new LinkedHashMap<String, Object>();
      whole.put("at", Instant.now().toString());
      whole.putAll(line);
      journal.append(whole);
    } catch (DeskException e) {
      if (broken.compareAndSet(false, true)) {
        complaint.accept(
            "the journal cannot be kept, so the run stops before its next step: %s. %s"
                .formatted(e.what(), e.remedy()));
        interrupt.request();
      }
    }
  }

  private static Optional<Map<String, Object>> line(RunEvent event) {
    return switch (event) {
      case RunEvent.Started(var run, var verb, var targets, var steps, _, _) ->
          Optional.of(
              Map.of(
                  "event",
                  "started",
                  "run",
                  run,
                  "verb",
                  verb.name(),
                  "targets",
                  targets.stream().map(TargetName::toString).toList(),
                  "steps",
                  steps));
      case RunEvent.Locked(var hosts) ->
          Optional.of(Map.of("event", "locked", "hosts", hosts.size()));
      case RunEvent.StepStarted(var target, var step, var doing) ->
          Optional.of(
              Map.of(
                  "event",
                  "step_started",
                  "target",
                  target.toString(),
                  "step",
                  step.name(),
                  "doing",
                  doing));
      case RunEvent.StepFinished(var target, var step, var outcome, _) ->
          outcome(outcome, target, step.name());
      case RunEvent.TargetFailed(var target, var outcome) -> outcome(outcome, target, "");
      case RunEvent.Finished(var report) ->
          Optional.of(
              Map.of(
                  "event", "finished",
                  "changed", report.total().changed(),
                  "failed", report.total().failed(),
                  "unreachable", report.total().unreachable()));
      case RunEvent.Connected _,
          RunEvent.Looked _,
          RunEvent.Progress _,
          RunEvent.Waiting _,
          RunEvent.TargetFinished _,
          RunEvent.Note _,
          RunEvent.Learnt _,
          RunEvent.Parted _ ->
          Optional.empty();
    };
  }

  private static Optional<Map<String, Object>> outcome(
      Outcome outcome, TargetName target, String step) {
    return switch (outcome) {
      case Outcome.Ok _,
          Outcome.Skipped _,
          Outcome.WouldChange _,
          Outcome.Pending _,
          Outcome.Leaving _ ->
          Optional.empty();
      case Outcome.Changed(var changes) ->
          Optional.of(
              Map.of(
                  "event",
                  "changed",
                  "target",
                  target.toString(),
                  "step",
                  step,
                  "changes",
                  changes.stream()
                      .map(change -> change.action() + " " + change.subject())
                      .toList()));
      case Outcome.Failed(var failure) -> failure("failed", failure, target, step);
      case Outcome.Unreachable(var failure) -> failure("unreachable", failure, target, step);
      case Outcome.Lost(var failure) -> failure("lost", failure, target, step);
    };
  }

  private static Optional<Map<String, Object>> failure(
      String event, Failure failure, TargetName target, String step) {
    return Optional.of(
        Map.of("event", event, "target", target.toString(), "step", step, "what", failure.what()));
  }
}
