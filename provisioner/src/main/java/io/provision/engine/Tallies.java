package io.provision.engine;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.TargetName;
import io.provision.step.Observations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What came of each target: told, and counted. For any threads. */
final class Tallies {
  private final RunVerb verb;
  private final TaskGraph graph;
  private final RunListener listener;
  private final Map<TargetName, Observations> seen;
  private final Map<TargetName, Report.Tally> tallies = new ConcurrentHashMap<>();

  /**
   * @param seen what was seen last of each target
   */
  Tallies(RunVerb verb, TaskGraph graph, RunListener listener, Map<TargetName, Observations> seen) {
    this.seen = seen;
    this.verb = verb;
    this.graph = graph;
    this.listener = listener;
  }

  /** Keeps the count of a target of which its own walk has told everything. */
  void count(TargetName target, Report.Tally tally) {
    tallies.put(target, tally);
  }

  /** Tells what was found of a target on which nothing is done. */
  void report(TargetName target, List<Verdict> verdicts) {
    if (!graph.selects(target)) {
      return;
    }
    var tally = Report.Tally.NONE;
    for (var verdict : verdicts) {
      if (verdict.task().selected()) {
        var outcome = verb == RunVerb.APPLY ? Verdicts.left(verdict, verdicts) : verdict.planned();
        tally = tally.plus(outcome);
        learnt(target, verdict.task());
        listener.on(
            new RunEvent.StepFinished(target, verdict.task().ref(), outcome, Duration.ZERO));
        verdict.notes().forEach(note -> listener.on(new RunEvent.Note(target, note)));
        if (!(outcome instanceof Outcome.Leaving)) {
          verdict.left().forEach(left -> listener.on(new RunEvent.Note(target, left.toString())));
        }
      }
    }
    count(target, tally);
    listener.on(new RunEvent.TargetFinished(target, tally));
  }

  private void learnt(TargetName target, Task task) {
    var answers = seen.get(target);
    if (answers != null && answers.answer(task.probes())) {
      task.facts().apply(answers).forEach(fact -> listener.on(new RunEvent.Learnt(target, fact)));
    }
  }

  /** Tells of those that could not be asked, or not to the end. */
  void reportGone(Map<TargetName, Outcome> gone) {
    gone.forEach((target, outcome) -> {
      if (!graph.selects(target)) {
        listener.on(new RunEvent.Note(target, aside(outcome)));
        return;
      }
      var tally = Report.Tally.NONE.plus(outcome);
      count(target, tally);
      listener.on(new RunEvent.TargetFailed(target, outcome));
      listener.on(new RunEvent.TargetFinished(target, tally));
    });
  }

  /** Of a target that this run may not change: what needs it is skipped, and says so itself. */
  private static String aside(Outcome outcome) {
    return "it could not be asked (%s); this run changes nothing on it and goes on without"
        .formatted(outcome.why());
  }

  SortedMap<TargetName, Report.Tally> all() {
    return new TreeMap<>(tallies);
  }
}
