package io.provision.steps.metallb;

import io.provision.kube.Manifest;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PublishedObjects;
import java.util.Set;

/**
 * MetalLB itself, as its publisher has it.
 *
 * @param takeOver whether fields that another manager set are taken over
 */
public record Metallb(
    @Parameter(
            value = "Whether fields that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {
  static final String NOT_WANTED = "the inventory has no load_balancer.metallb";

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.NONE;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return MetallbManifest.isWanted(target) ? objects(known).probes() : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnCluster target) {
    return MetallbManifest.isWanted(target)
        ? Set.of(Need.local(MetallbManifest.OBJECTS))
        : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (!MetallbManifest.isWanted(target)) {
      return new Check.Skipped(NOT_WANTED);
    }
    var objects = objects(known);
    return objects.manifests().stream().anyMatch(Metallb::isSpeaker)
        ? objects.check(seen)
        : new Check.Refused(
            "its manifest has no DaemonSet 'speaker' in the namespace metallb-system",
            "look at the file that is pinned in provision.lock: it is not MetalLB's");
  }

  private static boolean isSpeaker(Manifest manifest) {
    return manifest.ref().kind().equals("DaemonSet") && manifest.ref().name().equals("speaker");
  }

  private ClusterObjects objects(Known known) {
    var published =
        known
            .local(MetallbManifest.OBJECTS)
            .map(PublishedObjects::manifests)
            .orElseThrow(() -> new IllegalStateException("it is needed: metallb-objects"));
    return new ClusterObjects(published, takeOver);
  }
}
