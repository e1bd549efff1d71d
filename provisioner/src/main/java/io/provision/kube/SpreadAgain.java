package io.provision.kube;

import io.provision.kube.Workloads.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Carries {@link ClusterAction.SpreadAgain} out. A scheduler places pods once: those that a drain
 * has moved stay where they are, two of one workload beside each other, while the node that came
 * back has none. One pod at a time is evicted there, and only of a workload all of whose replicas
 * are Ready; what a pod needs a certain node for (volumes, selectors, affinity), and what a
 * StatefulSet numbers, is left where it is.
 */
record SpreadAgain(
    ClusterApi.Work work, ClusterAction.SpreadAgain asked, Time time, Consumer<String> progress) {
  /** Small steps: what is left is left to the next return. */
  private static final int MOST_PODS = 10;

  /** Where the scheduler prefers another node, it prefers it for the next one too. */
  private static final int MOST_MISSES = 2;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Time.BETWEEN_LOOKS.multipliedBy(3);
  private static final int MOST_SILENCES = 3;

  /** What came of moving one pod. */
  private enum Moved {
    HERE,
    ELSEWHERE,
    NOT,

    /** It is not Ready again: nothing else is moved. */
    LOST
  }

  void run() throws InterruptedException {
    try {
      if (isOpen()) {
        spread();
      }
    } catch (ClusterException e) {
      progress.accept(
          "note: pods are not spread over %s again: %s".formatted(asked.node(), e.what()));
    }
  }

  /** Whether any pod may be placed there, and it is its turn still. */
  private boolean isOpen() throws ClusterException {
    var node = work.read(ObjectRef.of("v1", "Node", asked.node()));
    var spec = RawObject.map(node.map(it -> it.get("spec")).orElse(null));
    return node.isPresent()
        && new NodeClaim(work, asked.node(), asked.claim()).isInUse(node.get())
        && !Boolean.TRUE.equals(spec.get("unschedulable"))
        && !(spec.get("taints") instanceof List<?> taints
            && taints.stream()
                .map(RawObject::map)
                .anyMatch(taint -> !"PreferNoSchedule".equals(taint.get("effect"))));
  }

  private void spread() throws ClusterException, InterruptedException {
    var workloads = new Workloads(work);
    var crowded = crowded(workloads);
    var moved = new ArrayList<String>();
    var misses = 0;
    for (var workload : crowded.stream().limit(MOST_PODS).toList()) {
      switch (move(workloads, workload)) {
        case HERE -> moved.add(workload.ref().toString());
        case ELSEWHERE -> misses++;
        case NOT -> {}
        case LOST -> {
          return;
        }
      }
      if (misses >= MOST_MISSES) {
        break;
      }
    }
    if (!moved.isEmpty()) {
      progress.accept(
          "note: a pod each was moved to %s again, of %s"
              .formatted(asked.node(), String.join(", ", moved)));
    }
    if (crowded.size() > MOST_PODS) {
      progress.accept(
          "note: %d more workloads have pods beside each other and none on %s; those stay as they are"
              .formatted(crowded.size() - MOST_PODS, asked.node()));
    }
  }

  /** Of which another node has several pods, and this one none; those with the most first. */
  private List<Workload> crowded(Workloads workloads) throws ClusterException {
    var here = on(workloads, asked.node()).keySet();
    var most = new LinkedHashMap<Workload, Integer>();
    for (var other : asked.others()) {
      on(workloads, other)
          .forEach((workload, pods) -> most.merge(workload, pods.size(), Math::max));
    }
    most.keySet().removeAll(here);
    return most.entrySet().stream()
        .filter(each -> each.getValue() > 1)
        .sorted(Map.Entry.<Workload, Integer>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .filter(workload -> workload.replicas() > 1)
        .filter(workload -> !workload.ref().kind().equals("StatefulSet"))
        .toList();
  }

  private Map<Workload, List<RawPod>> on(Workloads workloads, String node) throws ClusterException {
    var pods = new LinkedHashMap<Workload, List<RawPod>>();
    for (var raw : work.podsOn(node)) {
      var pod = new RawPod(raw);
      if (!pod.isGoing()) {
        workloads
            .of(pod)
            .ifPresent(it -> pods.computeIfAbsent(it, _ -> new ArrayList<>()).add(pod));
      }
    }
    return pods;
  }

  private Moved move(Workloads workloads, Workload workload)
      throws ClusterException, InterruptedException {
    var pods = ready(workloads, workload);
    var chosen = pods.size() < workload.replicas() ? Optional.<RawPod>empty() : chosen(pods);
    if (chosen.isEmpty()) {
      return Moved.NOT;
    }
    var title = chosen.get().title();
    switch (work.evict(chosen.get().ref())) {
      case ClusterApi.Eviction.Going _ -> {}
      case ClusterApi.Eviction.Blocked(var why) -> {
        return stays(title, why);
      }
      case ClusterApi.Eviction.Never(var why) -> {
        return stays(title, why);
      }
    }
    progress.accept(
        "waiting until all pods of %s are Ready again, %d s at most: %s makes room for one on %s"
            .formatted(workload.ref(), PATIENCE.toSeconds(), title, asked.node()));
    return await(workloads, workload);
  }

  private Moved stays(String title, String why) {
    progress.accept("note: %s stays where it is: %s".formatted(title, why));
    return Moved.NOT;
  }

  private Moved await(Workloads workloads, Workload workload)
      throws ClusterException, InterruptedException {
    var patience = time.patience(PATIENCE);
    var silences = 0;
    while (true) {
      try {
        var pods = ready(workloads, workload);
        silences = 0;
        if (pods.size() >= workload.replicas()) {
          return pods.stream().anyMatch(pod -> pod.node().equals(asked.node()))
              ? Moved.HERE
              : Moved.ELSEWHERE;
        }
      } catch (ClusterException e) {
        if (++silences >= MOST_SILENCES) {
          throw e;
        }
      }
      if (patience.isOver()) {
        progress.accept(
            "note: %s has not all its pods Ready again after %d s; no other is moved"
                .formatted(workload.ref(), PATIENCE.toSeconds()));
        return Moved.LOST;
      }
      time.pause(BETWEEN_LOOKS);
    }
  }

  private static List<RawPod> ready(Workloads workloads, Workload workload)
      throws ClusterException {
    return workloads.pods(workload).stream().filter(RawPod::isReady).toList();
  }

  /** Of the node that has most of them; none where somebody was faster. */
  private Optional<RawPod> chosen(List<RawPod> pods) {
    var nodes = new TreeMap<String, List<RawPod>>();
    pods.forEach(pod -> nodes.computeIfAbsent(pod.node(), _ -> new ArrayList<>()).add(pod));
    return nodes.containsKey(asked.node())
        ? Optional.empty()
        : nodes.values().stream()
            .filter(on -> on.size() > 1)
            .max(Comparator.comparingInt(List::size))
            .flatMap(on -> on.stream().filter(RawPod::isAnywhere).findFirst());
  }
}
