package io.provision.engine;

import io.provision.engine.event.RunEvent;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.Handoffs;
import io.provision.engine.session.HostExecutor;
import io.provision.engine.session.InterruptibleExecutor;
import io.provision.engine.session.TargetExecutor;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sends targets on their way through their repairs, each on a thread of its own. */
final class Repairs {
  private final TaskGraph graph;
  private final Survey survey;
  private final String owner;
  private final Waits waits;
  private final KeptPlan plan;
  private final Tallies tallies;

  /** What one target hands over to another, read once for all. */
  private final Handoffs handoffs;

  /** What repairs come to. */
  private final Outputs coming;

  /**
   * @param owner what others read who find our locks
   */
  Repairs(
      TaskGraph graph, Survey survey, String owner, Waits waits, KeptPlan plan, Tallies tallies) {
    this.graph = graph;
    this.survey = survey;
    this.owner = owner;
    this.waits = waits;
    this.plan = plan;
    this.tallies = tallies;
    this.handoffs = new Handoffs(survey.secrets(), survey.desk());
    this.coming = graph.promised();
  }

  /** Says what is known of a wave, and what of it can still come: of those that are worked on. */
  void promise(Set<TargetName> wave, Map<TargetName, List<Verdict>> own, Set<TargetName> working) {
    wave.forEach(target ->
        CarriedOver.carry(graph, target, own.get(target), working.contains(target), coming));
  }

  /** Nothing comes of anybody any more: whoever waits for it is told so. */
  void giveUp() {
    graph.tasks().keySet().forEach(target -> coming.giveUp(target, Outputs.BUG));
  }

  /** Begins with those of a wave that have something to do. */
  void start(Map<TargetName, List<Verdict>> own, Set<TargetName> working, PerTarget workers) {
    var deadlocks = new DeadlockRefusals(graph);
    var batches = deadlocks.batches(own, working);
    var stuck = deadlocks.stuck(working, coming, batches);
    var course =
        new TargetRun.Course(coming, batches, waits, plan.announced(), plan.isGiven(), stuck);
    working.forEach(target -> workers.start(target, each -> walk(each, course)));
  }

  private void walk(TargetName target, TargetRun.Course course) {
    var tasks = graph.tasks().getOrDefault(target, List.of());
    var seen = survey.seen().get(target);
    var executor = new InterruptibleExecutor(executor(target, tasks), waits.interrupt());
    try {
      if (seen != null) {
        tallies.count(target, new TargetRun(target, tasks, executor, seen, course).walk());
      }
    } finally {
      target.host().ifPresent(name -> survey.machine(name).unlock());
    }
  }

  private TargetExecutor executor(TargetName target, List<Task> tasks) {
    return switch (target.place()) {
      case HOST ->
          new HostExecutor(
              survey.machine(target.host().orElseThrow()),
              handoffs,
              survey::open,
              survey::ask,
              survey::tell,
              waits.interrupt(),
              owner,
              fact -> waits.listener().on(new RunEvent.Learnt(target, fact)),
              InstantSource.system());
      case CLUSTER -> new ClusterExecutor(survey, coming, Survey.access(tasks), waits.interrupt());
      case DESK -> new TargetExecutor.OnDesk(survey.desk(), handoffs);
    };
  }
}
