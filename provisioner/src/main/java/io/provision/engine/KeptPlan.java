package io.provision.engine;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.step.Change;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The saved plan that a run is kept to, where there is one. It is all or nothing: where any target
 * is not what it was, none is changed.
 */
final class KeptPlan {
  private static final String NEW_PLAN = "make a new plan";

  private final Optional<SavedPlan> saved;
  private final Survey survey;
  private final String key;

  KeptPlan(Optional<SavedPlan> saved, Survey survey) {
    this.saved = saved;
    this.survey = survey;
    this.key = saved.map(SavedPlan::key).orElseGet(() -> UUID.randomUUID().toString());
  }

  boolean isGiven() {
    return saved.isPresent();
  }

  /**
   * What an apply has instead: nobody asks it for one, which takes a digest of all that was seen.
   */
  SavedPlan none() {
    return new SavedPlan(key, List.of());
  }

  /** The kinds of change that it named; empty where there is none. */
  Map<TargetName, Map<StepRef, Set<Change.Action>>> announced() {
    return saved.map(SavedPlan::announced).orElse(Map.of());
  }

  /** What these verdicts are as a plan of their own. */
  SavedPlan of(Map<TargetName, List<Verdict>> verdicts) {
    return new SavedPlan(key, Verdicts.findings(verdicts, survey.seen(), key));
  }

  /**
   * Why nothing is changed, where what is seen now is not what the plan was made of. What does not
   * fit is said target by target.
   */
  Optional<Report.Stop> moved(Map<TargetName, List<Verdict>> now) {
    var moved = saved.map(plan -> plan.moved(of(now).findings())).orElse(new TreeMap<>());
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
}
