package io.provision.steps.storage;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.ObjectRef;
import io.provision.resource.ObjectsRemoved;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** PersistentVolumes that were declared once. */
final class LeftVolumes {
  private static final String NONE = "no volume declares persistent volumes";

  private static final ClusterQuestion.InPassing OURS =
      new ClusterQuestion.InPassing(
          new ClusterQuestion.All("v1", "PersistentVolume", ClassObjects.SELECTOR));

  private static final ClusterQuestion.All CLAIMS =
      new ClusterQuestion.All("v1", "PersistentVolumeClaim", "");

  private LeftVolumes() {}

  static Probes probes(Target.OnCluster target) {
    return LeftStorage.isAsked(target) ? Probes.ofCluster(List.of(OURS)) : Probes.NONE;
  }

  static Probes probes(Known known) {
    return LeftStorage.isRemoval(known) ? Probes.ofCluster(List.of(OURS, CLAIMS)) : Probes.NONE;
  }

  /**
   * @param wanted names that are declared
   */
  static Check check(Target.OnCluster target, Observations seen, Known known, Set<String> wanted) {
    var claims = LeftStorage.isRemoval(known) ? seen.of(CLAIMS) : List.<LiveObject>of();
    if (!LeftStorage.isAsked(target, known)) {
      return LeftStorage.notAsked(target, NONE);
    }
    return seen.of(OURS)
        .map(ours ->
            LeftStorage.of(
                target,
                ours.stream().filter(it -> !wanted.contains(it.ref().name())).toList(),
                volume -> departure(volume, claims),
                !wanted.isEmpty(),
                NONE))
        .orElseGet(() -> LeftStorage.unknown(NONE));
  }

  private static Departure departure(LiveObject volume, List<LiveObject> claims) {
    var changes = List.of(Change.of(Change.Action.REMOVE, volume.ref().toString()));
    return new Departure(
        LeftStorage.orphan("pv", volume),
        changes,
        claim(volume, claims)
            .<Check>map(claim ->
                new Check.Refused(
                    "%s belongs to %s, which would lose its files".formatted(volume.ref(), claim),
                    "delete that claim first, where nobody needs it, or declare the volume again"))
            .orElseGet(() -> ObjectsRemoved.of(List.of(volume), changes)),
        "",
        "Its files stay in %s"
            .formatted(volume.text("spec", "hostPath", "path").orElse("its mount")));
  }

  /** Whose it is; empty where nobody claimed it, or the claim is gone. */
  private static Optional<ObjectRef> claim(LiveObject volume, List<LiveObject> claims) {
    var namespace = volume.text("spec", "claimRef", "namespace");
    var name = volume.text("spec", "claimRef", "name");
    return claims.stream()
        .map(LiveObject::ref)
        .filter(it -> name.equals(Optional.of(it.name())))
        .filter(it -> namespace.equals(it.namespace()))
        .findFirst();
  }
}
