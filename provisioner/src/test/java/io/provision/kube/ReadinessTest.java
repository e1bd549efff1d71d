package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static boolean done(String kind, Map<String, Object> status) {
    return Readiness.of(object(kind, status)).orElseThrow().done();
  }

  private static Map<String, Object> object(String kind, Map<String, Object> status) {
    return Map.of("kind", kind, "metadata", Map.of("generation", 2), "status", status);
  }

  @Test
  void aDaemonSetRunsOnceOneNodeHasItsNewestGeneration() {
    var status = Map.<String, Object>of("observedGeneration", 2, "desiredNumberScheduled", 3);
    assertThat(done("DaemonSet", with(status, "numberAvailable", 1))).isTrue();
    assertThat(done("DaemonSet", with(status, "numberAvailable", 0))).isFalse();
    assertThat(done("DaemonSet", status)).isFalse();
    assertThat(done("DaemonSet", Map.of())).isFalse();
    var old = with(status, "observedGeneration", 1);
    assertThat(done("DaemonSet", with(old, "numberAvailable", 3))).isFalse();
  }

  @Test
  void aDaemonSetThatNoNodeIsToRunIsNotWaitedFor() {
    assertThat(done("DaemonSet", Map.of("observedGeneration", 2, "desiredNumberScheduled", 0)))
        .isTrue();
  }

  @Test
  void aDefinitionIsWaitedForUntilItIsServed() {
    var established = Map.of("type", "Established", "status", "True");
    var accepted = Map.of("type", "NamesAccepted", "status", "True");
    assertThat(done("CustomResourceDefinition", Map.of("conditions", List.of(established))))
        .isTrue();
    assertThat(done("CustomResourceDefinition", Map.of("conditions", List.of(accepted)))).isFalse();
    var not = Map.of("type", "Established", "status", "False");
    assertThat(done("CustomResourceDefinition", Map.of("conditions", List.of(not)))).isFalse();
    assertThat(done("CustomResourceDefinition", Map.of())).isFalse();
  }

  @Test
  void aPodIsNotWaitedForAndSaysWhatKeepsItAway() {
    assertThat(done("Pod", Map.of("phase", "Pending"))).isTrue();
    var unplaced =
        Map.of("type", "PodScheduled", "status", "False", "message", "0/3 nodes: disk-pressure");
    assertThat(pod(Map.of("phase", "Pending", "conditions", List.of(unplaced))).why())
        .isEqualTo("0/3 nodes: disk-pressure");
    var placed = Map.of("type", "PodScheduled", "status", "True", "message", "x");
    var waiting =
        Map.of(
            "state", Map.of("waiting", Map.of("reason", "ErrImagePull", "message", "not found")));
    var creating = Map.of("state", Map.of("waiting", Map.of("reason", "PodInitializing")));
    var starting =
        pod(
            Map.of(
                "conditions",
                List.of(placed),
                "initContainerStatuses",
                List.of(waiting),
                "containerStatuses",
                List.of(creating, Map.of("state", Map.of("running", Map.of())))));
    assertThat(starting.why()).isEqualTo("ErrImagePull: not found; PodInitializing");
    assertThat(starting.running()).isEqualTo(1);
    var evicted = pod(Map.of("phase", "Failed", "message", "The node was low on resource: memory"));
    assertThat(evicted.why()).contains("low on resource");
    assertThat(evicted.running()).isZero();
    assertThat(pod(Map.of("phase", "Succeeded")).running()).isZero();
    assertThat(pod(Map.of()).running()).isEqualTo(1);
  }

  private static Readiness pod(Map<String, Object> status) {
    return Readiness.of(object("Pod", status)).orElseThrow();
  }

  @Test
  void whatIsThereOnceItIsAppliedIsNotWaitedFor() {
    assertThat(Readiness.of(object("ConfigMap", Map.of()))).isEmpty();
  }

  @Test
  void aDeploymentRunsOnceAllOfItsNewestGenerationAreAvailableAndNoneOfAnOlderIsLeft() {
    var status =
        Map.<String, Object>of(
            "observedGeneration", 2, "updatedReplicas", 3, "availableReplicas", 3, "replicas", 3);
    assertThat(deployed(status).done()).isTrue();
    assertThat(deployed(status).running()).isEqualTo(3);
    assertThat(deployed(with(status, "observedGeneration", 1)).done()).isFalse();
    assertThat(deployed(with(status, "observedGeneration", 3)).done()).isTrue();
    assertThat(deployed(with(status, "updatedReplicas", 2)).done()).isFalse();
    assertThat(deployed(with(status, "availableReplicas", 2)).done()).isFalse();
    assertThat(deployed(with(status, "replicas", 4)).done()).as("an old one is left").isFalse();
    assertThat(deployed(Map.of()).done()).isFalse();
    assertThat(done("Deployment", Map.of("observedGeneration", 2)))
        .as("one is wanted where no number is given")
        .isFalse();
  }

  private static Readiness deployed(Map<String, Object> status) {
    var raw = new java.util.HashMap<>(object("Deployment", status));
    raw.put("spec", Map.of("replicas", 3));
    return Readiness.of(raw).orElseThrow();
  }

  @Test
  void whatHoldsAWorkloadUpIsSaidWithItsNumbers() {
    var fault = Map.of("type", "Available", "status", "False", "message", "no node fits");
    var fine = Map.of("type", "Progressing", "status", "True", "message", "all is well");
    var silent = Map.of("type", "ReplicaFailure", "status", "Unknown");
    var conditions = List.of(fault, fine, silent);
    var status =
        Map.<String, Object>of(
            "observedGeneration", 2, "availableReplicas", 1, "conditions", conditions);
    assertThat(deployed(status).why())
        .contains("1 of 3", "no node fits")
        .doesNotContain("all is well", "null");
    var daemons =
        Readiness.of(
                object(
                    "DaemonSet",
                    Map.of(
                        "desiredNumberScheduled",
                        4,
                        "numberAvailable",
                        2,
                        "conditions",
                        conditions)))
            .orElseThrow();
    assertThat(daemons.why()).contains("2 of 4", "no node fits");
    assertThat(daemons.running()).isEqualTo(2);
    assertThat(
            Readiness.of(object("CustomResourceDefinition", Map.of("conditions", conditions)))
                .orElseThrow()
                .why())
        .contains("no node fits");
  }

  /** It changes by itself, so that no plan may rest on it. */
  @Test
  void whatChangesByItselfIsNoPartOfAnAnswersText() {
    assertThat(deployed(Map.of())).hasToString("");
    assertThat(Reaches.of(List.of())).hasToString("");
  }

  @Test
  void whatAnOperatorRunsIsThereOnceItSaysAvailable() {
    assertThat(said(condition("Available", "True", "all pods run")).done()).isTrue();
    assertThat(said(condition("Available", "False", "")).done()).isFalse();
    assertThat(said().done()).isFalse();
    assertThat(done("TigeraStatus", Map.of())).isFalse();

    var degraded =
        said(
            condition("Degraded", "True", "no pool for pods"),
            condition("Progressing", "False", "nothing moves"),
            condition("Available", "False", "not yet"));
    assertThat(degraded.done()).isFalse();
    assertThat(degraded.why())
        .contains("degraded", "no pool for pods")
        .doesNotContain("nothing moves");
    assertThat(said(Map.of("type", "Degraded", "status", "True")).why())
        .isNotBlank()
        .doesNotContain("null");
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // handed on as it came
  private static Readiness said(Map<String, Object>... conditions) {
    return Readiness.of(object("TigeraStatus", Map.of("conditions", List.of(conditions))))
        .orElseThrow();
  }

  private static Map<String, Object> condition(String type, String status, String message) {
    return Map.of("type", type, "status", status, "message", message);
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    var more = new java.util.HashMap<>(map);
    more.put(key, value);
    return more;
  }
}
