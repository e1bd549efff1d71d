package io.provision.steps.cni;

import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.render.Template;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.addon.AddOnObjects;
import io.provision.steps.kubernetes.addon.ManifestOverlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code calico-operator}: the definitions of Calico's kinds, then its operator, both as they are
 * published. By server-side apply, for the definitions are larger than what a client-side one can
 * note.
 */
public record CalicoOperator() implements Step<Target.OnCluster> {
  private static final Template OVERLAY = Template.of("cni/calico-operator.yaml.ftl");
  private static final CalicoAddOn ADD_ON = new CalicoAddOn();
  private static final AddOnObjects OBJECTS = new AddOnObjects(ADD_ON);
  private static final ObjectRef DEPLOYMENT =
      new ObjectRef("apps/v1", "Deployment", Optional.of("tigera-operator"), "tigera-operator");
  private static final ObjectRef INSTALLATIONS =
      ObjectRef.of(
          "apiextensions.k8s.io/v1",
          "CustomResourceDefinition",
          "installations.operator.tigera.io");

  /** What the template of the overlay sees. */
  private record Model() {}

  private static OtherNetwork others(Target target) {
    return new OtherNetwork(target.cluster().network().cni());
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return Calico.isWanted(target) ? others(target).probes() : Probes.NONE;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return Calico.isWanted(target)
        ? objects(known).map(OBJECTS::probes).orElse(Probes.NONE)
        : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnCluster target) {
    return Calico.isWanted(target)
        ? Set.of(Need.local(Calico.DEFINITIONS), Need.local(Calico.OPERATOR))
        : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (!Calico.isWanted(target)) {
      return new Check.Skipped(Calico.NOT_WANTED);
    }
    var other = others(target).refusal(seen);
    if (other.isPresent()) {
      return other.get();
    }
    return objects(known)
        .map(objects -> OBJECTS.check(objects, seen))
        .orElseGet(() ->
            new Check.Refused(
                "its manifests have no %s or no %s".formatted(INSTALLATIONS, DEPLOYMENT),
                "look at the files that are pinned in provision.lock: they are not Calico's"));
  }

  /** Definitions first; empty where the manifests are of something else. */
  private static Optional<ClusterObjects> objects(Known known) {
    var published = new ArrayList<>(Calico.objects(Calico.DEFINITIONS, known));
    published.addAll(Calico.objects(Calico.OPERATOR, known));
    if (!has(published, DEPLOYMENT) || !has(published, INSTALLATIONS)) {
      return Optional.empty();
    }
    var ours = ManifestOverlay.over(published, OVERLAY, new Model());
    return Optional.of(new ClusterObjects(ManifestOverlay.labelled(ours, ADD_ON.labels()), false));
  }

  private static boolean has(List<Manifest> published, ObjectRef ref) {
    return published.stream().map(Manifest::ref).anyMatch(ref::equals);
  }
}
