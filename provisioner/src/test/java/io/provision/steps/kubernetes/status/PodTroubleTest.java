package io.provision.steps.kubernetes.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ObjectStates.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A pod that does not run is named with the nearest reason that its status gives. */
class PodTroubleTest {
  private static Map<String, Object> container(boolean ready, String state, Map<String, ?> what) {
    return Map.of("name", "c", "ready", ready, "state", Map.of(state, what));
  }

  private static Optional<String> why(Map<String, Object> status) {
    return PodTrouble.of(new State(Optional.of("app"), "web-1", Map.of(), status))
        .map(trouble -> trouble.pod() + " " + trouble.why());
  }

  @Test
  void whatRunsOrHasDoneItsWorkIsNoTrouble() {
    var running = container(true, "running", Map.of());
    assertThat(why(Map.of("phase", "Running", "containerStatuses", List.of(running)))).isEmpty();
    assertThat(why(Map.of("phase", "Succeeded"))).isEmpty();
  }

  @Test
  void everyOtherOneSaysWhy() {
    var image = Map.of("reason", "ImagePullBackOff", "message", "Back-off pulling\n image \"x\"");
    var unscheduled =
        Map.of(
            "type", "PodScheduled", "status", "False", "reason", "Unschedulable", "message", "0/1");
    var done = container(false, "terminated", Map.of("exitCode", 0, "reason", "Completed"));
    var creating = container(false, "waiting", Map.of("reason", "ContainerCreating"));
    assertThat(why(pending("containerStatuses", container(false, "waiting", image))))
        .contains("app/web-1 ImagePullBackOff: Back-off pulling image \"x\"");
    assertThat(why(Map.of("phase", "Pending", "conditions", List.of(unscheduled))))
        .contains("app/web-1 Unschedulable: 0/1");
    assertThat(why(Map.of("phase", "Failed", "reason", "Evicted", "message", "disk")))
        .contains("app/web-1 Evicted: disk");
    assertThat(
            why(
                Map.of(
                    "phase",
                    "Running",
                    "containerStatuses",
                    List.of(
                        container(true, "running", Map.of()),
                        container(false, "waiting", Map.of("reason", "CrashLoopBackOff"))))))
        .contains("app/web-1 CrashLoopBackOff");
    assertThat(
            why(
                Map.of(
                    "phase",
                    "Pending",
                    "initContainerStatuses",
                    List.of(
                        done,
                        container(false, "terminated", Map.of("exitCode", 2, "reason", "Error"))),
                    "containerStatuses",
                    List.of(container(false, "waiting", Map.of("reason", "PodInitializing"))))))
        .contains("app/web-1 Error");
    assertThat(why(pending("containerStatuses", creating))).contains("app/web-1 ContainerCreating");
    assertThat(
            why(
                Map.of(
                    "phase",
                    "Running",
                    "containerStatuses",
                    List.of(container(false, "running", Map.of())))))
        .contains("app/web-1 not ready");
    assertThat(why(Map.of("phase", "Pending"))).contains("app/web-1 Pending");
  }

  @Test
  void anyShapeIsReadAndALongMessageIsCut() {
    assertThat(why(Map.of())).contains("app/web-1 unknown");
    assertThat(why(Map.of("phase", List.of(), "containerStatuses", "x", "conditions", Map.of())))
        .contains("app/web-1 unknown");
    assertThat(why(Map.of("phase", "Failed", "message", "x".repeat(3_000_000))))
        .hasValueSatisfying(text -> assertThat(text).hasSizeLessThan(220).endsWith(" ..."));
  }

  private static Map<String, Object> pending(String key, Map<String, Object> container) {
    return Map.of("phase", "Pending", key, List.of(container));
  }
}
