package io.provision.steps.storage;

import io.provision.kube.ClusterQuestion;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import java.util.List;
import java.util.Set;

/**
 * Objects of ours, known by their labels, that the inventory declares no more: named, left alone.
 */
final class LeftOver {
  private LeftOver() {}

  /** Nothing is asked of a cluster without volumes: whatever was there has never been ours. */
  static Probes probes(Target.OnCluster target, ClusterQuestion.InPassing question) {
    return GlusterStorage.of(target.cluster()).volumes().isEmpty()
        ? Probes.NONE
        : Probes.ofCluster(List.of(question));
  }

  /**
   * @param wanted names that are declared
   * @param none why there is nothing to do where none is declared
   */
  static Check check(
      Target.OnCluster target,
      Observations seen,
      ClusterQuestion.InPassing question,
      Set<String> wanted,
      String none) {
    if (GlusterStorage.of(target.cluster()).volumes().isEmpty()) {
      return new Check.Skipped("the inventory has no volumes");
    }
    var ours = seen.of(question);
    if (ours.isEmpty()) {
      return new Check.Skipped(none + "; the API could not be asked whether one was left behind");
    }
    var left =
        ours.get().stream()
            .filter(live -> !wanted.contains(live.ref().name()))
            .map(live -> live.ref().toString())
            .toList();
    if (!left.isEmpty()) {
      return new Check.Skipped(
          "%s no longer in the inventory, left alone".formatted(String.join(", ", left)));
    }
    return wanted.isEmpty() ? new Check.Skipped(none) : new Check.InSync();
  }
}
