package io.provision.steps.cni;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.Readiness;
import io.provision.model.Kubernetes;
import io.provision.render.Template;
import io.provision.resource.ClusterObjects;
import io.provision.resource.ManifestText;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.PodNetwork;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code calico}: the inventory's network as Calico's: one pool in VXLAN without BGP, and the
 * Installation that its operator carries out. Done when the operator says that it is available; of
 * a node that is down it never says so, and then when Calico runs on those that are up.
 *
 * @param takeOver whether fields of the Installation that another manager set are taken over
 */
public record CalicoNetwork(
    @Parameter(
            value = "Whether fields of the Installation that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Template OBJECTS = Template.of("cni/calico.yaml.ftl");

  /** What the operator says of all that it runs for an Installation. */
  private static final ClusterQuestion.One STATUS =
      new ClusterQuestion.One(ObjectRef.of("operator.tigera.io/v1", "TigeraStatus", "calico"));

  private static final ClusterQuestion.One ON_NODES =
      new ClusterQuestion.One(
          new ObjectRef("apps/v1", "DaemonSet", Optional.of("calico-system"), "calico-node"));

  /** What the template sees. */
  private record Model(
      String pods, boolean ipv6, boolean nftables, String mtu, boolean forwarding) {}

  @Override
  public Probes probes(Target.OnCluster target) {
    return Calico.isWanted(target)
        ? pool(target)
            .probes()
            .and(installation(target).probes())
            .and(Probes.ofCluster(List.of(STATUS, ON_NODES)))
        : Probes.NONE;
  }

  /** Those that are up: a node without a network is, and its kubelet waits for this one. */
  @Override
  public Set<Need> needs(Target.OnCluster target) {
    return Calico.isWanted(target) ? Nodes.areUp(target.inventory()) : Set.of();
  }

  @Override
  public Set<Output<?>> provides(Target.OnCluster target) {
    return Calico.isWanted(target) ? Set.of(PodNetwork.UP) : Set.of();
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
    return moved(target, seen)
        .orElseGet(() ->
            Checks.then(
                Checks.together(pool(target).check(seen), installation(target).check(seen)),
                () -> available(target, seen, known)));
  }

  /** Pods keep their addresses, and Calico the blocks that it gave to nodes. */
  private static Optional<Check> moved(Target.OnCluster target, Observations seen) {
    var wanted = target.cluster().network().podCidr().toString();
    DeclaredObject pool =
        seen.of(new ClusterQuestion.Declared(pool(target).manifests().getFirst()));
    return pool.live()
        .flatMap(CalicoNetwork::range)
        .filter(cidr -> !wanted.equals(cidr))
        .map(cidr ->
            new Check.Refused(
                "the cluster lives with 'pod_cidr' %s, and the inventory says %s"
                    .formatted(cidr, wanted),
                "set it back, or in the IPPool, where somebody has changed it there; only a new cluster can have another"));
  }

  private static Optional<String> range(LiveObject pool) {
    return pool.content().get("spec") instanceof Map<?, ?> spec
        ? Optional.ofNullable(spec.get("cidr")).map(String::valueOf)
        : Optional.empty();
  }

  private static Check available(Target.OnCluster target, Observations seen, Known known) {
    var status = seen.of(STATUS).flatMap(LiveObject::ready);
    var isUp = Observed.of(PodNetwork.UP, true);
    if (status.filter(Readiness::done).isPresent()) {
      return new Check.InSync(isUp);
    }
    var nodes = seen.of(ON_NODES).flatMap(LiveObject::ready);
    var onNodes = nodes.map(Readiness::why).map("; on the nodes it is "::concat).orElse("");
    var all = Nodes.all(target.inventory());
    var up = all.stream().filter(host -> Nodes.isUp(host, known)).count();
    if (up > 0 && up < all.size() && nodes.map(Readiness::running).orElse(0L) >= up) {
      return new Check.InSync(
          isUp.and(
              Observed.noting("Calico is not on every node, and not every node is up" + onNodes)));
    }
    return new Check.NotYet(
        "Calico to be available",
        PATIENCE,
        status.map(Readiness::why).orElse("its operator has not said anything of it yet") + onNodes,
        status.isPresent()
            ? "see 'kubectl get tigerastatus' and 'kubectl -n calico-system describe pods': an image that cannot be pulled is named there"
            : "see 'kubectl -n tigera-operator logs deploy/tigera-operator'");
  }

  /** All that is declared of it is ours alone: nodes route by it. */
  private static ClusterObjects pool(Target target) {
    return new ClusterObjects(objects("IPPool", target), true);
  }

  private ClusterObjects installation(Target target) {
    return new ClusterObjects(objects("Installation", target), takeOver);
  }

  private static List<Manifest> objects(String kind, Target target) {
    var cluster = target.cluster();
    var pods = cluster.network().podCidr();
    var proxy = Overrides.ofCluster(KubeProxySection.class, cluster);
    var model =
        new Model(
            pods.toString(),
            pods.network().isIpv6(),
            "nftables".equals(proxy.get("mode")),
            CalicoSettings.of(target).mtu().map(String::valueOf).orElse(""),
            cluster.distribution().has(Kubernetes.Trait.FORWARDS_IN_PODS));
    return ManifestText.rendered(OBJECTS, model).stream()
        .filter(it -> it.ref().kind().equals(kind))
        .toList();
  }
}
