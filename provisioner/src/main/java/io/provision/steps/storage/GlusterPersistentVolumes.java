package io.provision.steps.storage;

import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The PersistentVolumes that volumes declare: directories of a mount, by their names. A pod gets
 * one only on a node where the volume is mounted.
 *
 * @param takeOver whether fields that another manager set are taken over
 */
public record GlusterPersistentVolumes(
    @Parameter(
            value = "Whether fields that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {

  @Override
  public Probes probes(Target.OnCluster target) {
    return objects(target).probes().and(LeftVolumes.probes(target));
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return LeftVolumes.probes(known);
  }

  @Override
  public Set<Need> removalNeeds(Target.OnCluster target) {
    return LeftStorage.removalNeeds(target);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    var objects = objects(target);
    var wanted =
        objects.manifests().stream().map(it -> it.ref().name()).collect(Collectors.toSet());
    return Checks.together(objects.check(seen), LeftVolumes.check(target, seen, known, wanted));
  }

  private ClusterObjects objects(Target.OnCluster target) {
    return new ClusterObjects(ClassObjects.volumes(target.cluster()), takeOver);
  }
}
