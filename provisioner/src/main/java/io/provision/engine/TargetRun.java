package io.provision.engine;

import io.provision.desk.DeskException;
import io.provision.engine.Outputs.Settled;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.Interrupt;
import io.provision.engine.session.LastAsked;
import io.provision.engine.session.TargetExecutor;
import io.provision.kube.ClusterException;
import io.provision.remote.RemoteException;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One target's way through its list while repairs are made: step by step, waiting for outputs of
 * others and for its batch, and once more over everything at the end.
 */
final class TargetRun {
  private static final String NOTE = "note: ";

  private final TargetName target;
  private final List<Task> tasks;
  private final LastAsked executor;
  private final LooksAgain looks;
  private final Outputs outputs;
  private final Batches batches;
  private final Waits waits;
  private final Interrupt interrupt;
  private final RunListener listener;
  private final Ahead ahead;

  /** What was repaired together with an earlier step. */
  private final Map<Task, Bundle.Made> made = new HashMap<>();

  /** What was begun together with others. */
  private final Set<Task> begun = new HashSet<>();

  private Observations seen;
  private boolean repaired;
  private Report.Tally tally = Report.Tally.NONE;

  /**
   * What a walk works with.
   *
   * @param stuck tasks that would wait for ever, and for what
   */
  record Course(
      Outputs outputs,
      Batches batches,
      Waits waits,
      Map<TargetName, Map<StepRef, Set<Change.Action>>> announced,
      boolean planned,
      Map<Task, String> stuck) {}

  TargetRun(
      TargetName target,
      List<Task> tasks,
      TargetExecutor executor,
      Observations seen,
      Course course) {
    this.target = target;
    this.tasks = tasks;
    this.executor = new LastAsked(executor);
    this.seen = seen;
    this.outputs = course.outputs();
    this.batches = course.batches();
    this.waits = course.waits();
    this.interrupt = waits.interrupt();
    this.listener = waits.listener();
    this.ahead =
        new Ahead(
            outputs,
            batches,
            course.stuck(),
            course.planned()
                ? Optional.of(course.announced().getOrDefault(target, Map.of()))
                : Optional.empty());
    this.looks = new LooksAgain(tasks, ahead);
  }

  /** Walks to the end, whatever happens; every output is settled and every batch left. */
  Report.Tally walk() {
    try {
      return walkOn();
    } finally {
      outputs.giveUp(target, Outputs.BUG);
      leaveAll(Outputs.BUG);
    }
  }

  private Report.Tally walkOn() {
    String blocked = null;
    var segment = -1;
    var finished = new ArrayList<Task>();
    for (var task : tasks) {
      if (!task.selected()) {
        continue;
      }
      if (task.segment() != segment) {
        leave(segment, blocked);
        segment = task.segment();
        blocked = blocked == null ? enter(segment) : blocked;
      }
      if (blocked == null && interrupt.requested()) {
        blocked = Survey.INTERRUPTED;
      }
      learn(task, seen);
      if (blocked == null) {
        blocked = step(task, finished);
      } else if (made.get(task) instanceof Bundle.Made before) {
        tellMade(task, before);
      } else {
        skip(task, blocked);
      }
    }
    if (blocked == null && repaired) {
      blocked = lastLook(finished);
    }
    listener.on(new RunEvent.TargetFinished(target, tally));
    leaveAll(blocked);
    return tally;
  }

  private @org.jspecify.annotations.Nullable String enter(int segment) {
    try {
      var ended = awaitBatch(segment);
      if (ended.isPresent()) {
        return ended.get();
      }
      if (batches.place(segment, target).orElse(0) > 0) {
        seen = seen.updated(executor.look(looks.all()));
      }
      return null;
    } catch (InterruptedException e) {
      return interrupted();
    } catch (RemoteException e) {
      return gone(e);
    } catch (DeskException e) {
      return broken(new Failure(e.what(), e.remedy()));
    } catch (ClusterException e) {
      return broken(new Failure(e.what(), e.remedy()));
    }
  }

