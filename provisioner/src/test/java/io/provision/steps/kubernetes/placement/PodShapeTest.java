package io.provision.steps.kubernetes.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a pod asks for, and what it tolerates and wants, as the scheduler reads it. */
class PodShapeTest {
  private static Map<String, Object> container(String cpu, String... restart) {
    var all = new HashMap<String, Object>();
    all.put("resources", Map.of("requests", Map.of("cpu", cpu)));
    if (restart.length > 0) {
      all.put("restartPolicy", restart[0]);
    }
    return all;
  }

  private static String cpu(Map<String, Object> spec) {
    return PodShape.requests(spec).text("cpu");
  }

  @Test
  void itsContainersAddUpAndTheLargestOfThoseBeforeCountsWhereItIsMore() {
    var containers = List.of(container("200m"), container("0.3"));
    assertThat(cpu(Map.of("containers", containers))).isEqualTo("500m");
    assertThat(cpu(Map.of("containers", containers, "initContainers", List.of(container("400m")))))
        .isEqualTo("500m");
    assertThat(cpu(Map.of("containers", containers, "initContainers", List.of(container("2")))))
        .isEqualTo("2");
  }

  @Test
  void aSidecarRunsBesideWhatComesBehindIt() {
    var begin = List.of(container("1"), container("300m", "Always"), container("600m"));
    assertThat(cpu(Map.of("containers", List.of(container("500m")), "initContainers", begin)))
        .as("the first alone")
        .isEqualTo("1");
    assertThat(cpu(Map.of("containers", List.of(container("900m")), "initContainers", begin)))
        .isEqualTo("1.2");
  }

  @Test
  void whatThePodAsksForAsAWholeCountsAndTheOverheadComesBesides() {
    assertThat(
            cpu(
                Map.of(
                    "containers",
                    List.of(container("1")),
                    "resources",
                    Map.of("requests", Map.of("cpu", "250m")),
                    "overhead",
                    Map.of("cpu", "50m"))))
        .isEqualTo("300m");
  }

  @Test
  void aTolerationMeansWhatItMeansToTheScheduler() {
    var taint = new NodeTaint("k", "v", "NoSchedule");
    assertThat(tolerates(taint, "k", "", "v", "")).isTrue();
    assertThat(tolerates(taint, "k", "Equal", "v", "NoSchedule")).isTrue();
    assertThat(tolerates(taint, "k", "Equal", "other", "")).isFalse();
    assertThat(tolerates(taint, "k", "Exists", "", "NoExecute")).isFalse();
    assertThat(tolerates(taint, "k", "Exists", "", "")).isTrue();
    assertThat(tolerates(taint, "", "Exists", "", "")).isTrue();
    assertThat(tolerates(taint, "", "Equal", "", "")).isFalse();
    assertThat(tolerates(taint, "k", "Gt", "v", "")).isFalse();
    assertThat(NodeTaint.read(List.of(Map.of("key", "k", "effect", "PreferNoSchedule")))).isEmpty();
  }

  private static boolean tolerates(
      NodeTaint taint, String key, String operator, String value, String effect) {
    return taint.isToleratedBy(List.of(new NodeTaint.Toleration(key, operator, value, effect)));
  }

  @Test
  void nodesAreMeantByLabelsByNumbersAndByTheirName() {
    assertThat(meant("gpus", "Gt", "2")).isTrue();
    assertThat(meant("gpus", "Lt", "4")).isFalse();
    assertThat(meant("gpus", "Gt", "4")).isFalse();
    assertThat(meant("gpus", "Gt", "many")).isFalse();
    assertThat(meant("none", "Lt", "4")).isFalse();
    assertThat(meant("zone", "NotIn", "b")).isTrue();
    var name = Map.of("key", "metadata.name", "operator", "In", "values", List.of("w1"));
    var byName =
        NodeTerms.read(Map.of("nodeSelectorTerms", List.of(Map.of("matchFields", List.of(name)))));
    assertThat(byName.orElseThrow().matches("w1", Map.of())).isTrue();
    assertThat(byName.orElseThrow().matches("w2", Map.of())).isFalse();
    assertThat(NodeTerms.read(null)).isEmpty();
    var none = NodeTerms.read(Map.of("nodeSelectorTerms", List.of(Map.of())));
    assertThat(none.orElseThrow().matches("w1", Map.of())).as("an empty term means none").isFalse();
  }

  private static boolean meant(String key, String operator, String value) {
    var expression = Map.of("key", key, "operator", operator, "values", List.of(value));
    return NodeTerms.read(
            Map.of("nodeSelectorTerms", List.of(Map.of("matchExpressions", List.of(expression)))))
        .orElseThrow()
        .matches("w1", Map.of("gpus", "4", "zone", "a"));
  }

  @Test
  void amountsAreSaidAsPeopleReadThem() {
    var read =
        Amounts.read(
            Map.of(
                "cpu", 2, "memory", "1536Mi", "ephemeral-storage", "10Mi", "example.com/gpu", "3"));
    assertThat(read.text("cpu")).isEqualTo("2");
    assertThat(read.text("memory")).isEqualTo("1.5Gi");
    assertThat(read.text("ephemeral-storage")).isEqualTo("10Mi");
    assertThat(read.text("example.com/gpu")).isEqualTo("3");
    assertThat(read.text("none")).isEqualTo("0");
    assertThat(Amounts.NOTHING.minus(read).text("cpu")).isEqualTo("0");
  }
}
