package io.provision.engine;

import io.provision.desk.Desk;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RemovalPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.Handoffs;
import io.provision.engine.session.HostExecutor;
import io.provision.engine.session.HostKeyPrompts;
import io.provision.engine.session.Interrupt;
import io.provision.engine.session.InterruptibleExecutor;
import io.provision.engine.session.TargetExecutor;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.MachineIdentity;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** One run: look, compare, and where something is to be done: lock, look again, repair. */
final class Run {
  /** What those are told who wait for a target whose thread has died. */
  static final String BUG = "a bug in provision ended it";

  private static final String NEW_PLAN = "make a new plan";

  private final String id;
  private final RunVerb verb;
  private final TaskGraph graph;
  private final Options options;
  private final Survey survey;
  private final Desk desk;
  private final RunListener listener;
  private final Interrupt interrupt;
  private final Optional<SavedPlan> saved;
  private final RemovalPrompt prompt;
  private final Waits waits;
  private final String key;
  private final long begin = System.nanoTime();
  private final Map<TargetName, Report.Tally> tallies = new ConcurrentHashMap<>();

  /** What is known of each target that was compared, by the last comparison. */
  private final Map<TargetName, List<Verdict>> verdicts = new ConcurrentHashMap<>();

  /** What the first looks come to. */
  private final Outputs first;

  /** For those that were compared again, what that came to. */
  private final Map<TargetName, Outputs> latest = new HashMap<>();

  /** What repairs come to. */
  private final Outputs coming;

  /** For repairs alone. */
  private final Handoffs handoffs;

  private final Twins twins = new Twins();

  /** Whether something was changed already. */
  private boolean begun;

  Run(
      String id,
      RunVerb verb,
      TaskGraph graph,
      Options options,
      Survey survey,
      Desk desk,
      Waits waits,
      Optional<SavedPlan> saved,
      RemovalPrompt prompt) {
    this.id = id;
    this.verb = verb;
    this.graph = graph;
    this.first = graph.promised();
    this.coming = graph.promised();
    this.options = options;
    this.survey = survey;
    this.desk = desk;
    this.handoffs = new Handoffs(survey.secrets(), desk);
    this.waits = waits;
    this.listener = waits.listener();
    this.interrupt = waits.interrupt();
    this.saved = saved;
    this.prompt = prompt;
    this.key = saved.map(SavedPlan::key).orElseGet(() -> UUID.randomUUID().toString());
  }

  RunResult go(HostKeyPrompts prompts) throws InterruptedException {
    return isInWaves() ? inWaves(prompts) : together(prompts);
  }

  /** Not so where what is to be done on one target can only be said once all were looked at. */
  private boolean isInWaves() {
    return verb == RunVerb.APPLY
        && saved.isEmpty()
        && options.removals().words().isEmpty()
        && isWithoutSerial();
  }

  private boolean isWithoutSerial() {
    return graph.serial().stream().allMatch(size -> size == 0);
  }

