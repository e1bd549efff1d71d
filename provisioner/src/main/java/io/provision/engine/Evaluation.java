package io.provision.engine;

import io.provision.engine.Outputs.Settled;
import io.provision.engine.event.Outcome;
import io.provision.kube.ClusterException;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares one target's list with what was seen of it, without touching anything. Where an earlier
 * step of the list would change what a later one asks about, the later one cannot be said yet.
 */
final class Evaluation {
  private final List<Task> tasks;
  private final Outputs outputs;
  private final Waits waits;
  private final Asking asking;
  private final boolean regardless;

  /** What asks the target more than was asked at first. */
  interface Asking {
    /** The answers; empty where it cannot be asked, or not yet. */
    Optional<Observations> ask(Probes probes) throws ClusterException, InterruptedException;
  }

  /**
   * @param regardless whether nothing stands in the way of what comes behind it
   */
  Evaluation(List<Task> tasks, Outputs outputs, Waits waits, Asking asking, boolean regardless) {
    this.asking = asking;
    this.regardless = regardless;
    this.waits = waits;
    this.tasks = tasks;
    this.outputs = outputs;
  }

  /** One verdict a task; settles every output of the target on the way. */
  List<Verdict> of(Observations seen) throws InterruptedException {
    var verdicts = new ArrayList<Verdict>();
    var planned = new Planned();
    String blocked = null;
    for (var task : tasks) {
      var verdict = blocked == null ? verdict(task, seen) : new Verdict.Behind(task, blocked);
      verdict = planned.behind(verdict, seen);
      settle(verdict);
      verdicts.add(verdict);
      if (!task.selected()) {
        continue;
      }
      if (verdict instanceof Verdict.Said(_, var check, _)
          && Leaving.rest(check) instanceof Check.Drift drift) {
        planned.add(task.ref(), drift);
      }
      blocked = regardless ? null : obstacle(verdict);
    }
    return verdicts;
  }

  /** Why nothing behind it can be done; null where it can be. */
  private static @Nullable String obstacle(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Unmet(var task, _) -> "'%s' was skipped".formatted(task.ref());
      case Verdict.Behind(_, var reason) -> reason;
      case Verdict.Said(var task, var check, _) ->
          Leaving.rest(check) instanceof Check.Refused
              ? "'%s' was refused".formatted(task.ref())
              : null;
      case Verdict.Included _ -> null;
    };
  }

  private Verdict verdict(Task task, Observations first) throws InterruptedException {
    return switch (outputs.await(task.needs(), waits, task)) {
      case Outputs.Resolution.Ready(var known) -> {
        var asked = task.probes(known);
        try {
          var seen = first.answer(asked) ? first : with(first, asked);
          yield seen.answer(asked)
              ? new Verdict.Said(task, task.comparison().check(seen, known), asked)
              : new Verdict.Said(
                  task, new Check.Unknown("what could not be asked before", task.mayDo()));
        } catch (ClusterException e) {
          yield new Verdict.Said(task, new Check.Refused(e.what(), e.remedy()));
        }
      }
      case Outputs.Resolution.NotYet(var reason) ->
          new Verdict.Said(task, new Check.Unknown(reason, task.mayDo()));
      case Outputs.Resolution.Impossible(var reason) -> new Verdict.Unmet(task, reason);
    };
  }

  private Observations with(Observations first, Probes asked)
      throws ClusterException, InterruptedException {
    return asking.ask(asked).map(first::updated).orElse(first);
  }

  private void settle(Verdict verdict) {
    var task = verdict.task();
    for (var output : task.provides()) {
      outputs.settle(
          task.target(),
          output,
          switch (verdict) {
            case Verdict.Unmet(_, var reason) -> new Settled.Never(reason);
            case Verdict.Behind(_, var reason) -> new Settled.Never(reason);
            case Verdict.Said(_, var check, _) -> settled(task, output, check);
            case Verdict.Included(_, var drift, _) -> settled(task, output, drift);
          });
    }
  }

  private static Settled settled(Task task, Output<?> output, Check check) {
    var value = Verdict.observed(check).values().get(output);
    return value != null ? new Settled.Value(value) : missing(task, check);
  }

  private static Settled missing(Task task, Check check) {
    return switch (check) {
      case Check.InSync _ -> new Settled.Never("'%s' did not see it".formatted(task.ref()));
      case Check.Skipped(var reason, _) -> new Settled.Never(reason);
      case Check.Refused(var what, _, _) -> new Settled.Never(what);
      case Check.Leaving(_, var rest) -> missing(task, rest);
      case Check.Drift _, Check.NotYet _, Check.Unknown _ ->
          task.selected()
              ? new Settled.Later("'%s' on %s".formatted(task.ref(), task.target()))
              : new Settled.Never(task.leftOut());
    };
  }

  /** The kinds of change a verdict announces; empty where it announces none. */
  static Set<Change.Action> announced(Verdict verdict) {
    if (verdict instanceof Verdict.Included(_, var drift, _)) {
      return actions(drift.changes());
    }
    return switch (verdict.planned()) {
      case Outcome.WouldChange(var changes) -> actions(changes);
      case Outcome.Pending(_, var mayDo) -> mayDo;
      case Outcome.Ok _,
          Outcome.Leaving _,
          Outcome.Changed _,
          Outcome.Skipped _,
          Outcome.Failed _,
          Outcome.Unreachable _,
          Outcome.Lost _ ->
          Set.of();
    };
  }

  private static Set<Change.Action> actions(List<Change> changes) {
    return changes.stream().map(Change::action).collect(Collectors.toUnmodifiableSet());
  }
}
