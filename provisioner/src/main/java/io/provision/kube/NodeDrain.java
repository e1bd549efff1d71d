package io.provision.kube;

import io.provision.model.rotation.Fact;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Empties a node as {@code kubectl drain --ignore-daemonsets --delete-emptydir-data} does: by
 * evictions, so that budgets of workloads are kept; and so that none loses its last Ready replica.
 */
record NodeDrain(
    ClusterApi.Work work,
    NodeClaim claim,
    Time time,
    Consumer<String> progress,
    Consumer<Fact> learnt) {
  /** How many looks there are between two attempts to evict the same pod. */
  private static final int LOOKS = 5;

  /** An API that does not answer so many times in a row is gone. */
  private static final int MOST_SILENCES = 3;

  /** How many pods are named. */
  private static final int MOST_NAMES = 5;

  private static final String GIVEN_BACK =
      "look at 'kubectl get volumeattachments' and at the driver's pods on it, then run the same"
          + " command again";

  private static final String STAYS =
      "look at 'kubectl get pods -o wide' and 'kubectl get pdb -A': a workload with one replica and"
          + " a budget can never be evicted; then run the same command again";

  /** Why each pod is still there, by its title; empty where it is just about to go. */
  private static final class Staying extends LinkedHashMap<String, String> {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
      var named =
          entrySet().stream()
              .limit(MOST_NAMES)
              .map(
                  each -> each.getKey() + (each.getValue().isEmpty() ? "" : ": " + each.getValue()))
              .collect(Collectors.joining("; "));
      return named + (size() > MOST_NAMES ? " and %d more".formatted(size() - MOST_NAMES) : "");
    }
  }

  /** Where it cannot be emptied, it is given back, also where it had been claimed before. */
  void run(Duration timeout, Duration detached) throws ClusterException, InterruptedException {
    try {
      var before = work.podsOn(claim.node());
      refuseWhatNobodyBringsBack(before);
      learnt.accept(new Fact.Pods(RawPod.running(before)));
      claim.take();
      learnt.accept(new Fact.OutOfUse());
      new LastReplicas(work, claim.node(), time, progress).secure(timeout);
      empty(timeout);
      if (detached.isPositive()) {
        new NodeVolumes(work, claim.node(), time, progress).awaitDetached(detached, GIVEN_BACK);
      }
    } catch (ClusterException | InterruptedException | RuntimeException e) {
      giveBack(e);
      throw e;
    }
  }

  private void giveBack(Exception failure) throws ClusterException {
    try {
      if (claim.release()) {
        learnt.accept(new Fact.InUse());
      }
    } catch (ClusterException e) {
      var stays = "%s; %s stays cordoned: %s".formatted(said(failure), claim.node(), e.what());
      throw new ClusterException(stays, "kubectl uncordon " + claim.node(), failure);
    }
  }

  private static String said(Exception failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private void refuseWhatNobodyBringsBack(List<Map<String, Object>> pods) throws ClusterException {
    var alone =
        thatHaveToGo(pods).stream()
            .filter(pod -> pod.controller().isEmpty())
            .map(RawPod::title)
            .collect(Collectors.joining(", "));
    if (!alone.isEmpty()) {
      throw new ClusterException(
          "%s cannot be drained: nothing would bring these pods back: %s"
              .formatted(claim.node(), alone),
          "delete them, or let a Deployment or a Job have them; then run the same command again",
          null);
    }
  }

  private void empty(Duration timeout) throws ClusterException, InterruptedException {
    var patience = time.patience(timeout);
    var staying = new Staying();
    var silences = 0;
    var told = "";
    for (var look = 0; ; look++) {
      var hopeless = Optional.<ClusterException>empty();
      try {
        hopeless = round(staying, look % LOOKS == 0);
        silences = 0;
      } catch (ClusterException e) {
        if (++silences >= MOST_SILENCES) {
          throw e;
        }
      }
      if (hopeless.isPresent()) {
        throw hopeless.get();
      }
      if (staying.isEmpty() && silences == 0) {
        return;
      }
      var now = "draining %s: %s".formatted(claim.node(), staying);
      if (!now.equals(told)) {
        told = now;
        progress.accept(now);
      }
      if (patience.isOver()) {
        throw new ClusterException(
            "%s could not be drained within %d s: %s"
                .formatted(claim.node(), timeout.toSeconds(), staying),
            STAYS,
            null);
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }

  /** Looks who is still there, and asks those to go; says what asking again would not change. */
  private Optional<ClusterException> round(Staying staying, boolean asksAgain)
      throws ClusterException {
    var pods = pods();
    if (!pods.isEmpty() && !claim.isCordoned()) { // what goes would come back at once
      return Optional.of(claim.uncordoned());
    }
    staying.keySet().retainAll(pods.stream().map(RawPod::title).toList());
    for (var pod : pods) {
      var title = pod.title();
      if (pod.isGoing()) {
        staying.put(title, "it ends");
      } else if (asksAgain || !staying.containsKey(title)) {
        switch (work.evict(pod.ref())) {
          case ClusterApi.Eviction.Going _ -> staying.put(title, "");
          case ClusterApi.Eviction.Blocked(var why) -> staying.put(title, why);
          case ClusterApi.Eviction.Never(var why) -> {
            var what = "pod %s cannot be evicted: %s".formatted(title, why);
            return Optional.of(new ClusterException(what, STAYS, null));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Those that have to go. */
  private List<RawPod> pods() throws ClusterException {
    return thatHaveToGo(work.podsOn(claim.node()));
  }

  private static List<RawPod> thatHaveToGo(List<Map<String, Object>> pods) {
    return pods.stream().map(RawPod::new).filter(pod -> !pod.belongsToItsNode()).toList();
  }
}
