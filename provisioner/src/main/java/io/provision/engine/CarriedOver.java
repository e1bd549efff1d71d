package io.provision.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The outputs that repairs begin with. */
final class CarriedOver {
  private CarriedOver() {}

  /** What is known already stays known; what is to come is promised. */
  static Outputs outputs(
      Agenda agenda, Map<TargetName, List<Verdict>> verdicts, Set<TargetName> working) {
    var outputs = agenda.promised();
    agenda
        .all()
        .forEach(task -> {
          var verdict =
              verdicts.getOrDefault(task.target(), List.of()).stream()
                  .filter(each -> each.task().equals(task))
                  .findFirst();
          var known =
              verdict
                  .filter(Verdict.Said.class::isInstance)
                  .map(Verdict.Said.class::cast)
                  .map(said -> Verdict.observed(said.check()).values())
                  .orElse(Map.of());
          for (var output : task.provides()) {
            var value = known.get(output);
            if (value != null) {
              outputs.settle(task.target(), output, new Settled.Value(value));
            } else if (!working.contains(task.target()) || !task.selected()) {
              outputs.settle(task.target(), output, new Settled.Never(reason(task, verdict)));
            }
          }
        });
    return outputs;
  }

  private static String reason(Task task, Optional<Verdict> verdict) {
    return verdict
        .map(Verdict::planned)
        .map(outcome ->
            switch (outcome) {
              case Outcome.Skipped(var why) -> why;
              case Outcome.Failed(var failure) -> failure.what();
              case Outcome.Ok _,
                  Outcome.Leaving _,
                  Outcome.Changed _,
                  Outcome.WouldChange _,
                  Outcome.Pending _,
                  Outcome.Unreachable _,
                  Outcome.Lost _ ->
                  task.leftOut();
            })
        .orElse("%s was not reached".formatted(task.target()));
  }
}
