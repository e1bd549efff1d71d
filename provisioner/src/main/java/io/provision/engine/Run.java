package io.provision.engine;

import io.provision.engine.event.RemovalPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.HostKeyPrompts;
import io.provision.engine.session.Interrupt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One run: look, compare, and where something is to be done: lock, look again, repair. */
final class Run {
  private final String id;
  private final RunVerb verb;
  private final TaskGraph graph;
  private final Options options;
  private final Survey survey;
  private final RunListener listener;
  private final Interrupt interrupt;
  private final RemovalPrompt prompt;
  private final Waits waits;
  private final long begin = System.nanoTime();
  private final KeptPlan plan;
  private final Comparisons comparisons;
  private final DeadlockRefusals deadlocks;
  private final Tallies tallies;
  private final Repairs repairs;

  /** Whether something was changed already. */
  private boolean begun;

  /**
   * What a run is asked for.
   *
   * @param id of the run, for the journal
   * @param saved the plan to be kept to
   */
  record Asked(
      String id, RunVerb verb, TaskGraph graph, Options options, Optional<SavedPlan> saved) {}

  Run(Asked asked, Survey survey, Waits waits, RemovalPrompt prompt) {
    this.id = asked.id();
    this.verb = asked.verb();
    this.graph = asked.graph();
    this.options = asked.options();
    this.survey = survey;
    this.waits = waits;
    this.listener = waits.listener();
    this.interrupt = waits.interrupt();
    this.prompt = prompt;
    this.plan = new KeptPlan(asked.saved(), survey);
    this.comparisons = new Comparisons(graph, survey, waits, options.regardless());
    this.deadlocks = new DeadlockRefusals(graph);
    this.tallies = new Tallies(verb, graph, listener, survey.seen());
    this.repairs = new Repairs(graph, survey, options.owner(), waits, plan, tallies);
  }

  RunResult go(HostKeyPrompts prompts) throws InterruptedException {
    return isInWaves() ? inWaves(prompts) : together(prompts);
  }

  /** Not so where what is to be done on one target can only be said once all were looked at. */
  private boolean isInWaves() {
    return verb == RunVerb.APPLY
        && !plan.isGiven()
        && options.removals().words().isEmpty()
        && graph.isWithoutSerial();
  }

  private RunResult together(HostKeyPrompts prompts) throws InterruptedException {
    var all = graph.tasks().keySet();
    PerTarget.forEach(all, target -> comparisons.look(target, prompts));
    comparisons.tellApart(all);
    comparisons.replace(all, deadlocks.in(comparisons.of(all)));
    var unknown =
        Leaving.unknown(
            options.removals(),
            comparisons.all().values(),
            Leaving.complete(graph, comparisons.all()),
            options.narrows());
    if (unknown.isPresent()) {
      return result(unknown);
    }
    tellUnheard();
    var stop = plan.moved(comparisons.all()).or(this::disagreed);
    if (stop.isPresent()) {
      return result(stop);
    }
    if (verb == RunVerb.APPLY && !interrupt.requested()) {
      try (var workers = new PerTarget()) {
        stop = change(all, workers);
        workers.join();
        return result(stop);
      }
    }
    comparisons.all().forEach(tallies::report);
    return result(Optional.empty());
  }

  /** Whoever was looked at is worked on, while others are still slow to answer. */
  private RunResult inWaves(HostKeyPrompts prompts) throws InterruptedException {
    var arrivals = new Arrivals(graph.tasks().keySet(), options.quiet());
    try (var workers = new PerTarget()) {
      for (var each : graph.tasks().keySet()) {
        workers.start(
            each,
            target -> {
              try {
                comparisons.look(target, prompts);
              } finally {
                arrivals.add(target);
              }
            });
      }
      Optional<Report.Stop> stop = Optional.empty();
      try {
        for (var wave = arrivals.next();
            !wave.isEmpty();
            wave = stop.isEmpty() ? arrivals.next() : Set.of()) {
          comparisons.tellApart(wave);
          stop = change(wave, workers);
        }
      } catch (InterruptedException e) {
        workers.end();
        throw e;
      } catch (RuntimeException | Error e) {
        repairs.giveUp();
        throw e;
      }
      workers.join();
      return result(stop);
    }
  }

  /**
   * Locks those of some targets that have something to do, looks again, and sends them on their
   * way.
   *
   * @return why nothing is changed instead
   */
  private Optional<Report.Stop> change(Set<TargetName> wave, PerTarget workers)
      throws InterruptedException {
    var own = comparisons.of(wave);
    var locks = new Locks(survey, graph, options, listener, waits, begun);
    try {
      var stop = settle(wave, own, locks);
      if (stop.isPresent()) {
        return stop;
      }
    } catch (InterruptedException e) {
      if (!interrupt.requested()) {
        throw e;
      }
    }
    comparisons.replace(wave, own);
    var working = interrupt.requested() ? Set.<TargetName>of() : Verdicts.working(own);
    locks.giveBackBut(working);
    begun |= !working.isEmpty();
    repairs.promise(wave, own, working);
    own.forEach((target, list) -> {
      if (!working.contains(target)) {
        tallies.report(target, list);
      }
    });
    repairs.start(own, working, workers);
    return Optional.empty();
  }

  /**
   * Locks and compares again until whoever has something to do is locked.
   *
   * @param own the verdicts on a wave; the last ones, when this returns or is interrupted
   */
  private Optional<Report.Stop> settle(
      Set<TargetName> wave, Map<TargetName, List<Verdict>> own, Locks locks)
      throws InterruptedException {
    var rounds = new LockRounds(wave.size());
    var stop = locks.takeFor(Verdicts.working(own));
    while (stop.isEmpty()) {
      if (plan.isGiven() && !Verdicts.working(own).isEmpty()) {
        comparisons.lookAtOthersAgain(locks);
      }
      var again = deadlocks.in(comparisons.again(wave));
      own.clear();
      own.putAll(again);
      stop = plan.moved(own);
      if (stop.isPresent()) {
        locks.giveBack();
        break;
      }
      var asking = Verdicts.working(own).stream().filter(target -> !locks.holds(target)).toList();
      if (asking.isEmpty()) {
        break;
      }
      rounds.begin(asking);
      stop = locks.takeFor(Verdicts.working(own));
    }
    return stop;
  }

  /** What may be meant to be removed, and could not be seen. */
  private void tellUnheard() {
    Leaving.unheard(options.removals(), comparisons.all().values())
        .forEach(word ->
            listener.on(
                new RunEvent.Note(
                    TargetName.DESK,
                    "'%s' was not found to be removed, but not every host could say so"
                        .formatted(word))));
  }

  /** What cannot be undone is asked for by its name while nobody waits for a lock of ours. */
  private Optional<Report.Stop> disagreed() {
    var removals = Leaving.removals(options.removals(), comparisons.all());
    return verb == RunVerb.PLAN
            || interrupt.requested()
            || removals.isEmpty()
            || prompt.agrees(removals)
        ? Optional.empty()
        : Optional.of(
            new Report.Stop.NotAgreed(
                "nothing was removed, and nothing else changed: the removal was not confirmed",
                "type the name when asked, or leave --remove out"));
  }

  private RunResult result(Optional<Report.Stop> stop) {
    var found = verb == RunVerb.PLAN ? plan.of(comparisons.all()) : plan.none();
    tallies.reportGone(survey.gone());
    var took = Duration.ofNanos(System.nanoTime() - begin);
    var report = new Report(id, verb, tallies.all(), took, stop, interrupt.requested());
    return new RunResult(report, found, Verdicts.seen(comparisons.all()));
  }
}
