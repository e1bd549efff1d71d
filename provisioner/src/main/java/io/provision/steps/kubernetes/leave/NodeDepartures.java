package io.provision.steps.kubernetes.leave;

import io.provision.kube.ClusterAction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.AllNodesStep;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeObject;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code node-departures}: nodes that the inventory does not name, or names as leaving, are out of
 * the cluster where a run was asked to remove them; else they are reported and stay. One server
 * that stays does it for all. A node that was to leave and stays is taken back into use.
 */
public record NodeDepartures(Distributions distributions) implements AllNodesStep {
  /** Why a node that leaves is out of use. */
  static final String CLAIM = "leaving";

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(distributions.of(target).kubectl().nodes());
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(AllNodesStep.super.needs(target));
    needs.add(Need.some(ClusterAccess.OUTPUT, Nodes.servers(target.inventory())));
    needs.add(Need.someSoFar(NodeLeaves.KEPT_OUT, target.inventory().leaving()));
    return needs;
  }

  @Override
  public Set<Need> removalNeeds(Target.OnHost target) {
    return BricksFirst.needs(target);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of(ClusterNodes.OUTPUT) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.START);
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.DRAIN, Change.Action.REMOVE);
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    var nodes = new TreeMap<>(seen.of(distributions.of(target).kubectl().nodes()));
    var access = known.all(ClusterAccess.OUTPUT).get(target.host().name());
    if (nodes.isEmpty() || access == null) {
      return new Check.Refused(
          "its API server does not say which nodes there are", "run the same command again");
    }
    var staying =
        Nodes.all(target.inventory()).stream()
            .map(host -> host.name().value())
            .collect(Collectors.toSet());
    var departures =
        nodes.values().stream()
            .filter(node -> !staying.contains(node.name()))
            .map(node ->
                new LeavingNode(target, distributions.of(target), node, nodes, access, known)
                    .departure())
            .toList();
    var rest =
        Checks.then(
            takenBack(nodes, staying, access),
            () ->
                new Check.InSync(
                    Observed.of(ClusterNodes.OUTPUT, new ClusterNodes(nodes.keySet()))));
    return departures.isEmpty() ? rest : new Check.Leaving(departures, rest);
  }

  /** What an earlier run cordoned that was killed, and nobody asks for any more. */
  private static Check takenBack(
      Map<String, NodeObject> nodes, Set<String> staying, ClusterAccess access) {
    var changes = new ArrayList<Change>();
    var actions = new ArrayList<ClusterAction>();
    for (var node : nodes.values()) {
      if (staying.contains(node.name()) && node.claim().equals(CLAIM)) {
        changes.add(
            Change.of(Change.Action.START, "node " + node.name(), "cordoned by us", "in use"));
        actions.add(new ClusterAction.Release(node.name(), CLAIM));
      }
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnApi(access, List.copyOf(actions)));
  }
}
