package io.provision.steps.kubernetes.dns;

import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.Readiness;
import io.provision.model.Host;
import io.provision.model.Taint;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code dns-spread}: the pods of CoreDNS run on more than one node. kubeadm makes two of them
 * while there is one node, and nothing moves them when others join, so that all names of the
 * cluster would go with that node (kubernetes/kubeadm#2615). All but one are deleted, and made
 * again elsewhere, since they prefer to be apart; a rollout would replace all of them, and may well
 * end as it began (siderolabs/docs#781). That is done once for each number of nodes that can take
 * them; where they come to be together again, it is said and left.
 */
public record DnsSpread() implements Step<Target.OnCluster> {
  /** On the Deployment: how many nodes could take its pods when they were spread. */
  static final String ANNOTATION = "provision.io/spread-over-nodes";

  static final ObjectRef COREDNS =
      new ObjectRef("apps/v1", "Deployment", Optional.of("kube-system"), "coredns");

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final ClusterQuestion.One DEPLOYMENT = new ClusterQuestion.One(COREDNS);
  private static final ClusterQuestion.All PODS =
      new ClusterQuestion.All("v1", "Pod", "k8s-app=kube-dns");

  /** What kubeadm's manifest of CoreDNS tolerates. */
  private static final Set<String> TOLERATED = Set.of("node-role.kubernetes.io/control-plane");

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(List.of(DEPLOYMENT, PODS));
  }

  @Override
  public Set<Need> needs(Target.OnCluster target) {
    return Nodes.areUp(target.inventory());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    var deployment = seen.of(DEPLOYMENT);
    if (deployment.isEmpty()) {
      return new Check.Skipped("there is no %s".formatted(COREDNS));
    }
    var able = able(target, known);
    if (able < 2 || replicas(deployment.get()) < 2) {
      return new Check.InSync();
    }
    var pods = seen.of(PODS).stream().filter(DnsSpread::isOfCoreDns).toList();
    if (pods.size() < 2) {
      return new Check.NotYet(
          "a second pod of CoreDNS",
          PATIENCE,
          why(deployment.get(), seen.of(PODS)),
          "see what keeps it away: 'kubectl -n kube-system describe pods -l k8s-app=kube-dns'");
    }
    var node = node(pods.getFirst());
    if (pods.stream().anyMatch(pod -> !node(pod).equals(node))) {
      return new Check.InSync();
    }
    return deployment.get().annotation(ANNOTATION).equals(Optional.of(Long.toString(able)))
        ? new Check.InSync(
            Observed.noting(
                "all pods of CoreDNS run on %s, again after they were spread: names of the cluster go where it goes"
                    .formatted(node)))
        : spread(pods, node, able);
  }

  /** What the Deployment says, then what keeps its pods away. */
  private static String why(LiveObject deployment, List<LiveObject> pods) {
    return Stream.concat(Stream.of(deployment), pods.stream().filter(DnsSpread::isOurs))
        .flatMap(it -> it.ready().map(Readiness::why).stream())
        .filter(it -> !it.isEmpty())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  /** The mark comes last: killed before it, the next run looks again where they are. */
  private static Check spread(List<LiveObject> pods, String node, long able) {
    var changes = new ArrayList<ClusterChange>();
    pods.stream().skip(1).map(LiveObject::ref).map(ClusterChange.Delete::new).forEach(changes::add);
    changes.add(new ClusterChange.Apply(mark(able), false));
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.UPDATE,
                COREDNS.toString(),
                "all %d pods on %s".formatted(pods.size(), node),
                "all but one made again, on another of %d nodes".formatted(able))),
        new Repair.OnCluster(changes));
  }

  private static Manifest mark(long able) {
    return new Manifest(
        COREDNS,
        Map.of(
            "apiVersion",
            COREDNS.apiVersion(),
            "kind",
            COREDNS.kind(),
            "metadata",
            Map.of(
                "name",
                COREDNS.name(),
                "namespace",
                COREDNS.namespace().orElseThrow(),
                "annotations",
                Map.of(ANNOTATION, Long.toString(able)))));
  }

  /** The API always says how many; a kind that has lost it says 1. */
  private static long replicas(LiveObject deployment) {
    return spec(deployment).get("replicas") instanceof Number number ? number.longValue() : 1;
  }

  /** Nodes of the inventory that are up, and have no taint that keeps CoreDNS away. */
  private static long able(Target.OnCluster target, Known known) {
    return Nodes.all(target.inventory()).stream()
        .filter(host -> Nodes.isUp(host, known))
        .filter(DnsSpread::takesCoreDns)
        .count();
  }

  private static boolean takesCoreDns(Host host) {
    return host.taints().stream()
        .filter(taint -> taint.effect() != Taint.Effect.PreferNoSchedule)
        .allMatch(taint -> TOLERATED.contains(taint.key()));
  }

  /** One that is placed, and stays; what was evicted stays in the list once it has ended. */
  private static boolean isOfCoreDns(LiveObject pod) {
    return isOurs(pod)
        && !pod.isGoing()
        && !node(pod).isEmpty()
        && pod.ready().filter(it -> it.running() == 0).isEmpty();
  }

  private static boolean isOurs(LiveObject pod) {
    return pod.ref().namespace().equals(COREDNS.namespace());
  }

  private static String node(LiveObject pod) {
    return pod.text("spec", "nodeName").orElse("");
  }

  private static Map<?, ?> spec(LiveObject live) {
    return live.content().get("spec") instanceof Map<?, ?> spec ? spec : Map.of();
  }
}
