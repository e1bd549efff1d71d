package io.provision.steps.metallb;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.ObjectRef;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.steps.kubernetes.addon.AddOn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How MetalLB leaves the cluster. */
public record MetallbAddOn() implements AddOn {
  /** The webhook first: once its pods are gone it would refuse all that it is asked for. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
          new Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
          new Kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
          new Kind("rbac.authorization.k8s.io/v1", "ClusterRole"),
          new Kind("v1", "Namespace"));

  private static final ClusterQuestion.All SERVICES = new ClusterQuestion.All("v1", "Service", "");

  /** What people make of its kinds goes with the definitions of these kinds. */
  private static final List<ClusterQuestion.All> PEOPLES =
      Stream.of("IPAddressPool", "L2Advertisement", "BGPAdvertisement", "Community", "BFDProfile")
          .map(kind -> new ClusterQuestion.All("metallb.io/v1beta1", kind, ""))
          .toList();

  /** Who gave a service its address; the second until v0.14. */
  private static final List<String> FROM_POOL =
      List.of("metallb.io/ip-allocated-from-pool", "metallb.universe.tf/ip-allocated-from-pool");

  @Override
  public String name() {
    return "metallb";
  }

  @Override
  public boolean isWanted(Target target) {
    return MetallbManifest.isWanted(target);
  }

  @Override
  public List<Kind> kinds() {
    return KINDS;
  }

  @Override
  public Probes besides() {
    return Probes.ofCluster(List.of(SERVICES)).and(Probes.ofCluster(List.copyOf(PEOPLES)));
  }

  /** Services that have an address of its pools. */
  @Override
  public List<Change> lost(Observations seen) {
    return seen.of(SERVICES).stream()
        .filter(it -> FROM_POOL.stream().anyMatch(key -> it.annotation(key).isPresent()))
        .map(it -> Change.of(Change.Action.REMOVE, "the address of " + it.ref()))
        .toList();
  }

  @Override
  public Optional<Check.Refused> obstacle(Observations seen) {
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

  @Override
  public String aftermath() {
    return "Services keep an address in their status that nothing answers for, until another load balancer gives them one";
  }
}
