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
  void whatIsThereOnceItIsAppliedIsNotWaitedFor() {
    assertThat(Readiness.of(object("ConfigMap", Map.of()))).isEmpty();
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    var more = new java.util.HashMap<>(map);
    more.put(key, value);
    return more;
  }
}
