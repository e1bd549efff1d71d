package io.provision.steps.metallb;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.Cluster;
import io.provision.model.Role;
import io.provision.render.Template;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.published.AddOn;
import io.provision.steps.kubernetes.published.ManifestOverlay;
import io.provision.steps.kubernetes.published.PublishedObjects;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * MetalLB itself, as its publisher has it with what we set in it; where the inventory has not got
 * it any more, what is left of ours is named, and removed where it was asked for.
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

  /** The webhook first: once its pods are gone it would refuse all that it is asked for. */
  static final AddOn ADD_ON =
      new AddOn(
          "metallb",
          List.of(
              new AddOn.Kind("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
              new AddOn.Kind("v1", "Namespace"),
              new AddOn.Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
              new AddOn.Kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
              new AddOn.Kind("rbac.authorization.k8s.io/v1", "ClusterRole")));

  private static final ClusterQuestion.All SERVICES = new ClusterQuestion.All("v1", "Service", "");

  /** What people make of MetalLB's kinds goes with the definitions of these kinds. */
  private static final List<ClusterQuestion.All> PEOPLES =
      Stream.of("IPAddressPool", "L2Advertisement", "BGPAdvertisement", "Community", "BFDProfile")
          .map(kind -> new ClusterQuestion.All("metallb.io/v1beta1", kind, ""))
          .toList();

  /** Who gave a service its address; the second until v0.14. */
  private static final List<String> FROM_POOL =
      List.of("metallb.io/ip-allocated-from-pool", "metallb.universe.tf/ip-allocated-from-pool");

  /** What the template of the overlay sees. */
  private record Model(boolean ignoresExclusion) {}

  @Override
  public Probes probes(Target.OnCluster target) {
    return ADD_ON.probes();
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    if (MetallbManifest.isWanted(target)) {
      var objects = objects(target, known);
      return objects.map(ClusterObjects::probes).orElse(Probes.NONE);
    }
    return known.removals().equals(Removals.NONE)
        ? Probes.NONE
        : Probes.ofCluster(List.of(SERVICES)).and(Probes.ofCluster(List.copyOf(PEOPLES)));
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
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (!MetallbManifest.isWanted(target)) {
      return left(seen, known);
    }
    var objects = objects(target, known);
    return objects.isPresent()
        ? Checks.then(objects.get().check(seen), () -> strays(objects.get(), seen))
        : new Check.Refused(
            "its manifest has no Deployment 'controller' or no DaemonSet 'speaker' in the namespace metallb-system",
            "look at the file that is pinned in provision.lock: it is not MetalLB's");
  }

  private static Check strays(ClusterObjects objects, Observations seen) {
    var declared = objects.manifests().stream().map(Manifest::ref).toList();
    return new Check.InSync(
        ADD_ON.strays(seen, declared).map(Observed::noting).orElse(Observed.NOTHING));
  }

  private static Check left(Observations seen, Known known) {
    var asked = !known.removals().equals(Removals.NONE);
    return ADD_ON.leaving(
        seen,
        asked ? losing(seen) : List.of(),
        asked ? peoples(seen) : Optional.empty(),
        "Services keep an address in their status that nothing answers for, until another load balancer gives them one",
        new Check.Skipped(NOT_WANTED));
  }

  /** Services that have an address of its pools. */
  private static List<Change> losing(Observations seen) {
    return seen.of(SERVICES).stream()
        .filter(it -> FROM_POOL.stream().anyMatch(key -> it.annotation(key).isPresent()))
        .map(it -> Change.of(Change.Action.REMOVE, "the address of " + it.ref()))
        .toList();
  }

  private static Optional<Check.Refused> peoples(Observations seen) {
    var peoples =
        PEOPLES.stream()
            .flatMap(question -> seen.of(question).stream())
            .map(LiveObject::ref)
            .filter(ref -> !ref.name().equals(MetallbPools.NAME))
            .map(ObjectRef::toString)
            .toList();
    return peoples.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "%s would go with it, which the inventory never declared"
                    .formatted(String.join(", ", peoples)),
                "delete them first, where nobody needs them"));
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
    return target.cluster().distribution() == Cluster.Distribution.KUBEADM
        && target.inventory().with(Role.WORKER).stream()
            .allMatch(host -> host.is(Role.CONTROL_PLANE));
  }
}
