package io.provision.engine;

import io.provision.engine.event.StepRef;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the earlier steps of a list would change. A later one that is in sync now may not be after
 * that, and cannot be said yet; one that wants nothing but what an earlier one does is part of
 * that.
 */
final class Planned {
  private final Map<String, StepRef> subjects = new HashMap<>();
  private final Map<StepRef, Set<Change>> brings = new LinkedHashMap<>();

  /** The changes without why a unit restarts: it does so once, whatever for. */
  private static Set<Change> effects(Check.Drift drift) {
    return drift.changes().stream()
        .map(change ->
            change.action() == Change.Action.RESTART
                ? Change.of(change.action(), change.subject())
                : change)
        .collect(Collectors.toUnmodifiableSet());
  }

  void add(StepRef step, Check.Drift drift) {
    drift.changes().forEach(change -> subjects.putIfAbsent(change.subject(), step));
    if (drift.repair().canBringFiles()) {
      brings.put(step, effects(drift));
    }
  }

  /** Whether they change anything that a step asks about by name. */
  boolean touches(Task task) {
    return task.probes().questions().stream()
        .flatMap(question -> question.arguments().stream())
        .anyMatch(subjects::containsKey);
  }

  /** Whether what was compared now is in sync, and stays so with these changes before it. */
  boolean leaves(Task task, Check check, Observations seen) {
    var said = new Verdict.Said(task, check);
    return switch (Leaving.rest(check)) {
      case Check.InSync _, Check.Skipped _ -> behind(said, seen).equals(said);
      case Check.Drift _, Check.NotYet _, Check.Refused _, Check.Unknown _, Check.Leaving _ ->
          false;
    };
  }

  /** The verdict as it is with these changes before it. */
  Verdict behind(Verdict verdict, Observations seen) {
    if (verdict instanceof Verdict.Said(var task, Check.Drift drift, _)) {
      return doneBy(drift)
          .<Verdict>map(by -> new Verdict.Included(task, drift, by))
          .orElse(verdict);
    }
    if (!(verdict instanceof Verdict.Said(var task, var check, var asked))
        || !(Leaving.rest(check) instanceof Check.InSync)) {
      return verdict;
    }
    return changed(task)
        .or(() -> brought(task, seen))
        .<Verdict>map(awaited ->
            new Verdict.Said(
                task, Leaving.with(check, new Check.Unknown(awaited, task.mayDo())), asked))
        .orElse(verdict);
  }

  /** Only a step that says that others' things go along can do what a later one wants. */
  private Optional<StepRef> doneBy(Check.Drift drift) {
    var wanted = effects(drift);
    return brings.entrySet().stream()
        .filter(earlier -> earlier.getValue().containsAll(wanted))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Optional<String> changed(Task task) {
    return task.probes().questions().stream()
        .filter(question -> !question.kind().standsAlone())
        .flatMap(question -> question.arguments().stream())
        .filter(subjects::containsKey)
        .findFirst()
        .map(subject ->
            "%s, which '%s' changes%s"
                .formatted(
                    subject,
                    subjects.get(subject),
                    task.whenChanged().apply(subject).map(Planned::then).orElse("")));
  }

  private static String then(Change change) {
    return "; then %s %s"
        .formatted(change.action().name().toLowerCase(Locale.ROOT), change.subject());
  }

  /** What is to be absent, and is, can come with a package. */
  private Optional<String> brought(Task task, Observations seen) {
    return brings.keySet().stream()
        .findFirst()
        .filter(_ -> task.mayDo().contains(Change.Action.REMOVE))
        .filter(_ ->
            task.probes().questions().stream()
                .anyMatch(question -> question.kind().standsAlone() && seen.isMissing(question)))
        .map("what '%s' brings along"::formatted);
  }
}