  private Optional<String> awaitBatch(int segment) throws InterruptedException {
    var before = batches.before(segment, target);
    if (before.isEmpty()) {
      return batches.await(segment, target);
    }
    var names = before.stream().map(TargetName::toString).sorted().toList();
    var what = "the batch before it (%s)".formatted(String.join(", ", names));
    return waits.during(Waits.Subject.of(target, what), () -> batches.await(segment, target));
  }

  /** An end that was asked for is no reason to hurry what comes after. */
  private String interrupted() {
    if (!interrupt.requested()) {
      Thread.currentThread().interrupt();
    }
    return Survey.INTERRUPTED;
  }

  private void leave(int segment, @org.jspecify.annotations.Nullable String blocked) {
    batches.leave(
        segment,
        target,
        Optional.ofNullable(blocked).map(reason -> "%s: %s".formatted(target, reason)));
  }

  private void leaveAll(@org.jspecify.annotations.Nullable String blocked) {
    tasks.stream().map(Task::segment).distinct().forEach(segment -> leave(segment, blocked));
  }

  /** Does one step; returns what stands in the way of the rest. */
  private @org.jspecify.annotations.Nullable String step(Task task, List<Task> finished) {
    var begin = System.nanoTime();
    try {
      var late = ahead.stuck().get(task);
      if (late != null) {
        return failed(task, new Failure(late, SerialDeadlocks.REMEDY), since(begin));
      }
      return switch (outputs.await(ahead.needs(task), waits, task)) {
        case Outputs.Resolution.Ready(var known) -> converge(task, known, finished);
        case Outputs.Resolution.Impossible(var reason) -> skip(task, "needs " + reason);
        case Outputs.Resolution.NotYet(var reason) ->
            throw new IllegalStateException("nothing is later in an apply: " + reason);
      };
    } catch (InterruptedException e) {
      if (made.get(task) instanceof Bundle.Made before) {
        tellMade(task, before);
        return interrupted();
      }
      return skip(task, interrupted());
    } catch (RemoteException e) {
      var gone = gone(e);
      settle(task, Optional.empty(), e.what());
      return gone;
    } catch (DeskException e) {
      return failed(task, new Failure(e.what(), e.remedy()), since(begin));
    } catch (ClusterException e) {
      return failed(task, Troubles.of(e), since(begin));
    }
  }

