package io.provision.console;

import io.provision.console.text.Span;
import io.provision.console.text.Visible;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What takes long is said again every half minute: a pipe has no clock that runs, and ten minutes
 * without a line look like a program that hangs.
 */
final class Heartbeat {
  static final Duration EVERY = Duration.ofSeconds(30);

  /** How the last line of a command begins. */
  private static final String PRINTED = "| ";

  /**
   * What a target is at.
   *
   * @param doing as the step said it, or what it has told of its progress since
   * @param printed the last line of a command that runs; empty while there is none
   */
  private record Work(StepRef step, String doing, String printed, Instant since, Instant told) {
    /** What a command printed is no answer to what is being done: it stands beside it. */
    Work at(String progress) {
      return progress.startsWith(PRINTED)
          ? new Work(step, doing, progress, since, told)
          : new Work(step, progress, "", since, told);
    }

    String text() {
      return printed.isEmpty() ? doing : doing + " " + printed;
    }

    Work told(Instant now) {
      return new Work(step, doing, printed, since, now);
    }
  }

  private final Map<TargetName, Work> works = new TreeMap<>();

  void on(RunEvent event, Instant at) {
    switch (event) {
      case RunEvent.StepStarted(var target, var step, var doing) ->
          works.put(target, new Work(step, doing, "", at, at));
      case RunEvent.Progress(var target, var step, var text) ->
          works.computeIfPresent(
              target, (_, work) -> work.step().equals(step) ? work.at(text) : work);
      case RunEvent.StepFinished finished -> works.remove(finished.target());
      case RunEvent.TargetFailed failed -> works.remove(failed.target());
      case RunEvent.TargetFinished finished -> works.remove(finished.target());
      case RunEvent.Finished _ -> works.clear();
      case RunEvent.Started _,
          RunEvent.Connected _,
          RunEvent.Looked _,
          RunEvent.Locked _,
          RunEvent.Waiting _,
          RunEvent.Note _,
          RunEvent.Learnt _,
          RunEvent.Parted _ -> {}
    }
  }

  /** The lines that are due now; each is given once. */
  List<String> due(Instant now) {
    var lines = new ArrayList<String>();
    works.replaceAll((target, work) -> {
      if (Duration.between(work.told(), now).compareTo(EVERY) < 0) {
        return work;
      }
      lines.add(
          "%s: %s: still in progress after %s: %s"
              .formatted(
                  target,
                  Visible.line(work.step().name()),
                  Span.of(Duration.between(work.since(), now)),
                  Visible.prose(work.text())));
      return work.told(now);
    });
    return lines;
  }
}
