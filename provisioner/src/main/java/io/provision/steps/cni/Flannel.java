package io.provision.steps.cni;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.Manifest;
import io.provision.model.Cluster;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.published.PublishedObjects;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code flannel}: the network of pods, by flannel's published manifest with the inventory's
 * network laid over it.
 */
public record Flannel() implements Step<Target.OnCluster> {
  public static final String PROGRAM = "flannel";

  /** https://github.com/flannel-io/flannel/releases, the newest of August 2026. */
  public static final String VERSION = "v0.28.9";

  static final ArtifactId MANIFEST =
      new ArtifactId(PROGRAM, VERSION, ArtifactId.ANY, "kube-flannel.yml");

  /** The objects of the manifest. */
  static final Output<PublishedObjects> PUBLISHED =
      new Output<>("flannel-objects", PublishedObjects.class);

  static boolean isWanted(Target target) {
    return target.cluster().network().cni() == Cluster.Cni.FLANNEL;
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.NONE;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return objects(target, known)
        .flatMap(laid -> laid.manifests())
        .map(manifests -> new ClusterObjects(manifests, false).probes())
        .orElse(Probes.NONE);
  }

  @Override
  public Set<Need> needs(Target.OnCluster target) {
    return isWanted(target) ? Set.of(Need.local(PUBLISHED)) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (!isWanted(target)) {
      return new Check.Skipped("the network plugin is another one");
    }
    var laid = objects(target, known);
    if (laid.isEmpty() || laid.get().manifests().isEmpty()) {
      return new Check.Refused(
          "%s is not the manifest that is known: %s"
              .formatted(MANIFEST, laid.map(FlannelOverlay::missing).orElse("it has no objects")),
          "put the one that flannel %s publishes into the artifact directory".formatted(VERSION));
    }
    return new ClusterObjects(laid.get().manifests().get(), false).check(seen);
  }

  private static Optional<FlannelOverlay> objects(Target.OnCluster target, Known known) {
    return known
        .local(PUBLISHED)
        .map(PublishedObjects::manifests)
        .filter(manifests -> !manifests.isEmpty())
        .map(manifests -> overlay(target.cluster(), manifests));
  }

  private static FlannelOverlay overlay(Cluster cluster, List<Manifest> manifests) {
    return new FlannelOverlay(cluster, manifests);
  }
}
