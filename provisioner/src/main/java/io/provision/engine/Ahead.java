package io.provision.engine;

import io.provision.engine.event.StepRef;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the steps of one target before and at their turn.
 *
 * @param stuck tasks that would wait for ever, and for what
 * @param announced by step the kinds of change a saved plan named; empty where there is no plan
 */
record Ahead(
    Outputs outputs,
    Batches batches,
    Map<Task, String> stuck,
    Optional<Map<StepRef, Set<Change.Action>>> announced) {

  /** Where any one will do, it is not one whose turn can only come after ours. */
  List<Need> needs(Task task) {
    return task.needs().stream()
        .map(need -> SerialDeadlocks.reachable(task, need, outputs, batches))
        .toList();
  }

  /** What it needs; empty where that would have to be waited for, or it cannot be done now. */
  Optional<Known> known(Task task) throws InterruptedException {
    return stuck.containsKey(task) ? Optional.empty() : outputs.now(needs(task));
  }

  /** The kinds of change it may make; empty where it may make any. */
  Optional<Set<Change.Action>> allowed(Task task) {
    return announced.map(steps -> steps.getOrDefault(task.ref(), Set.of()));
  }

  /** Whether this run may do it: a plan that is kept to says so. */
  boolean mayDo(Task task, Check.Drift drift) {
    return Converger.notAnnounced(allowed(task), drift.changes()).isEmpty();
  }
}