  private RunResult together(HostKeyPrompts prompts) throws InterruptedException {
    PerTarget.forEach(graph.tasks().keySet(), target -> look(target, prompts));
    tellApart(graph.tasks().keySet());
    verdicts.putAll(withoutStuck(new HashMap<>(verdicts)));
    var findings = Verdicts.findings(verdicts, survey.seen(), key);
    var unknown =
        Leaving.unknown(
            options.removals(),
            verdicts.values(),
            Leaving.complete(graph, verdicts),
            options.narrows());
    if (unknown.isPresent()) {
      return result(findings, unknown);
    }
    Leaving.unheard(options.removals(), verdicts.values())
        .forEach(word ->
            listener.on(
                new RunEvent.Note(
                    TargetName.DESK,
                    "'%s' was not found to be removed, but not every host could say so"
                        .formatted(word))));
    var moved = moved(findings);
    if (moved.isPresent()) {
      return result(findings, moved);
    }
    var disagreed = disagreed();
    if (disagreed.isPresent()) {
      return result(findings, disagreed);
    }
    if (verb == RunVerb.APPLY && !interrupt.requested()) {
      try (var workers = new PerTarget()) {
        var stop = change(graph.tasks().keySet(), workers);
        workers.join();
        return result(findings, stop);
      }
    }
    verdicts.forEach(this::report);
    return result(findings, Optional.empty());
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
                look(target, prompts);
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
          stop = change(wave, workers);
        }
      } catch (InterruptedException e) {
        workers.end();
        throw e;
      } catch (RuntimeException | Error e) {
        graph.tasks().keySet().forEach(target -> coming.giveUp(target, BUG));
        throw e;
      }
      workers.join();
      return result(Verdicts.findings(verdicts, survey.seen(), key), stop);
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
    if (isInWaves()) {
      tellApart(wave);
    }
    var own = of(wave);
    var locks = new Locks(survey, graph, options, listener, waits, begun);
    var rounds = new LockRounds(wave.size());
    try {
      var stop = locks.takeFor(Verdicts.working(own));
      while (stop.isEmpty()) {
        if (saved.isPresent() && !Verdicts.working(own).isEmpty()) {
          lookAtOthersAgain(locks);
        }
        own = withoutStuck(evaluate(wave));
        stop = moved(Verdicts.findings(own, survey.seen(), key));
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
      if (stop.isPresent()) {
        return stop;
      }
    } catch (InterruptedException e) {
      if (!interrupt.requested()) {
        throw e;
      }
    }
    verdicts.keySet().removeAll(wave);
    verdicts.putAll(own);
    if (interrupt.requested()) {
      locks.giveBack();
      carry(wave, own, Set.of());
      own.forEach(this::report);
    } else {
      var working = Verdicts.working(own);
      locks.giveBackBut(working);
      repair(wave, own, working, workers);
    }
    return Optional.empty();
  }

  /** What cannot be undone is asked for by its name while nobody waits for a lock of ours. */
  private Optional<Report.Stop> disagreed() {
    var removals = Leaving.removals(options.removals(), verdicts);
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

  /** Two names for one machine would be two that change it at once, against each other. */
  private void tellApart(Set<TargetName> some) {
    var identities = new HashMap<TargetName, MachineIdentity>();
    for (var target : some) {
      if (first.peek(target, MachineIdentity.OUTPUT).orElse(null)
              instanceof Settled.Value(var value)
          && value instanceof MachineIdentity identity) {
        identities.put(target, identity);
      }
    }
    twins
        .same(identities)
        .forEach((target, failure) -> {
          verdicts.remove(target);
          survey.refused(target, failure);
        });
    twins
        .clones(identities.keySet())
        .forEach((target, text) -> listener.on(new RunEvent.Note(target, text)));
  }

  private Map<TargetName, List<Verdict>> of(Set<TargetName> wave) {
    var own = new HashMap<>(verdicts);
    own.keySet().retainAll(wave);
    return own;
  }

  /** Looks at a target and compares, on a thread of its own. */
  private void look(TargetName target, HostKeyPrompts prompts) throws InterruptedException {
    var tasks = graph.tasks().getOrDefault(target, List.of());
    try {
      switch (target.place()) {
        case HOST -> survey.lookAtHost(graph.host(target).orElseThrow(), tasks, prompts);
        case CLUSTER -> {
          prompts.known();
          survey.lookAtCluster(tasks, first);
        }
        case DESK -> {
          prompts.known();
          survey.lookAtDesk(tasks);
        }
      }
      compare(target, tasks, first, verdicts);
    } finally {
      first.giveUp(target, BUG);
    }
  }

  /** Compares anew what was seen of some; of all others it is known what they came to last. */
  private Map<TargetName, List<Verdict>> evaluate(Set<TargetName> wave)
      throws InterruptedException {
    var outputs = graph.promised();
    outputs.follow(target ->
        wave.contains(target) ? Optional.empty() : Optional.of(latest.getOrDefault(target, first)));
    var compared = new ConcurrentHashMap<TargetName, List<Verdict>>();
    PerTarget.forEach(
        wave,
        target -> {
          try {
            compare(target, graph.tasks().getOrDefault(target, List.of()), outputs, compared);
          } finally {
            outputs.giveUp(target, BUG);
          }
        });
    wave.forEach(target -> latest.put(target, outputs));
    return compared;
  }

  private void compare(
      TargetName target, List<Task> tasks, Outputs outputs, Map<TargetName, List<Verdict>> compared)
      throws InterruptedException {
    var seen = survey.seen().get(target);
    var gone = survey.gone().get(target);
    if (gone != null || seen == null) {
      var never = new Settled.Never(gone == null ? "not reached" : gone.why());
      for (var task : tasks) {
        task.provides().forEach(output -> outputs.settle(target, output, never));
      }
      return;
    }
    try {
      compared.put(target, new Evaluation(tasks, outputs, waits, survey.asking(target)).of(seen));
    } catch (InterruptedException e) {
      survey.interrupted(target, e);
    }
  }

  /**
   * A saved plan is all or nothing: where any target is not what it was, none is changed. What does
   * not fit is said target by target.
   */
  private Optional<Report.Stop> moved(List<Finding> findings) {
    var moved = saved.map(plan -> plan.moved(findings)).orElse(new TreeMap<>());
    if (moved.isEmpty()) {
      return Optional.empty();
    }
    moved.forEach((target, steps) -> {
      var names = steps.stream().map(StepRef::toString).distinct().toList();
      var what = "it has changed since the plan was made: " + String.join(", ", names);
      survey.seen().remove(target);
      survey
          .gone()
          .putIfAbsent(target, new Outcome.Failed(new Failure(what, "look at it; " + NEW_PLAN)));
    });
    var names = moved.keySet().stream().map(TargetName::toString).toList();
    return Optional.of(
        new Report.Stop.PlanMoved("the plan no longer fits " + String.join(", ", names), NEW_PLAN));
  }

  /**
   * Everything that is not locked: what is done on a locked host follows from what was seen on
   * others too, and waiting for locks can take minutes.
   */
  private void lookAtOthersAgain(Locks locks) throws InterruptedException {
    var others =
        graph.tasks().keySet().stream()
            .filter(target -> !survey.gone().containsKey(target))
            .filter(target -> target.host().isEmpty() || !locks.holds(target))
            .toList();
    PerTarget.forEach(
        others,
        target -> {
          var tasks = graph.tasks().getOrDefault(target, List.of());
          switch (target.place()) {
            case HOST -> survey.lookAgainOrLose(target, tasks);
            case CLUSTER -> survey.lookAtClusterAgain(tasks);
            case DESK -> survey.lookAtDesk(tasks);
          }
        });
  }

  private void repair(
      Set<TargetName> wave,
      Map<TargetName, List<Verdict>> own,
      Set<TargetName> working,
      PerTarget workers) {
    begun |= !working.isEmpty();
    carry(wave, own, working);
    var batches = new Batches(graph.serial(), Verdicts.workingBySegment(own, working));
    Map<TargetName, Map<StepRef, Set<Change.Action>>> announced =
        saved.map(SavedPlan::announced).orElse(Map.of());
    var stuck = new SerialDeadlocks(lists(working), coming, batches).find();
    var course = new TargetRun.Course(coming, batches, waits, announced, saved.isPresent(), stuck);
    own.forEach((target, list) -> {
      if (!working.contains(target)) {
        report(target, list);
      }
    });
    working.forEach(target -> workers.start(target, each -> walk(each, course)));
  }

  private void walk(TargetName target, TargetRun.Course course) {
    var tasks = graph.tasks().getOrDefault(target, List.of());
    var seen = survey.seen().get(target);
    var executor = new InterruptibleExecutor(executor(target, tasks, coming), interrupt);
    try {
      if (seen != null) {
        tallies.put(target, new TargetRun(target, tasks, executor, seen, course).walk());
      }
    } finally {
      target.host().ifPresent(name -> survey.machine(name).unlock());
    }
  }

  /** Says what is known of a wave, and what of it can still come. */
  private void carry(
      Set<TargetName> wave, Map<TargetName, List<Verdict>> own, Set<TargetName> working) {
    wave.forEach(target ->
        CarriedOver.carry(graph, target, own.get(target), working.contains(target), coming));
  }

  private TargetExecutor executor(TargetName target, List<Task> tasks, Outputs outputs) {
    return switch (target.place()) {
      case HOST ->
          new HostExecutor(
              survey.machine(target.host().orElseThrow()),
              handoffs,
              survey::open,
              interrupt,
              options.owner());
      case CLUSTER -> new ClusterExecutor(survey, outputs, Survey.access(tasks), interrupt);
      case DESK -> new TargetExecutor.OnDesk(desk, handoffs);
    };
  }

  /** Refuses, before anything is changed, what could only wait for ever. */
  private Map<TargetName, List<Verdict>> withoutStuck(Map<TargetName, List<Verdict>> verdicts) {
    if (isWithoutSerial()) {
      return verdicts;
    }
    var working = Verdicts.working(verdicts);
    var batches = new Batches(graph.serial(), Verdicts.workingBySegment(verdicts, working));
    var stuck =
        new SerialDeadlocks(lists(working), CarriedOver.outputs(graph, verdicts, working), batches)
            .find();
    verdicts.replaceAll(
        (_, list) -> list.stream().map(verdict -> without(stuck, verdict)).toList());
    return verdicts;
  }

  private static Verdict without(Map<Task, String> stuck, Verdict verdict) {
    var why = stuck.get(verdict.task());
    return why == null
        ? verdict
        : new Verdict.Said(verdict.task(), new Check.Refused(why, SerialDeadlocks.REMEDY));
  }

  private Map<TargetName, List<Task>> lists(Set<TargetName> working) {
    var lists = new HashMap<TargetName, List<Task>>();
    working.forEach(target -> lists.put(target, graph.tasks().getOrDefault(target, List.of())));
    return lists;
  }

  /** Of a target that this run may not change: what needs it is skipped, and says so itself. */
  private static String aside(Outcome outcome) {
    return "it could not be asked (%s); this run changes nothing on it and goes on without"
        .formatted(outcome.why());
  }

  private void report(TargetName target, List<Verdict> verdicts) {
    if (!graph.selects(target)) {
      return;
    }
    var tally = Report.Tally.NONE;
    for (var verdict : verdicts) {
      if (verdict.task().selected()) {
        var outcome = verb == RunVerb.APPLY ? Verdicts.left(verdict, verdicts) : verdict.planned();
        tally = tally.plus(outcome);
        listener.on(
            new RunEvent.StepFinished(target, verdict.task().ref(), outcome, Duration.ZERO));
        verdict.notes().forEach(note -> listener.on(new RunEvent.Note(target, note)));
        if (!(outcome instanceof Outcome.Leaving)) {
          verdict.left().forEach(left -> listener.on(new RunEvent.Note(target, left.toString())));
        }
      }
    }
    tallies.put(target, tally);
    listener.on(new RunEvent.TargetFinished(target, tally));
  }

  private RunResult result(List<Finding> findings, Optional<Report.Stop> stop) {
    survey
        .gone()
        .forEach((target, outcome) -> {
          if (!graph.selects(target)) {
            listener.on(new RunEvent.Note(target, aside(outcome)));
            return;
          }
          var tally = Report.Tally.NONE.plus(outcome);
          tallies.put(target, tally);
          listener.on(new RunEvent.TargetFailed(target, outcome));
          listener.on(new RunEvent.TargetFinished(target, tally));
        });
    SortedMap<TargetName, Report.Tally> all = new TreeMap<>(tallies);
    var took = Duration.ofNanos(System.nanoTime() - begin);
    var report = new Report(id, verb, all, took, stop, interrupt.requested());
    return new RunResult(report, new SavedPlan(key, findings), Verdicts.seen(verdicts));
  }
}
