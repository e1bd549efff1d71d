package io.provision.steps.kubernetes.status;

import io.provision.kube.ObjectStates;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.ClusterAccess;
import io.provision.step.Output;
import io.provision.step.StatusView;
import io.provision.steps.kubernetes.NodeHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Kubernetes on the screen of a status: its nodes, and the pods that do not run. */
public final class KubernetesView implements StatusView {
  private static final String STEP = "cluster-state";
  private static final String NODES = "nodes";
  private static final String UNKNOWN = "unknown";

  /** More troubles than these have one reason, which is among them. */
  private static final int MOST_PODS = 50;

  /** Only where a step of the playbook reaches the API is there somebody to ask. */
  @Override
  public List<Ask> asks(Inventory inventory, Set<Output<?>> provided) {
    return provided.contains(ClusterAccess.OUTPUT)
        ? List.of(new Ask.OnCluster("status of the cluster", STEP, ClusterState.LOOK))
        : List.of();
  }

  /** Nothing where the API was not to be asked, as under a limit that does not name the cluster. */
  @Override
  public List<Rows> tables(Inventory inventory, Seen seen) {
    var tables = new ArrayList<Rows>();
    var state = state(seen);
    if (state.isPresent()) {
      tables.add(nodes(inventory, state.get().nodes()));
      var pods = pods(state.get().pods());
      if (!pods.isEmpty()) {
        tables.add(new Rows("pods that do not run", List.of("pod", "why"), pods));
      }
    }
    return tables;
  }

  private static Optional<ClusterState.Seen> state(Seen seen) {
    var own = seen.cluster().map(it -> it.values().get(ClusterState.SEEN));
    if (own.isPresent() && own.get() instanceof ClusterState.Seen state) {
      return Optional.of(state);
    }
    if (!seen.clusterAsked()) {
      return Optional.empty();
    }
    var why =
        seen.unasked()
            .getOrDefault(STEP, "the cluster's API could not be asked: see 'provision plan'");
    var unheard = new ObjectStates.Unheard(why);
    return Optional.of(new ClusterState.Seen(unheard, unheard));
  }

  private static Rows nodes(Inventory inventory, ObjectStates states) {
    var header = List.of("node", "ready", "kubelet", "why");
    var declared =
        inventory.hosts().stream().filter(KubernetesView::isNode).map(Host::name).toList();
    return switch (states) {
      case ObjectStates.Unheard(var why) ->
          new Rows(
              NODES,
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
        yield new Rows(NODES, header, List.copyOf(rows.values()));
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
