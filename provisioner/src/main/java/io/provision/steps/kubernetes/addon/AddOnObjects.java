package io.provision.steps.kubernetes.addon;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.resource.ClusterObjects;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The objects of an add-on that are in the cluster, by their labels. */
public record AddOnObjects(AddOn of) {
  public Probes probes() {
    return Probes.ofCluster(of.kinds().stream().<ClusterQuestion<?>>map(this::question).toList());
  }

  private ClusterQuestion.All question(AddOn.Kind kind) {
    return new ClusterQuestion.All(
        kind.apiVersion(),
        kind.kind(),
        "%s=%s,%s=%s".formatted(AddOn.BY, Manifest.MANAGER, AddOn.PART, of.name()));
  }

  /** In the order in which they are deleted. */
  List<LiveObject> there(Observations seen) {
    return of.kinds().stream().flatMap(kind -> seen.of(question(kind)).stream()).toList();
  }

  /** What these ask, and what of it else is in the cluster. */
  public Probes probes(ClusterObjects declared) {
    return declared.probes().and(probes());
  }

  /** Applies these; once they are as declared, what another version has left behind is noted. */
  public Check check(ClusterObjects declared, Observations seen) {
    var refs = declared.manifests().stream().map(Manifest::ref).toList();
    return Checks.then(
        declared.check(seen),
        () -> new Check.InSync(strays(seen, refs).map(Observed::noting).orElse(Observed.NOTHING)));
  }

  /** What another version has left behind, for people; empty where nothing is. */
  public Optional<String> strays(Observations seen, Collection<ObjectRef> declared) {
    var strays =
        there(seen).stream()
            .map(LiveObject::ref)
            .filter(ref -> !declared.contains(ref))
            .map(ObjectRef::toString)
            .toList();
    return strays.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "left behind by another version of %s: %s. Delete it if nothing else needs it"
                .formatted(of.name(), String.join(", ", strays)));
  }
}
