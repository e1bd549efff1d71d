package io.provision.steps.cni;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.Manifest;
import io.provision.model.Cluster;
import io.provision.render.Template;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PublishedObjects;
import io.provision.steps.kubernetes.addon.ManifestOverlay;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code flannel}: the network of pods, by flannel's published manifest with the inventory's
 * network laid over it. One that somebody applied by hand is taken over, the first time.
 */
public record Flannel(
    @Parameter(
            value = "Whether fields that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {
  public static final String PROGRAM = "flannel";

  /** https://github.com/flannel-io/flannel/releases, the newest of August 2026. */
  public static final String VERSION = "v0.28.9";

  static final ArtifactId MANIFEST =
      new ArtifactId(PROGRAM, VERSION, ArtifactId.ANY, "kube-flannel.yml");

  /** The objects of the manifest. */
  static final Output<PublishedObjects> PUBLISHED =
      new Output<>("flannel-objects", PublishedObjects.class);

  private static final Template OVERLAY = Template.of("cni/flannel.yaml.ftl");

  /** What the template of the overlay sees. */
  private record Model(String pods, boolean ipv6, boolean nftables) {}

  static boolean isWanted(Target target) {
    return target.cluster().network().cni() == Cluster.Cni.FLANNEL;
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return isWanted(target) ? others(target).probes() : Probes.NONE;
  }

  private static OtherNetwork others(Target target) {
    return new OtherNetwork(target.cluster().network().cni());
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return isWanted(target)
        ? objects(target, known).map(ClusterObjects::probes).orElse(Probes.NONE)
        : Probes.NONE;
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
    var other = others(target).refusal(seen);
    if (other.isPresent()) {
      return other.get();
    }
    return objects(target, known)
        .map(objects -> objects.check(seen))
        .orElseGet(() ->
            new Check.Refused(
                "its manifest has no ConfigMap 'kube-flannel-cfg' or no DaemonSet 'kube-flannel-ds' in the namespace kube-flannel",
                "look at the file that is pinned in provision.lock: it is not flannel's"));
  }

  /** Empty where the manifest is of something else. */
  private Optional<ClusterObjects> objects(Target.OnCluster target, Known known) {
    var published =
        known
            .local(PUBLISHED)
            .map(PublishedObjects::manifests)
            .orElseThrow(() -> new IllegalStateException("it is needed: flannel-objects"));
    return has(published, "ConfigMap", "kube-flannel-cfg")
            && has(published, "DaemonSet", "kube-flannel-ds")
        ? Optional.of(
            new ClusterObjects(
                ManifestOverlay.over(published, OVERLAY, model(target.cluster())), takeOver, true))
        : Optional.empty();
  }

  private static Model model(Cluster cluster) {
    var pods = cluster.network().podCidr();
    var mode = Overrides.ofCluster(KubeProxySection.class, cluster).get("mode");
    return new Model(pods.toString(), pods.network().isIpv6(), "nftables".equals(mode));
  }

  private static boolean has(List<Manifest> published, String kind, String name) {
    return published.stream()
        .map(Manifest::ref)
        .anyMatch(ref ->
            ref.kind().equals(kind)
                && ref.name().equals(name)
                && ref.namespace().equals(Optional.of("kube-flannel")));
  }
}
