package io.provision.cli;

import io.provision.console.text.Table;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.kube.ObjectStates;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.step.ClusterAccess;
import io.provision.step.Target;
import io.provision.steps.kubernetes.ClusterState;
import io.provision.steps.kubernetes.NodeHealth;
import io.provision.steps.kubernetes.PodTrouble;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Kubernetes on the screen of a status: its nodes, and the pods that do not run. */
final class KubernetesTables {
  private static final String STEP = "cluster-state";
  private static final String UNKNOWN = "unknown";

  /** More troubles than these have one reason, which is among them. */
  private static final int MOST_PODS = 50;

  private KubernetesTables() {}

  /** The playbook, and behind it what only a status asks, where it has somebody to ask. */
  static Playbook with(Playbook playbook, Inventory inventory) {
    if (!reachesTheApi(playbook, inventory)) {
      return playbook;
    }
    var at = new Position("status", 1, 1);
    var plays = new ArrayList<Play>(playbook.plays());
    plays.add(
        new Play.OnCluster(
            "status of the cluster",
            List.of(new Item<>(new StepRef(STEP, 0, at), new ClusterState()))));
    return new Playbook(plays);
  }

  private static boolean reachesTheApi(Playbook playbook, Inventory inventory) {
    return playbook.plays().stream()
        .filter(Play.OnHosts.class::isInstance)
        .map(Play.OnHosts.class::cast)
        .anyMatch(play ->
            play.hosts().stream()
                .map(host -> new Target.OnHost(host, inventory))
                .anyMatch(target ->
                    play.items().stream()
                        .anyMatch(
                            item -> item.step().provides(target).contains(ClusterAccess.OUTPUT))));
  }

  /** Nothing where the API was not to be asked, as under a limit that does not name the cluster. */
  static SequencedMap<String, Table> of(Inventory inventory, RunResult result) {
    var tables = new LinkedHashMap<String, Table>();
    var seen = seen(result);
    if (seen.isPresent()) {
      tables.put("nodes", nodes(inventory, seen.get().nodes()));
      var pods = pods(seen.get().pods());
      if (!pods.isEmpty()) {
        tables.put("pods that do not run", new Table(List.of("pod", "why"), pods));
      }
    }
    return tables;
  }

  private static Optional<ClusterState.Seen> seen(RunResult result) {
    var own = result.seen().get(TargetName.CLUSTER);
    if (own != null && own.values().get(ClusterState.SEEN) instanceof ClusterState.Seen seen) {
      return Optional.of(seen);
    }
    if (!result.report().targets().containsKey(TargetName.CLUSTER)) {
      return Optional.empty();
    }
    var why =
        result.plan().findings().stream()
            .filter(finding -> finding.step().name().equals(STEP))
            .map(Finding::outcome)
            .map(KubernetesTables::why)
            .findFirst()
            .orElse("the cluster's API could not be asked: see 'provision plan'");
    var unheard = new ObjectStates.Unheard(why);
    return Optional.of(new ClusterState.Seen(unheard, unheard));
  }

  private static String why(Outcome outcome) {
    return "the cluster's API was not asked: "
        + switch (outcome) {
          case Outcome.Skipped(var reason) -> reason;
          case Outcome.Pending(var awaiting, _) -> "first comes " + awaiting;
          case Outcome.Failed(var failure) -> failure.what();
          case Outcome.Unreachable(var failure) -> failure.what();
          case Outcome.Lost(var failure) -> failure.what();
          case Outcome.Ok _, Outcome.Changed _, Outcome.WouldChange _, Outcome.Leaving _ ->
              "see 'provision plan'";
        };
  }

  private static Table nodes(Inventory inventory, ObjectStates states) {
    var header = List.of("node", "ready", "kubelet", "why");
    var declared =
        inventory.hosts().stream().filter(KubernetesTables::isNode).map(Host::name).toList();
    return switch (states) {
      case ObjectStates.Unheard(var why) ->
          new Table(
              header,
              declared.stream().map(name -> List.of(name.value(), UNKNOWN, "", why)).toList());
      case ObjectStates.Seen(var objects, var all) -> {
        var rows = new TreeMap<String, List<String>>();
        declared.forEach(name ->
            rows.put(
                name.value(),
                List.of(
                    name.value(),
                    all ? "no" : UNKNOWN,
                    "",
                    all ? "it never registered: the cluster has no such node" : cut(objects))));
        for (var object : objects) {
          var node = NodeHealth.of(object);
          var strange = rows.containsKey(node.name()) ? "" : "not in the inventory";
          rows.put(
              node.name(),
              List.of(
                  node.name(),
                  node.ready() ? "yes" : "no",
                  node.kubelet(),
                  strange.isEmpty() || node.why().isEmpty()
                      ? strange + node.why()
                      : node.why() + "; " + strange));
        }
        yield new Table(header, List.copyOf(rows.values()));
      }
    };
  }

  private static boolean isNode(Host host) {
    return host.is(Role.CONTROL_PLANE) || host.is(Role.WORKER);
  }

  private static List<List<String>> pods(ObjectStates states) {
    return switch (states) {
      case ObjectStates.Unheard(var why) -> List.of(List.of(UNKNOWN, why));
      case ObjectStates.Seen(var objects, var all) -> {
        var troubles = objects.stream().map(PodTrouble::of).flatMap(Optional::stream).toList();
        var rows = new ArrayList<List<String>>();
        troubles.stream().limit(MOST_PODS).forEach(it -> rows.add(List.of(it.pod(), it.why())));
        if (troubles.size() > MOST_PODS) {
          rows.add(
              List.of("and %d more".formatted(troubles.size() - MOST_PODS), "kubectl get pods -A"));
        }
        if (!all) {
          rows.add(List.of("others", cut(objects)));
        }
        yield rows;
      }
    };
  }

  private static String cut(List<ObjectStates.State> objects) {
    return "only the first %d were looked at".formatted(objects.size());
  }
}
