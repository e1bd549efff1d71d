package io.provision.engine;

import io.provision.model.Sha256;
import io.provision.step.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a saved plan allows.
 *
 * @param key random, so that digests of what a person chose cannot be guessed from the plan
 */
public record SavedPlan(String key, List<Finding> findings) {
  public SavedPlan {
    findings = List.copyOf(findings);
  }

  Map<TargetName, Map<StepRef, Set<Change.Action>>> announced() {
    var all = new HashMap<TargetName, Map<StepRef, Set<Change.Action>>>();
    for (var finding : findings) {
      all.computeIfAbsent(finding.target(), _ -> new HashMap<>())
          .put(finding.step(), finding.announced());
    }
    return all;
  }

  /** The steps of a target that saw something else when the plan was made. */
  List<StepRef> moved(TargetName target, List<Finding> now) {
    var before = new HashMap<StepRef, Sha256>();
    findings.stream()
        .filter(finding -> finding.target().equals(target))
        .forEach(finding -> before.put(finding.step(), finding.basis()));
    return now.stream()
        .filter(finding -> finding.target().equals(target))
        .filter(finding ->
            !Optional.ofNullable(before.get(finding.step())).equals(Optional.of(finding.basis())))
        .map(Finding::step)
        .toList();
  }
}
