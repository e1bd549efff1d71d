package io.provision.kube;

import io.provision.kube.Workloads.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Keeps a drain from ending the last Ready replicas of a workload that wants several: a budget that
 * nobody has made would not. Where all of them are on one node, a single pod is evicted there, and
 * one that is Ready elsewhere is waited for before any other goes. What runs on a node whose turn
 * came before goes as well, and counts for nothing; those come first, or two would wait for each
 * other. A workload that wants one is named.
 */
record LastReplicas(ClusterApi.Work work, String node, Time time, Consumer<String> progress) {
  /** Each look is a list of the pods of each such workload. */
  private static final Duration BETWEEN_LOOKS = Time.BETWEEN_LOOKS.multipliedBy(3);

  /** How many looks there are between two attempts to evict the same pod. */
  private static final int LOOKS = 5;

  /** An API that does not answer so many times in a row is gone. */
  private static final int MOST_SILENCES = 3;

  /** How many workloads are named. */
  private static final int MOST_NAMES = 5;

  private static final String STAYS =
      "look at its pods ('kubectl get pods -o wide', 'kubectl describe pod'): one has to be Ready on"
          + " another node; then run the same command again";

  /** Where the pods of a workload are. */
  private record Replicas(Workload workload, List<RawPod> here, List<RawPod> elsewhere) {

    private long readyHere() {
      return here.stream().filter(RawPod::isReady).count();
    }

    private boolean isReadyElsewhere() {
      return elsewhere.stream().anyMatch(RawPod::isReady);
    }

    /**
     * The pod that makes room for one elsewhere. A Ready one where another one stays that is; the
     * only Ready one never.
     */
    private Optional<RawPod> first() {
      var several = readyHere() > 1;
      return here.stream().filter(pod -> pod.isReady() == several).findFirst();
    }

    /** What keeps those elsewhere from being Ready. */
    private String why() {
      var said =
          elsewhere.stream()
              .map(pod ->
                  pod.why().isEmpty()
                      ? pod.title() + " is not Ready"
                      : "%s: %s".formatted(pod.title(), pod.why()))
              .distinct()
              .limit(2)
              .collect(Collectors.joining("; "));
      return said.isEmpty() ? "no pod of it elsewhere" : said;
    }
  }

  /** What was asked to go first, by its workload, and why it has not. */
  private static final class Asked {
    private boolean isFirst = true;
    private final Set<ObjectRef> gone = new LinkedHashSet<>();
    private final Map<ObjectRef, String> blocked = new HashMap<>();

    /** Of turns that nobody has claimed a node for. */
    private final Map<String, Integer> left = new HashMap<>();
  }

  /**
   * Waits until none of them is the last.
   *
   * @throws ClusterException where that does not come, or cannot
   */
  void secure(Duration timeout) throws ClusterException, InterruptedException {
    var patience = time.patience(timeout);
    var asked = new Asked();
    var workloads = new Workloads(work);
    var silences = 0;
    var told = "";
    for (var look = 0; ; look++) {
      var open = Optional.<String>empty();
      try {
        open = Optional.of(round(workloads, asked, look % LOOKS == 0));
        silences = 0;
      } catch (ClusterException e) {
        if (e.isUnsafe() || ++silences >= MOST_SILENCES) {
          throw e;
        }
      }
      if (open.equals(Optional.of(""))) {
        return;
      }
      if (patience.isOver()) {
        throw ClusterException.unsafe(
            "%s was not drained: timed out after %d s waiting for a Ready pod on another node of %s"
                .formatted(node, timeout.toSeconds(), open.orElse(told)),
            STAYS);
      }
      if (open.isPresent() && !open.get().equals(told)) {
        told = open.get();
        progress.accept(
            "waiting for a Ready pod on another node than %s, before the last one there goes (%d s at most): %s"
                .formatted(node, timeout.toSeconds(), told));
      }
      time.pause(BETWEEN_LOOKS);
    }
  }

