package io.provision.steps.storage;

import io.provision.kube.LiveObject;
import io.provision.model.Role;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Objects of ours, known by their labels, that the inventory declares no more: named by every run,
 * and taken away by one that was asked to.
 */
final class LeftStorage {
  private LeftStorage() {}

  /** Whether it is a run that was asked to remove something. */
  static boolean isRemoval(Known known) {
    return !known.removals().equals(Removals.NONE);
  }

  /** Nothing is asked of a cluster without storage: whatever is there was hardly ours. */
  static boolean isAsked(Target.OnCluster target) {
    return !target.inventory().with(Role.STORAGE).isEmpty();
  }

  static boolean isAsked(Target.OnCluster target, Known known) {
    return isAsked(target) || isRemoval(known);
  }

  /** Who asks the API from the start waits for it without saying so. */
  static Set<Need> removalNeeds(Target.OnCluster target) {
    return isAsked(target)
        ? Set.of()
        : Set.of(Need.some(Nodes.STATE, Nodes.servers(target.inventory())));
  }

  static Check notAsked(Target.OnCluster target, String none) {
    return new Check.Skipped(noVolumes(target, none));
  }

  /** What there is to say where the API did not answer. */
  static Check unknown(String none) {
    return new Check.Skipped(none + "; the API could not be asked whether one was left behind");
  }

  /** What there is to say of what was left, and of nothing else. */
  static Check of(
      Target.OnCluster target,
      List<LiveObject> left,
      Function<LiveObject, Departure> departure,
      boolean declares,
      String none) {
    var rest = declares ? new Check.InSync() : new Check.Skipped(noVolumes(target, none));
    return left.isEmpty() ? rest : new Check.Leaving(left.stream().map(departure).toList(), rest);
  }

  /** As an operator names it, {@code --remove storageclass/fast}. */
  static Set<Orphan> orphan(String kind, LiveObject left) {
    return Set.of(new Orphan(kind, left.ref().name()));
  }

  private static boolean hasVolumes(Target.OnCluster target) {
    return !GlusterStorage.of(target.cluster()).volumes().isEmpty();
  }

  private static String noVolumes(Target.OnCluster target, String none) {
    return hasVolumes(target) ? none : "the inventory has no volumes";
  }
}
