package io.provision.steps.kubernetes.leave;

import io.provision.kube.ClusterAction;
import io.provision.kube.ObjectRef;
import io.provision.kube.ObjectStates.State;
import io.provision.model.HostName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Orphan;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.gluster.leave.PoolExit;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.NodeObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node on its way out of the cluster: a snapshot, drained, its volumes detached, its member out
 * of the datastore by one that stays, then the Node itself. Killed between two of these, the same
 * is gone on with: each finds what is done already.
 *
 * @param target the server that does it
 * @param nodes all of the cluster by name
 */
record LeavingNode(
    Target.OnHost target,
    Distribution distribution,
    NodeObject node,
    Map<String, NodeObject> nodes,
    ClusterAccess access,
    Known known) {
  private static final Duration DRAIN = Duration.ofMinutes(10);

  /** A minute more than the cluster itself takes for a node that does not unmount them. */
  private static final Duration DETACHED = Duration.ofMinutes(7);

  private static final Duration GONE = Duration.ofMinutes(2);

  /** As k3s calls a member that votes, and one of which it says nothing, as a v1.21 does. */
  private static final List<String> VOTERS = List.of("MemberNotLearner", "");

  Departure departure() {
    return new Departure(
        orphans(),
        changes(),
        refusal().orElseGet(() -> new Check.Drift(changes(), repair())),
        node.claim().equals(NodeDepartures.CLAIM) ? "an earlier run has begun to drain it" : "",
        aftermath(),
        isListed() ? node.name() + " is to leave" : "");
  }

  private Set<Orphan> orphans() {
    var orphans = new LinkedHashSet<>(List.of(Orphan.host(node.name())));
    node.volumes().forEach(volume -> orphans.add(new Orphan("pv", volume.name())));
    return orphans;
  }

  private boolean isListed() {
    return target.inventory().leaving().stream()
        .anyMatch(host -> host.name().value().equals(node.name()));
  }

  /** A host that has lost its role as a node, and keeps another one. */
  private boolean staysOtherwise() {
    return target.inventory().hosts().stream()
        .anyMatch(host -> host.name().value().equals(node.name()));
  }

  private boolean isMember() {
    return distribution.exit().isMember(node);
  }

  private List<Change> changes() {
    var changes = new ArrayList<Change>();
    var subject = "node " + node.name();
    if (node.ready()) {
      changes.add(bricks().before(Change.Action.DRAIN, subject, "in use", "empty"));
    }
    if (isMember()) {
      changes.add(Change.of(Change.Action.REMOVE, "member %s of etcd".formatted(node.name())));
    }
    changes.add(Change.of(Change.Action.REMOVE, subject, node.ready() ? "Ready" : "not Ready", ""));
    for (var volume : node.volumes()) {
      changes.add(
          Change.of(
              Change.Action.REMOVE,
              "pv " + volume.name(),
              volume.claim().isEmpty() ? "claimed by nobody" : "of " + volume.claim(),
              "its files are on %s alone".formatted(node.name())));
    }
    return changes;
  }

  private String aftermath() {
    return node.volumes().isEmpty()
        ? ""
        : "what uses %s does not start any more: delete its claims, or bring the files elsewhere before"
            .formatted(
                node.volumes().stream()
                    .map(NodeObject.LocalVolume::name)
                    .collect(Collectors.joining(", ")));
  }

  private Repair repair() {
    var exit = distribution.exit();
    var server = target.host().name();
    var leaver = new HostName(node.name());
    var parts = new ArrayList<Repair>();
    if (isMember()) {
      parts.add(new Repair.OnHost(exit.snapshot(server, "before-%s-leaves".formatted(leaver))));
    }
    if (node.ready()) {
      parts.add(
          new Repair.OnApi(
              access,
              List.of(
                  new ClusterAction.TakeTurn(node.name()),
                  new ClusterAction.Drain(node.name(), NodeDepartures.CLAIM, DRAIN),
                  new ClusterAction.AwaitDetached(node.name(), DETACHED))));
    }
    if (isMember()) {
      parts.add(exit.memberRemoved(server, leaver, access));
    }
    var last = new ArrayList<ClusterAction>(List.of(new ClusterAction.Delete(ref()), gone()));
    last.add(
        node.ready()
            ? new ClusterAction.EndTurn(node.name())
            : new ClusterAction.TellAttached(node.name()));
    parts.add(new Repair.OnApi(access, last));
    return new Repair.InOrder(parts);
  }

  private ObjectRef ref() {
    return ObjectRef.of("v1", "Node", node.name());
  }

  /**
   * Nodes of k3s have finalizers (wrangler, pkg/generic/remove.go): to be deleted takes a while.
   */
  private ClusterAction.Await gone() {
    return new ClusterAction.Await(
        ref(),
        "node %s to be gone".formatted(node.name()),
        GONE,
        new Gone(),
        "see who holds it: kubectl get node %s -o jsonpath={.metadata.finalizers}"
            .formatted(node.name()));
  }

  /** An object that is there no more. */
  private record Gone() implements ClusterAction.Condition {
    @Override
    public Optional<String> missing(Optional<State> state) {
      return state.map(_ -> "it is still there");
    }
  }

  private Optional<Check> refusal() {
    return endpoint().or(() -> bricks().refusal()).or(this::returns).or(this::quorum);
  }

  /** By what the pool knows the host; a node that is not Ready may be one that is dead. */
  private BricksFirst bricks() {
    var names = new LinkedHashSet<>(List.of(node.name(), node.address()));
    target
        .inventory()
        .find(new HostName(node.name()))
        .ifPresent(host -> names.add(host.address().value()));
    return BricksFirst.of(
        target.inventory(), orphans(), new PoolExit.Leaver(names, node.ready()), known);
  }

  /** The address by which everybody reaches the API must be somewhere else by then. */
  private Optional<Check> endpoint() {
    var cluster = target.cluster();
    var host = target.inventory().find(new HostName(node.name()));
    return cluster
        .endpoint()
        .filter(_ -> cluster.virtualIp().isEmpty())
        .filter(it ->
            it.equals(node.address())
                || host.filter(one -> it.equals(one.address().value())).isPresent())
        .map(it ->
            new Check.Refused(
                "the API of the cluster is reached by its address: endpoint is " + it,
                "let 'endpoint' be another one and apply that first; then run again"));
  }

  /** One that still runs would be a node again with its next start. */
  private Optional<Check> returns() {
    if (!node.ready()) {
      return Optional.empty();
    }
    if (staysOtherwise()) {
      return Optional.of(
          new Check.Refused(
              "it still runs, and the host stays in the inventory as something else: it would come"
                  + " back",
              "give the host its role back; or switch its unit off there for good ('systemctl"
                  + " disable --now') and wait until it is not Ready"));
    }
    if (!isListed()) {
      return Optional.of(
          new Check.Refused(
              "it still runs, and nobody says how to log in to it: it would come back",
              "put its lines back into the inventory with 'leaving: true'; or, where it is to be"
                  + " switched off for good, do that and wait until it is not Ready"));
    }
    if (!known.removals().ask(orphans())) {
      return Optional.empty(); // nor was that host asked to keep it out
    }
    var never = known.never(NodeLeaves.KEPT_OUT).get(new HostName(node.name()));
    return never == null
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "it still runs and could not be kept from coming back (%s)".formatted(never),
                "see what its own steps say; or switch it off for good and wait until it is not"
                    + " Ready"));
  }

  /** Those that stay are all healthy, and so many that etcd agrees to it now. */
  private Optional<Check> quorum() {
    if (!isMember()) {
      return Optional.empty();
    }
    var members = nodes.values().stream().filter(distribution.exit()::isMember).toList();
    var others = members.stream().filter(it -> !it.name().equals(node.name())).toList();
    var unhealthy =
        others.stream()
            .filter(it -> !it.ready() || !VOTERS.contains(it.etcd()))
            .map(NodeObject::name)
            .collect(Collectors.joining(", "));
    if (others.isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "it is the only member of etcd", "it is the cluster: 'provision reset' ends that"));
    }
    if (!unhealthy.isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "%s is not healthy: without %s as well the cluster could lose its quorum"
                  .formatted(unhealthy, node.name()),
              "bring that back first, or remove that one first; then run again"));
    }
    var healthy = others.size() + (node.ready() ? 1 : 0);
    return healthy * 2 > members.size()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "etcd has no majority without it: %d of %d members run"
                    .formatted(healthy, members.size()),
                "bring it back and remove it then; where it is lost for good, etcd is begun anew"
                    + " from what %s has ('k3s server --cluster-reset'), or from a snapshot ('provision etcd restore')"
                        .formatted(target.host().name())));
  }
}