  /** Asks those to go that have to go first, and says what is waited for; empty for nothing. */
  private String round(Workloads workloads, Asked asked, boolean asksAgain)
      throws ClusterException {
    var here = here(workloads);
    if (asked.isFirst) {
      tellSingle(here.keySet());
      asked.isFirst = false;
    }
    var open = open(workloads, here, asked);
    askFirst(open, asked, asksAgain);
    return words(open, asked);
  }

  /** What runs here and would go, by what has it. */
  private Map<Workload, List<RawPod>> here(Workloads workloads) throws ClusterException {
    var here = new LinkedHashMap<Workload, List<RawPod>>();
    for (var raw : work.podsOn(node)) {
      var pod = new RawPod(raw);
      if (!pod.belongsToItsNode() && !pod.isGoing()) {
        workloads
            .of(pod)
            .ifPresent(it -> here.computeIfAbsent(it, _ -> new ArrayList<>()).add(pod));
      }
    }
    return here;
  }

  private void tellSingle(Set<Workload> here) {
    var single =
        here.stream().filter(it -> it.replicas() < 2).map(it -> it.ref().toString()).toList();
    if (!single.isEmpty()) {
      progress.accept(
          "note: what has one replica is away until it is Ready on another node than %s: %s%s"
              .formatted(
                  node,
                  single.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")),
                  single.size() > MOST_NAMES
                      ? " and %d more".formatted(single.size() - MOST_NAMES)
                      : ""));
    }
  }

  /**
   * Those of which no pod is Ready elsewhere, although one is here, or one was asked to go by us. A
   * workload of which none is Ready anywhere has nothing that could be kept.
   */
  private List<Replicas> open(Workloads workloads, Map<Workload, List<RawPod>> here, Asked asked)
      throws ClusterException {
    var open = new ArrayList<Replicas>();
    if (here.isEmpty()) {
      return open;
    }
    var going = new TurnLease(work, node, time, progress).ahead(asked.left);
    for (var each : here.entrySet()) {
      var workload = each.getKey();
      if (workload.replicas() < 2) {
        continue;
      }
      var elsewhere =
          workloads.pods(workload).stream()
              .filter(pod -> !pod.node().equals(node) && !pod.isGoing())
              .filter(pod -> !going.contains(pod.node()))
              .toList();
      var replicas = new Replicas(workload, each.getValue(), elsewhere);
      if (!replicas.isReadyElsewhere()
          && (replicas.readyHere() > 0 || asked.gone.contains(workload.ref()))) {
        open.add(replicas);
      }
    }
    return open;
  }

  /** Of each workload one pod, once. */
  private void askFirst(List<Replicas> open, Asked asked, boolean asksAgain)
      throws ClusterException {
    for (var replicas : open) {
      var ref = replicas.workload().ref();
      var first = replicas.first();
      if (asked.gone.contains(ref)
          || first.isEmpty()
          || asked.blocked.containsKey(ref) && !asksAgain) {
        continue;
      }
      switch (work.evict(first.get().ref())) {
        case ClusterApi.Eviction.Going _ -> {
          asked.gone.add(ref);
          asked.blocked.remove(ref);
        }
        case ClusterApi.Eviction.Blocked(var why) ->
            asked.blocked.put(ref, "%s: %s".formatted(first.get().title(), why));
        case ClusterApi.Eviction.Never(var why) ->
            throw ClusterException.unsafe(
                "pod %s cannot be evicted: %s".formatted(first.get().title(), why), STAYS);
      }
    }
  }

  private static String words(List<Replicas> open, Asked asked) {
    var words =
        open.stream()
            .limit(MOST_NAMES)
            .map(it ->
                "%s (%s)"
                    .formatted(
                        it.workload().ref(),
                        asked.blocked.getOrDefault(it.workload().ref(), it.why())))
            .collect(Collectors.joining(", "));
    return words
        + (open.size() > MOST_NAMES ? " and %d more".formatted(open.size() - MOST_NAMES) : "");
  }
}
