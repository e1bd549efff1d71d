package io.provision.engine.event;

import io.provision.model.Sha256;
import io.provision.step.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a saved plan allows.
 *
 * @param key random, so that digests of what a person chose cannot be guessed from the plan
 */
public record SavedPlan(String key, List<Finding> findings) {
  public SavedPlan {
    findings = List.copyOf(findings);
  }

  public Map<TargetName, Map<StepRef, Set<Change.Action>>> announced() {
    var all = new HashMap<TargetName, Map<StepRef, Set<Change.Action>>>();
    for (var finding : findings) {
      all.computeIfAbsent(finding.target(), _ -> new HashMap<>())
          .put(finding.step(), finding.announced());
    }
    return all;
  }

  /**
   * By target, the steps that see something else than when the plan was made: also those that see
   * nothing now, because the target does not answer any more, and those that saw nothing then.
   */
  public SortedMap<TargetName, List<StepRef>> moved(List<Finding> now) {
    var before = bases(findings);
    var after = bases(now);
    var moved = new TreeMap<TargetName, List<StepRef>>();
    Stream.concat(findings.stream(), now.stream())
        .map(finding -> new Place(finding.target(), finding.step()))
        .distinct()
        .filter(place -> !Objects.equals(before.get(place), after.get(place)))
        .sorted(Comparator.comparing(place -> place.step().index()))
        .forEach(place ->
            moved.computeIfAbsent(place.target(), _ -> new ArrayList<>()).add(place.step()));
    return moved;
  }

  private record Place(TargetName target, StepRef step) {}

  private static Map<Place, Sha256> bases(List<Finding> findings) {
    var bases = new HashMap<Place, Sha256>();
    findings.forEach(
        finding -> bases.put(new Place(finding.target(), finding.step()), finding.basis()));
    return bases;
  }
}
