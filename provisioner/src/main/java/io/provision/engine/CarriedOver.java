package io.provision.engine;

import io.provision.engine.Outputs.Settled;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.TargetName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The outputs that repairs begin with. */
final class CarriedOver {
  private CarriedOver() {}

  /** What is known already stays known; what is to come is promised. */
  static Outputs outputs(
      TaskGraph graph, Map<TargetName, List<Verdict>> verdicts, Set<TargetName> working) {
    var outputs = graph.promised();
    graph
        .tasks()
        .keySet()
        .forEach(target ->
            carry(graph, target, verdicts.get(target), working.contains(target), outputs));
    return outputs;
  }

  /**
   * As {@link #outputs}, for one target.
   *
   * @param verdicts on its steps; null where it was not reached
   * @param working whether it will be worked on, and can come to have what it has not
   */
  static void carry(
      TaskGraph graph,
      TargetName target,
      @org.jspecify.annotations.Nullable List<Verdict> verdicts,
      boolean working,
      Outputs outputs) {
    for (var task : graph.tasks().getOrDefault(target, List.of())) {
      var verdict =
          verdicts == null
              ? Optional.<Verdict>empty()
              : verdicts.stream().filter(each -> each.task().equals(task)).findFirst();
      var known =
          verdict
              .flatMap(Verdict::said)
              .map(said -> Verdict.observed(said).values())
              .orElse(Map.of());
      for (var output : task.provides()) {
        var value = known.get(output);
        if (value != null) {
          outputs.settle(target, output, new Settled.Value(value));
        } else if (!working || !task.selected()) {
          outputs.settle(target, output, new Settled.Never(reason(task, verdict)));
        }
      }
    }
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
