package io.provision.engine;

import io.provision.engine.Outputs.Settled;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.HostKeyPrompts;
import io.provision.step.MachineIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the looks of a run come to: the verdicts on each target that answered, by its last
 * comparison. Targets are looked at by any threads; all else is for the thread of the run.
 */
final class Comparisons {
  private final TaskGraph graph;
  private final Survey survey;
  private final Waits waits;
  private final boolean regardless;
  private final Twins twins = new Twins();
  private final Map<TargetName, List<Verdict>> verdicts = new ConcurrentHashMap<>();

  /** What the first looks come to. */
  private final Outputs first;

  /** For those that were compared again, what that came to. */
  private final Map<TargetName, Outputs> latest = new HashMap<>();

  /**
   * @param regardless as {@link Options} has it
   */
  Comparisons(TaskGraph graph, Survey survey, Waits waits, boolean regardless) {
    this.regardless = regardless;
    this.graph = graph;
    this.survey = survey;
    this.waits = waits;
    this.first = graph.promised();
  }

  /** The last verdicts on each target that was compared. */
  Map<TargetName, List<Verdict>> all() {
    return verdicts;
  }

  /** Of these targets alone, as a copy. */
  Map<TargetName, List<Verdict>> of(Set<TargetName> wave) {
    var own = new HashMap<>(verdicts);
    own.keySet().retainAll(wave);
    return own;
  }

  /** Takes these for the last verdicts on a wave; who is not among them has none any more. */
  void replace(Set<TargetName> wave, Map<TargetName, List<Verdict>> own) {
    verdicts.keySet().removeAll(wave);
    verdicts.putAll(own);
  }

  /** Looks at a target for the first time and compares, on a thread of its own. */
  void look(TargetName target, HostKeyPrompts prompts) throws InterruptedException {
    var tasks = tasks(target);
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
      compare(target, first, verdicts);
    } finally {
      first.giveUp(target, Outputs.BUG);
    }
  }

  /** Two names for one machine would be two that change it at once, against each other. */
  void tellApart(Set<TargetName> some) {
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
        .forEach((target, text) -> waits.listener().on(new RunEvent.Note(target, text)));
  }

  /**
   * Everything that is not locked: what is done on a locked host follows from what was seen on
   * others too, and waiting for locks can take minutes.
   */
  void lookAtOthersAgain(Locks locks) throws InterruptedException {
    var others =
        graph.tasks().keySet().stream()
            .filter(target -> !survey.gone().containsKey(target))
            .filter(target -> target.host().isEmpty() || !locks.holds(target))
            .toList();
    PerTarget.forEach(
        others,
        target -> {
          switch (target.place()) {
            case HOST -> survey.lookAgainOrLose(target, tasks(target));
            case CLUSTER -> survey.lookAtClusterAgain(tasks(target));
            case DESK -> survey.lookAtDesk(tasks(target));
          }
        });
  }

  /**
   * Compares anew what was seen of some; of all others it is known what they came to last. What
   * comes of it are the last verdicts only once they are handed to {@link #replace}.
   */
  Map<TargetName, List<Verdict>> again(Set<TargetName> wave) throws InterruptedException {
    var outputs = graph.promised();
    outputs.follow(target ->
        wave.contains(target) ? Optional.empty() : Optional.of(latest.getOrDefault(target, first)));
    var compared = new ConcurrentHashMap<TargetName, List<Verdict>>();
    PerTarget.forEach(
        wave,
        target -> {
          try {
            compare(target, outputs, compared);
          } finally {
            outputs.giveUp(target, Outputs.BUG);
          }
        });
    wave.forEach(target -> latest.put(target, outputs));
    return compared;
  }

  private void compare(TargetName target, Outputs outputs, Map<TargetName, List<Verdict>> compared)
      throws InterruptedException {
    var tasks = tasks(target);
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
      compared.put(
          target,
          new Evaluation(tasks, outputs, waits, survey.asking(target), regardless).of(seen));
    } catch (InterruptedException e) {
      survey.interrupted(target, e);
    }
  }

  private List<Task> tasks(TargetName target) {
    return graph.tasks().getOrDefault(target, List.of());
  }
}
