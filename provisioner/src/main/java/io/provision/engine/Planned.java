package io.provision.engine;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the earlier steps of a list would change. A later one that is in sync now may not be after
 * that, and cannot be said yet.
 */
final class Planned {
  private final Map<String, StepRef> subjects = new HashMap<>();
  private Optional<StepRef> bringer = Optional.empty();

  void add(StepRef step, Check.Drift drift) {
    drift.changes().forEach(change -> subjects.putIfAbsent(change.subject(), step));
    if (drift.repair().canBringFiles()) {
      bringer = bringer.or(() -> Optional.of(step));
    }
  }

  /** The verdict as it is with these changes before it. */
  Verdict behind(Verdict verdict, Observations seen) {
    if (!(verdict instanceof Verdict.Said(var task, var check))
        || !(Leaving.rest(check) instanceof Check.InSync)) {
      return verdict;
    }
    return changed(task)
        .or(() -> brought(task, seen))
        .<Verdict>map(awaited ->
            new Verdict.Said(task, Leaving.with(check, new Check.Unknown(awaited, task.mayDo()))))
        .orElse(verdict);
  }

  private Optional<String> changed(Task task) {
    return task.probes().questions().stream()
        .filter(question -> !question.kind().standsAlone())
        .flatMap(question -> question.arguments().stream())
        .filter(subjects::containsKey)
        .findFirst()
        .map(subject -> "%s, which '%s' changes".formatted(subject, subjects.get(subject)));
  }

  /** What is to be absent, and is, can come with a package. */
  private Optional<String> brought(Task task, Observations seen) {
    return bringer
        .filter(_ -> task.mayDo().contains(Change.Action.REMOVE))
        .filter(_ ->
            task.probes().questions().stream()
                .anyMatch(question -> question.kind().standsAlone() && seen.isMissing(question)))
        .map("what '%s' brings along"::formatted);
  }
}
