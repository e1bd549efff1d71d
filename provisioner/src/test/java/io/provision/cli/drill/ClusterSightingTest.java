package io.provision.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.drill.ClusterSighting.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSightingTest {
  private static Map<String, Object> pod(
      String name, Map<String, Object> metadata, String phase, String ready) {
    var all = new HashMap<String, Object>(metadata);
    all.put("name", name);
    all.put("namespace", "shop");
    all.put("uid", "uid-" + name);
    return Map.of(
        "metadata", all,
        "spec", Map.of("nodeName", "n1"),
        "status",
            Map.of(
                "phase", phase, "conditions", List.of(Map.of("type", "Ready", "status", ready))));
  }

  private static Map<String, Object> owned(String kind, String name) {
    return Map.of(
        "ownerReferences", List.of(Map.of("controller", true, "kind", kind, "name", name)));
  }

  private static List<Pod> pods(List<Map<String, Object>> raw) {
    return ClusterSighting.of("n1", List.of(), raw, List.of()).pods();
  }

  @Test
  void aPodIsOfTheDeploymentWhoseReplicaSetHasIt() {
    var metadata = new HashMap<>(owned("ReplicaSet", "web-7d9f"));
    metadata.put("labels", Map.of("pod-template-hash", "7d9f"));
    assertThat(pods(List.of(pod("web-7d9f-x", metadata, "Running", "True"))))
        .containsExactly(
            new Pod("uid-web-7d9f-x", "shop/web-7d9f-x", "Deployment shop/web", "n1", true));
    assertThat(pods(List.of(pod("a", owned("ReplicaSet", "web-7d9f"), "Running", "True"))))
        .extracting(Pod::workload)
        .containsExactly("ReplicaSet shop/web-7d9f");
    assertThat(pods(List.of(pod("db-0", owned("StatefulSet", "db"), "Running", "False"))))
        .containsExactly(new Pod("uid-db-0", "shop/db-0", "StatefulSet shop/db", "n1", false));
    assertThat(pods(List.of(pod("bare", Map.of(), "Running", "True"))))
        .extracting(Pod::workload)
        .containsExactly("Pod shop/bare");
  }

  /** What goes and comes with a node, or has ended, is nobody's service. */
  @Test
  void whatBelongsToItsNodeOrHasEndedIsLeftOut() {
    assertThat(
            pods(
                List.of(
                    pod("d", owned("DaemonSet", "d"), "Running", "True"),
                    pod("j", owned("Job", "j"), "Running", "True"),
                    pod(
                        "s",
                        Map.of("annotations", Map.of("kubernetes.io/config.mirror", "x")),
                        "Running",
                        "True"),
                    pod("e", owned("ReplicaSet", "r"), "Succeeded", "False"))))
        .isEmpty();
  }

  @Test
  void aPodThatIsGoingIsNotReady() {
    var metadata = new HashMap<>(owned("StatefulSet", "db"));
    metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    assertThat(pods(List.of(pod("db-0", metadata, "Running", "True"))))
        .extracting(Pod::ready)
        .containsExactly(false);
  }

  @Test
  void theNodeAndItsVolumesAreRead() {
    var node =
        Map.<String, Object>of(
            "metadata", Map.of("name", "n1"),
            "status",
                Map.of(
                    "nodeInfo",
                    Map.of("bootID", "b-1"),
                    "conditions",
                    List.of(Map.of("type", "Ready", "status", "True"))));
    var attachment =
        Map.<String, Object>of(
            "spec", Map.of("nodeName", "n1", "source", Map.of("persistentVolumeName", "pv-1")));
    var other =
        Map.<String, Object>of(
            "spec", Map.of("nodeName", "n2", "source", Map.of("persistentVolumeName", "pv-2")));
    var seen = ClusterSighting.of("n1", List.of(node), List.of(), List.of(attachment, other));
    assertThat(seen).isEqualTo(new ClusterSighting(true, "b-1", List.of(), List.of("pv-1")));
  }

  @Test
  void whatHasAnotherShapeIsNotThere() {
    var odd = Map.<String, Object>of("metadata", "x", "status", List.of(), "spec", 3);
    var seen = ClusterSighting.of("n1", List.of(odd), List.of(odd), List.of(odd));
    assertThat(seen.nodeReady()).isFalse();
    assertThat(seen.attached()).isEmpty();
    assertThat(seen.pods()).extracting(Pod::ready).containsExactly(false);
  }
}