  private @org.jspecify.annotations.Nullable String converge(
      Task task, Known known, List<Task> finished)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    var begin = System.nanoTime(); // what was spent waiting for others is not this step's
    var asked = task.probes(known);
    if (!seen.answer(task.probes())) {
      seen = seen.updated(executor.look(looks.all()));
    }
    if (!asked.equals(task.probes())) { // older answers may be old
      seen = seen.updated(executor.look(List.of(asked)));
    }
    var took = Duration.ZERO;
    var check = task.comparison().check(seen, known);
    if (isRepairedHere(check) && !made.containsKey(task) && bundle(task)) {
      if (interrupt.requested() && made.get(task) instanceof Bundle.Made before) {
        learn(task, seen);
        tellMade(task, before);
        return Survey.INTERRUPTED;
      }
      begin = System.nanoTime();
      check = task.comparison().check(seen, known);
    }
    List<Change> done = List.of();
    switch (made.get(task)) {
      case null -> {
        // it goes alone
      }
      case Bundle.Made.Broke(var failure, var span) -> {
        return failed(task, failure, span);
      }
      case Bundle.Made.Done(var member, var span) -> {
        done = member.drift().changes();
        took = span;
      }
    }
    var converger =
        new Converger(
            task,
            executor,
            seen,
            done,
            ahead.allowed(task),
            doing -> listener.on(new RunEvent.StepStarted(target, task.ref(), doing)),
            text -> said(task, text),
            interrupt);
    try {
      var result =
          isRepairedHere(check) && looks.isLast(List.of(task), seen)
              ? converger.converge(check, known, asked, looks.all(), looks.all())
              : converger.converge(
                  check,
                  known,
                  asked,
                  looks.behind(task, asked, false),
                  looks.behind(task, asked, true));
      if ((converger.repaired() || !done.isEmpty()) && result.check().isPresent()) {
        learn(task, converger.seen());
      }
      return finish(task, result, took.plus(since(begin)), finished);
    } finally {
      seen = converger.seen();
      repaired |= converger.repaired();
    }
  }

  private boolean isRepairedHere(Check check) {
    return target.host().isPresent() && Leaving.rest(check) instanceof Check.Drift;
  }

  /**
   * Repairs what differs, with what can go with it, in one exec.
   *
   * @return whether anything can
   */
  private boolean bundle(Task first)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    var list =
        tasks.subList(tasks.indexOf(first), tasks.size()).stream()
            .filter(Task::selected)
            .takeWhile(task -> task.segment() == first.segment() && !made.containsKey(task))
            .toList();
    var bundle = Bundle.from(list, seen, ahead);
    if (bundle.isEmpty()) {
      return false;
    }
    repaired = true;
    var again = looks.behind(bundle.get(), seen);
    var ran = bundle.get().run(executor, again, this::begun, this::said);
    made.putAll(ran.made());
    if (ran.seen().isPresent()) {
      seen = seen.updated(ran.seen().get());
    } else if (ran.made().size() > 1) { // something was done before the one that broke
      try {
        seen = seen.updated(seenAfter(again));
      } catch (RemoteException | InterruptedException e) {
        made.values().removeIf(Bundle.Made.Done.class::isInstance); // nobody has seen that
        throw e;
      }
    }
    return true;
  }

  /** No mere look: that it is known what was done does not end where an end is asked for. */
  private Observations seenAfter(List<Probes> again)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    var nothing = new Repair.OnHost(List.of(), false);
    return switch (executor.repair(nothing, again, _ -> {})) {
      case TargetExecutor.Result.Seen(var now) -> now;
      case TargetExecutor.Result.Broke(var failure) ->
          throw new IllegalStateException("a look does not fail: " + failure);
    };
  }

  /**
   * Tells what became of a step that went with one that stops the rest: nothing more is done for
   * it, but what was done is not passed over.
   */
  private void tellMade(Task task, Bundle.Made before) {
    switch (before) {
      case Bundle.Made.Broke(var failure, var took) -> failed(task, failure, took);
      case Bundle.Made.Done(var member, var took) -> {
        var check = task.comparison().check(seen, member.known());
        switch (Leaving.rest(check)) {
          case Check.InSync _, Check.Skipped _ -> {
            tell(task, new Outcome.Changed(member.drift().changes()), took);
            settle(task, Optional.of(check), "'%s' did not see it".formatted(task.ref()));
          }
          case Check.Drift(var changes, _, _) ->
              failed(task, Converger.stillDiffers(changes), took);
          case Check.Refused refused -> failed(task, Troubles.of(refused), took);
          case Check.NotYet notYet ->
              failed(task, new Failure("not waited for: " + notYet.awaited(), "run again"), took);
          case Check.Unknown(var awaiting, _) ->
              failed(task, new Failure("it still cannot be said: " + awaiting, "run again"), took);
          case Check.Leaving _ -> throw new IllegalStateException("what is left is not leaving");
        }
      }
    }
  }

  private void begun(Bundle.Member member) {
    var doing = Converger.describe(member.drift().changes());
    begun.add(member.task());
    listener.on(new RunEvent.StepStarted(target, member.task().ref(), doing));
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** What was asked before something was there to ask tells nothing. */
  private void learn(Task task, Observations from) {
    if (from.answer(task.probes())) {
      task.facts().apply(from).forEach(fact -> listener.on(new RunEvent.Learnt(target, fact)));
    }
  }

  /** What a repair says after this word is for the report too. */
  private void said(Task task, String text) {
    listener.on(
        text.startsWith(NOTE)
            ? new RunEvent.Note(target, text.substring(NOTE.length()))
            : new RunEvent.Progress(target, task.ref(), text));
  }

  private @org.jspecify.annotations.Nullable String finish(
      Task task, Converger.Result result, Duration took, List<Task> finished) {
    if (result.outcome() instanceof Outcome.Failed(var failure)) {
      return failed(task, failure, took);
    }
    tell(task, result.outcome(), took);
    result.check().stream()
        .flatMap(check -> notes(check, result.outcome()).stream())
        .forEach(note -> listener.on(new RunEvent.Note(target, note)));
    if (!(result.outcome() instanceof Outcome.Leaving)) {
      result.check().map(check -> Grants.notAsked(check, task.removals())).stream()
          .flatMap(List::stream)
          .forEach(left -> listener.on(new RunEvent.Note(target, left.toString())));
    }
    settle(task, result.check(), "'%s' did not see it".formatted(task.ref()));
    finished.add(task);
    return null;
  }

  /** Where something was changed, what was left as it is would have no other place. */
  private static List<String> notes(Check check, Outcome outcome) {
    return check instanceof Check.Skipped(var reason, var observed)
            && outcome instanceof Outcome.Changed
        ? Observed.noting(reason).and(observed).notes()
        : check.notes();
  }

  private String failed(Task task, Failure failure, Duration took) {
    tell(task, new Outcome.Failed(failure), took);
    settle(task, Optional.empty(), failure.what());
    return "'%s' failed".formatted(task.ref());
  }

  private String skip(Task task, String why) {
    var reason = begun.contains(task) ? "not known whether it was done: " + why : why;
    tell(task, new Outcome.Skipped(reason), Duration.ZERO);
    settle(task, Optional.empty(), reason);
    return why.startsWith("needs ") ? "'%s' was skipped".formatted(task.ref()) : why;
  }

  private String gone(RemoteException e) {
    var outcome = Troubles.of(e);
    tally = tally.plus(outcome);
    listener.on(new RunEvent.TargetFailed(target, outcome));
    return e.what();
  }

  private String broken(Failure failure) {
    var outcome = new Outcome.Failed(failure);
    tally = tally.plus(outcome);
    listener.on(new RunEvent.TargetFailed(target, outcome));
    return failure.what();
  }

  private void tell(Task task, Outcome outcome, Duration took) {
    tally = tally.plus(outcome);
    listener.on(new RunEvent.StepFinished(target, task.ref(), outcome, took));
  }

  /**
   * After it was told: whoever waits for an output begins at once, and comes after in every log.
   */
  private void settle(Task task, Optional<Check> check, String otherwise) {
    var values = check.map(Verdict::observed).map(observed -> observed.values()).orElse(Map.of());
    for (var output : task.provides()) {
      var value = values.get(output);
      outputs.settle(
          target, output, value != null ? new Settled.Value(value) : new Settled.Never(otherwise));
    }
  }

  /** Whether everything still is as it was left; a later step can undo an earlier one. */
  private @org.jspecify.annotations.Nullable String lastLook(List<Task> finished) {
    try {
      var known = new LinkedHashMap<Task, Known>();
      for (var task : finished) {
        if (outputs.await(task.needs()) instanceof Outputs.Resolution.Ready(var values)) {
          known.put(task, values);
        }
      }
      if (!executor.was(looks.all())) {
        var asked = new ArrayList<Probes>();
        known.forEach((task, values) -> asked.add(task.probes(values)));
        seen = seen.updated(executor.look(asked));
      }
      var undone = new HashSet<String>();
      known.forEach((task, values) -> {
        if (Leaving.rest(task.comparison().check(seen, values))
            instanceof Check.Drift(var changes, _, _)) {
          undone.add("'%s' (%s)".formatted(task.ref(), Converger.describe(changes)));
        }
      });
      return undone.isEmpty()
          ? null
          : broken(
              new Failure(
                  "at the end of the run it differs again: " + String.join(", ", undone),
                  "two steps want different things, or something on the host changes it back"));
    } catch (InterruptedException e) {
      return interrupted();
    } catch (RemoteException e) {
      return gone(e);
    } catch (DeskException e) {
      return broken(new Failure(e.what(), e.remedy()));
    } catch (ClusterException e) {
      return broken(new Failure(e.what(), e.remedy()));
    }
  }
}
