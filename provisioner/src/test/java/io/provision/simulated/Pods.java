package io.provision.simulated;

import io.provision.kube.FakeNodes;
import io.provision.kube.ObjectRef;
import io.provision.simulated.Happening.What;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pods of some workloads, and what their controllers and the scheduler make of evictions. */
final class Pods {
  private static final String NAMESPACE = "shop";

  /** How long one takes to end, and one to be Ready, in milliseconds. */
  private static final long GRACE = 20_000;

  private static final long START = 10_000;

  private static final class Pod {
    private final String workload;
    private String node = "";
    private long readyAt = Long.MAX_VALUE;
    private boolean ready;
    private boolean going;

    private Pod(String workload) {
      this.workload = workload;
    }
  }

  private final World world;
  private final FakeNodes nodes;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private int made;

  Pods(World world, FakeNodes nodes) {
    this.world = world;
    this.nodes = nodes;
    workload("web", List.of("n1", "n2", "n3"));
    workload("api", List.of("n1", "n1")); // a drain of n1 would end both
    if (world.machines().size() > 3) {
      workload("pair", List.of("n3", "n4")); // two drains at a time would
    }
    for (var machine : world.machines()) {
      var of = owner("DaemonSet", "agent");
      var _ = nodes.pod("agent-" + machine.name, machine.name, of, Integer.MAX_VALUE);
    }
    refresh();
  }

  private void workload(String name, List<String> on) {
    var _ =
        nodes.object(
            new ObjectRef("apps/v1", "ReplicaSet", Optional.of(NAMESPACE), name),
            Map.of(
                "metadata",
                Map.of("name", name, "namespace", NAMESPACE),
                "spec",
                Map.of(
                    "replicas",
                    on.size(),
                    "selector",
                    Map.of("matchLabels", Map.of("app", name)))));
    for (var node : on) {
      var pod = new Pod(name);
      pod.readyAt = 0;
      put(name + "-" + ++made, pod, node);
    }
  }

  private static Map<String, Object> owner(String kind, String name) {
    var of = Map.of("apiVersion", "apps/v1", "kind", kind, "name", name, "controller", true);
    return Map.of("ownerReferences", List.of(of), "labels", Map.of("app", name));
  }

  private void put(String name, Pod pod, String node) {
    pod.node = node;
    pods.put(name, pod);
    var _ = nodes.pod(name, node, owner("ReplicaSet", pod.workload), Integer.MAX_VALUE);
  }

  /** It goes, and another one comes. */
  void evicted(String name) {
    var pod = pods.get(name);
    if (pod == null || pod.going) {
      return;
    }
    pod.going = true;
    unready(name, pod);
    world.in(
        GRACE,
        () -> {
          pods.remove(name);
          nodes.gone(name);
        });
    put(pod.workload + "-" + ++made, new Pod(pod.workload), "");
    refresh();
  }

  /** Where it is; empty where it is nowhere yet. */
  String node(String name) {
    return Optional.ofNullable(pods.get(name)).map(it -> it.node).orElse("");
  }

  private List<String> on(String node) {
    return pods.entrySet().stream()
        .filter(it -> it.getValue().node.equals(node) && !it.getValue().going)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What has come about since. */
  void refresh() {
    for (var each : new ArrayList<>(pods.entrySet())) {
      var pod = each.getValue();
      if (pod.node.isEmpty()) {
        room()
            .ifPresent(node -> {
              put(each.getKey(), pod, node);
              pod.readyAt = world.now() + START;
            });
      }
      var ready =
          !pod.going
              && !pod.node.isEmpty()
              && pod.readyAt <= world.now()
              && world.isReady(world.of(pod.node));
      if (ready && !pod.ready) {
        pod.ready = true;
        var _ = nodes.ready(each.getKey());
        world.happens("world", What.POD_READY, each.getKey(), pod.workload + " " + pod.node);
      } else if (!ready && pod.ready) {
        unready(each.getKey(), pod);
      }
    }
  }

  private void unready(String name, Pod pod) {
    if (pod.ready) {
      pod.ready = false;
      nodes.unready(name);
      world.happens("world", What.POD_UNREADY, name, pod.workload + " " + pod.node);
    }
  }

  /** Where the scheduler would place one: the emptiest of those that take any. */
  private Optional<String> room() {
    return world.machines().stream()
        .filter(it -> world.isReady(it) && !world.isCordoned(it.name))
        .map(it -> it.name)
        .min(Comparator.comparing(name -> on(name).size()));
  }
}
