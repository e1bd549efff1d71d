package io.provision.steps.kubernetes.status;

import io.provision.kube.ObjectStates.State;
import io.provision.steps.kubernetes.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pod that does not run, and why: by the reasons that its status gives, the nearest first. See
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 *
 * @param pod {@code namespace/name}
 */
record PodTrouble(String pod, String why) {
  /** A container that only waits for another one says so with these. */
  private static final Set<String> WAITS = Set.of("PodInitializing", "ContainerCreating");

  /** Empty where it runs and all its containers are ready, or has done its work. */
  public static Optional<PodTrouble> of(State pod) {
    var phase = Fields.text(pod.status().get("phase"));
    if (phase.equals("Succeeded") || phase.equals("Running") && allReady(pod)) {
      return Optional.empty();
    }
    var why =
        Stream.of(
                own(pod),
                containers(pod, "waiting", false),
                unscheduled(pod),
                containers(pod, "terminated", false),
                containers(pod, "waiting", true))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse(phase.equals("Running") ? "not ready" : phase.isEmpty() ? "unknown" : phase);
    return Optional.of(new PodTrouble(pod.title(), why));
  }

  private static boolean allReady(State pod) {
    var statuses = Fields.maps(pod.status().get("containerStatuses"));
    return !statuses.isEmpty()
        && statuses.stream().allMatch(each -> Boolean.TRUE.equals(each.get("ready")));
  }

  /** Of the pod as a whole, for example Evicted. */
  private static Optional<String> own(State pod) {
    return Optional.of(Fields.reason(pod.status())).filter(text -> !text.isEmpty());
  }

  private static Optional<String> unscheduled(State pod) {
    return Fields.maps(pod.status().get("conditions")).stream()
        .filter(each -> "PodScheduled".equals(each.get("type")))
        .filter(each -> "False".equals(each.get("status")))
        .map(Fields::reason)
        .findFirst();
  }

  /**
   * The first container in this state; {@code only} those that wait for others, or none of them.
   */
  private static Optional<String> containers(State pod, String state, boolean onlyWaits) {
    return Stream.of("initContainerStatuses", "containerStatuses")
        .map(key -> Fields.maps(pod.status().get(key)))
        .flatMap(List::stream)
        .map(each -> Fields.map(Fields.map(each.get("state")).get(state)))
        .filter(each -> !each.isEmpty() && !isDone(each))
        .filter(each -> WAITS.contains(Fields.text(each.get("reason"))) == onlyWaits)
        .map(Fields::reason)
        .findFirst();
  }

  /** An init container that ended well. */
  private static boolean isDone(Map<String, Object> state) {
    return state.get("exitCode") instanceof Number code && code.intValue() == 0;
  }
}
