package io.provision.steps.metallb;

import io.provision.kube.Manifest;
import io.provision.model.Kubernetes;
import io.provision.model.Role;
import io.provision.render.Template;
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
import io.provision.steps.kubernetes.addon.AddOnObjects;
import io.provision.steps.kubernetes.addon.ManifestOverlay;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * MetalLB itself, as its publisher has it with what we set in it.
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
  private static final Template OVERLAY = Template.of("metallb/overlay.yaml.ftl");

  private static final MetallbAddOn ADD_ON = new MetallbAddOn();
  private static final AddOnObjects OBJECTS = new AddOnObjects(ADD_ON);

  /** What the template of the overlay sees. */
  private record Model(boolean ignoresExclusion) {}

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.NONE;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return MetallbManifest.isWanted(target)
        ? objects(target, known).map(OBJECTS::probes).orElse(Probes.NONE)
        : Probes.NONE;
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
    var objects = objects(target, known);
    return objects.isPresent()
        ? OBJECTS.check(objects.get(), seen)
        : new Check.Refused(
            "its manifest has no Deployment 'controller' or no DaemonSet 'speaker' in the namespace metallb-system",
            "look at the file that is pinned in provision.lock: it is not MetalLB's");
  }

  /** Empty where the manifest is of something else. */
  private Optional<ClusterObjects> objects(Target.OnCluster target, Known known) {
    var published =
        known
            .local(MetallbManifest.OBJECTS)
            .map(PublishedObjects::manifests)
            .orElseThrow(() -> new IllegalStateException("it is needed: metallb-objects"));
    if (!has(published, "Deployment", "controller") || !has(published, "DaemonSet", "speaker")) {
      return Optional.empty();
    }
    var ours = ManifestOverlay.over(published, OVERLAY, new Model(ignoresExclusion(target)));
    return Optional.of(
        new ClusterObjects(ManifestOverlay.labelled(ours, ADD_ON.labels()), takeOver));
  }

  private static boolean has(List<Manifest> published, String kind, String name) {
    return published.stream()
        .map(Manifest::ref)
        .anyMatch(ref ->
            ref.kind().equals(kind)
                && ref.name().equals(name)
                && ref.namespace().equals(Optional.of("metallb-system")));
  }

  /**
   * kubeadm labels every control plane {@code
   * node.kubernetes.io/exclude-from-external-load-balancers}, and k3s none. Where there is no other
   * node nobody would announce anything; where there is one the label does what it is for. It is
   * not ignored without need: by it a node hands its addresses over before it is drained.
   */
  private static boolean ignoresExclusion(Target target) {
    return target.cluster().distribution().has(Kubernetes.Trait.EXCLUDES_SERVERS_FROM_BALANCING)
        && target.inventory().with(Role.WORKER).stream()
            .allMatch(host -> host.is(Role.CONTROL_PLANE));
  }
}
