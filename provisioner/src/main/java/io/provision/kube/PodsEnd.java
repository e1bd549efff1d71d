package io.provision.kube;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Ends the pods of a node where the whole cluster stops. They are deleted, not evicted: a budget
 * keeps so many replicas running elsewhere, and there is no elsewhere. What the kubelet's files or
 * a DaemonSet have would come back at once; a pod that nobody has would never, and is left to end
 * with its node and to be started there again.
 */
record PodsEnd(ClusterApi.Work work, String node, Time time, Consumer<String> progress) {
  /** An API that does not answer so many times in a row is gone. */
  private static final int MOST_SILENCES = 3;

  /** How many pods are named. */
  private static final int MOST_NAMES = 5;

  /**
   * Ends them.
   *
   * @param timeout until the last has gone
   */
  void run(Duration timeout) throws ClusterException, InterruptedException {
    var patience = time.patience(timeout);
    Set<String> asked = new TreeSet<>();
    var staying = List.<RawPod>of();
    var silences = 0;
    var told = "";
    while (true) {
      try {
        staying = round(asked);
        silences = 0;
        if (staying.isEmpty()) {
          return;
        }
      } catch (ClusterException e) {
        if (++silences >= MOST_SILENCES) {
          throw e;
        }
      }
      var now =
          "waiting for pods on %s to end (%d s at most): %s"
              .formatted(node, timeout.toSeconds(), named(staying));
      if (!now.equals(told)) {
        told = now;
        progress.accept(now);
      }
      if (patience.isOver()) {
        throw new ClusterException(
            "pods on %s have not ended after %d s: %s"
                .formatted(node, timeout.toSeconds(), named(staying)),
            "see what they wait for ('kubectl describe pod': a grace period, a finalizer, a volume);"
                + " then run the same command again, or 'provision start' to take all back into use",
            null);
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }

  /** Asks those to go that were not asked, and says who is still there. */
  private List<RawPod> round(Set<String> asked) throws ClusterException {
    var all =
        work.podsOn(node).stream().map(RawPod::new).filter(pod -> !pod.belongsToItsNode()).toList();
    var alone = all.stream().filter(pod -> pod.controller().isEmpty()).toList();
    if (!alone.isEmpty() && asked.add("")) {
      progress.accept(
          "note: nobody would make these pods of %s anew, so that they end with it and are started there again: %s"
              .formatted(node, named(alone)));
    }
    var staying = all.stream().filter(pod -> pod.controller().isPresent()).toList();
    for (var pod : staying) {
      if (!pod.isGoing() && asked.add(pod.title())) {
        work.delete(pod.ref());
      }
    }
    return staying;
  }

  private static String named(List<RawPod> pods) {
    return pods.stream().limit(MOST_NAMES).map(PodsEnd::titled).collect(Collectors.joining(", "))
        + (pods.size() > MOST_NAMES ? " and %d more".formatted(pods.size() - MOST_NAMES) : "");
  }

  private static String titled(RawPod pod) {
    return pod.finalizers().isEmpty()
        ? pod.title()
        : "%s (finalizer %s)".formatted(pod.title(), String.join(", ", pod.finalizers()));
  }
}
