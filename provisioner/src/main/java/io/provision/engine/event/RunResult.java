package io.provision.engine.event;

import io.provision.step.Observed;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run came to.
 *
 * @param plan what a plan found; of an apply it holds nothing
 * @param seen by target, the outputs that its look saw
 */
public record RunResult(Report report, SavedPlan plan, Map<TargetName, Observed> seen) {
  public RunResult {
    seen = Map.copyOf(seen);
  }

  /** What a target's look saw that people want to read too, by the names of the outputs. */
  public SortedMap<String, String> shown(TargetName target) {
    var texts = new TreeMap<String, String>();
    seen.getOrDefault(target, Observed.NOTHING)
        .values()
        .forEach((output, value) -> {
          if (output.shown()) {
            texts.put(output.name(), value.toString());
          }
        });
    return texts;
  }
}
