package io.provision.console;

import io.provision.engine.Failure;
import io.provision.engine.Outcome;
import io.provision.engine.Report;
import io.provision.engine.RunEvent;
import io.provision.engine.StepRef;
import io.provision.engine.TargetName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a live view needs to know at any time; its size is bounded by the number of targets. */
final class LiveState {
  private static final int MOST_TROUBLES = 5;

  /** A target in the middle of something, since when. */
  record Working(TargetName target, String step, String text, Instant since) {}

  /** A failure in one line. */
  record Trouble(TargetName target, String text) {}

  private final Map<TargetName, Working> working = new HashMap<>();
  private final Set<TargetName> done = new HashSet<>();
  private final Set<TargetName> failed = new HashSet<>();
  private final Deque<Trouble> troubles = new ArrayDeque<>();
  private String verb = "";
  private int targets;
  private Report.Tally total = Report.Tally.NONE;
  private Instant began = Instant.EPOCH;

  void on(RunEvent event, Instant at) {
    switch (event) {
      case RunEvent.Started started -> start(started, at);
      case RunEvent.Connected(var target, _) ->
          working.put(target, new Working(target, "", "looking", at));
      case RunEvent.Looked(var target, _, _) -> working.remove(target);
      case RunEvent.StepStarted(var target, var step, var doing) ->
          working.put(target, new Working(target, step.name(), doing, at));
      case RunEvent.Progress(var target, var step, var text) ->
          progress(target, step.name(), text, at);
      case RunEvent.StepFinished(var target, var step, var outcome, _) -> {
        working.remove(target);
        total = total.plus(outcome);
        trouble(target, step.name() + " ", outcome);
      }
      case RunEvent.TargetFailed(var target, var outcome) -> {
        working.remove(target);
        trouble(target, "", outcome);
      }
      case RunEvent.TargetFinished(var target, _) -> {
        working.remove(target);
        done.add(target);
      }
      case RunEvent.Waiting waiting -> {
        var step = waiting.step().map(StepRef::name).orElse("");
        var text = Words.waiting(waiting);
        working.put(waiting.target(), new Working(waiting.target(), step, text, waiting.since()));
      }
      case RunEvent.Locked(var hosts) -> working.keySet().removeAll(hosts);
      case RunEvent.Note _, RunEvent.Parted _, RunEvent.Finished _ -> {}
    }
  }

  private void start(RunEvent.Started started, Instant at) {
    verb = started.verb().name().toLowerCase(Locale.ROOT);
    targets = started.targets().size();
    began = at;
  }

  private void progress(TargetName target, String step, String text, Instant at) {
    var before = working.get(target);
    working.put(target, new Working(target, step, text, before == null ? at : before.since()));
  }

  private void trouble(TargetName target, String step, Outcome outcome) {
    switch (outcome) {
      case Outcome.Failed(var failure) -> add(target, step + "failed", failure);
      case Outcome.Unreachable(var failure) -> add(target, step + "unreachable", failure);
      case Outcome.Lost(var failure) -> add(target, step + "lost", failure);
      case Outcome.Ok _,
          Outcome.Changed _,
          Outcome.WouldChange _,
          Outcome.Pending _,
          Outcome.Leaving _,
          Outcome.Skipped _ -> {}
    }
  }

  private void add(TargetName target, String how, Failure failure) {
    failed.add(target);
    troubles.addLast(new Trouble(target, how + ": " + failure.what()));
    if (troubles.size() > MOST_TROUBLES) {
      troubles.removeFirst();
    }
  }

  String verb() {
    return verb;
  }

  int targets() {
    return targets;
  }

  int done() {
    return done.size();
  }

  int failed() {
    return failed.size();
  }

  Report.Tally total() {
    return total;
  }

  Instant began() {
    return began;
  }

  /** Who has been at it for longest comes first. */
  List<Working> working() {
    return working.values().stream()
        .sorted(
            Comparator.comparing(Working::since).thenComparing(Working::target, Names::naturally))
        .toList();
  }

  /** The last ones, the latest last. */
  List<Trouble> troubles() {
    return List.copyOf(troubles);
  }
}
