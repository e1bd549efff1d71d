package io.provision.console;

import io.provision.console.text.Names;
import io.provision.console.text.OutcomeWords;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a live view needs to know at any time; its size is bounded by the number of targets. */
final class LiveState {
  private static final int MOST_TROUBLES = 5;

  /** A target in the middle of something, since when. */
  record Working(TargetName target, String step, String text, Instant since) {}

  /** A failure in one line, and all that have the same. */
  record Trouble(List<TargetName> targets, String text) {
    Trouble {
      targets = List.copyOf(targets);
    }
  }

  private final Map<TargetName, Working> working = new HashMap<>();
  private final Set<TargetName> done = new HashSet<>();
  private final Set<TargetName> failed = new HashSet<>();
  private final Map<TargetName, Integer> through = new HashMap<>();
  private final LinkedHashMap<String, List<TargetName>> troubles = new LinkedHashMap<>();
  private Map<TargetName, Integer> steps = Map.of();
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
        through.merge(target, 1, Integer::sum);
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
        var text = OutcomeWords.waiting(waiting);
        working.put(waiting.target(), new Working(waiting.target(), step, text, waiting.since()));
      }
      case RunEvent.Locked(var hosts) -> working.keySet().removeAll(hosts);
      case RunEvent.Note _, RunEvent.Learnt _, RunEvent.Parted _, RunEvent.Finished _ -> {}
    }
  }

  /** A command can have several runs, one after the other: each is counted by itself. */
  private void start(RunEvent.Started started, Instant at) {
    working.clear();
    done.clear();
    failed.clear();
    through.clear();
    troubles.clear();
    total = Report.Tally.NONE;
    verb = started.verb().name().toLowerCase(Locale.ROOT);
    targets = started.targets().size();
    steps = started.each();
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
    var text = how + ": " + failure.what();
    var same = troubles.remove(text); // the latest comes last
    troubles.put(text, same == null ? new ArrayList<>() : same);
    java.util.Objects.requireNonNull(troubles.get(text)).add(target);
    if (troubles.size() > MOST_TROUBLES) {
      troubles.pollFirstEntry();
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

  /**
   * Those who have been at it for longest, at most so many, in the order of their names: a line
   * stays where it is for as long as its target works.
   */
  List<Working> working(int most) {
    return working.values().stream()
        .sorted(
            Comparator.comparing(Working::since).thenComparing(Working::target, Names::naturally))
        .limit(most)
        .sorted(Comparator.comparing(Working::target, Names::naturally))
        .toList();
  }

  int atWork() {
    return working.size();
  }

  /** For example {@code 3/12}: it is at the third of its steps; empty where it has none. */
  String at(TargetName target) {
    var all = steps.getOrDefault(target, 0);
    return all == 0
        ? ""
        : "%d/%d".formatted(Math.min(all, 1 + through.getOrDefault(target, 0)), all);
  }

  /** The last ones, the latest last. */
  List<Trouble> troubles() {
    return troubles.entrySet().stream()
        .map(each -> new Trouble(each.getValue(), each.getKey()))
        .toList();
  }
}
