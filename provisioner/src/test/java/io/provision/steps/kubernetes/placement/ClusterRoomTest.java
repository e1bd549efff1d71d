package io.provision.steps.kubernetes.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the pods of a node fit on the others, from what an API says. */
class ClusterRoomTest {
  private static final Map<String, Object> ON_W1 =
      Map.of("labels", Map.of("kubernetes.io/hostname", "w1"));
  private static final Map<String, Object> ON_W2 =
      Map.of("labels", Map.of("kubernetes.io/hostname", "w2", "disk", "ssd"));

  private final RawCluster cluster = new RawCluster();

  private static Map<String, Object> tainted(String key) {
    return Map.of("taints", List.of(Map.of("key", key, "effect", "NoSchedule")));
  }

  private static Map<String, Object> required(String key, String operator, String... values) {
    var expression = Map.of("key", key, "operator", operator, "values", List.of(values));
    var terms =
        Map.of("nodeSelectorTerms", List.of(Map.of("matchExpressions", List.of(expression))));
    return Map.of(
        "affinity",
        Map.of("nodeAffinity", Map.of("requiredDuringSchedulingIgnoredDuringExecution", terms)));
  }

  private static Map<String, Object> apartFrom(String app) {
    var term =
        Map.of(
            "topologyKey",
            "kubernetes.io/hostname",
            "labelSelector",
            Map.of("matchLabels", Map.of("app", app)));
    return Map.of(
        "affinity",
        Map.of(
            "podAntiAffinity",
            Map.of("requiredDuringSchedulingIgnoredDuringExecution", List.of(term))));
  }

  @Test
  void allFitWhereThereIsRoom() {
    cluster.node("w1", "2", "4Gi").node("w2", "2", "4Gi");
    cluster.pod("web-1", "w1", "500m", "1Gi").pod("web-2", "w1", "1", "1024Mi");
    var fit = cluster.fit("w1");
    assertThat(fit.notes())
        .containsExactly("its pods (2) fit on other nodes, by what they ask for");
    assertThat(fit.crowded()).isEmpty();
    assertThat(fit.stuck()).isEmpty();
    assertThat(cluster.fit("w2").notes()).containsExactly("no pod of it would go anywhere");
  }

  @Test
  void whatIsThereAlreadyCounts() {
    cluster.node("w1", "2", "4Gi").node("w2", "2", "4Gi");
    cluster.pod("web-1", "w1", "100m", "3Gi").pod("db-1", "w2", "100m", "2048Mi");
    assertThat(cluster.fit("w1").crowded())
        .contains(
            "1 of its 1 pods fit on no other node: shop/web-1 (w2: too little memory: 3Gi is asked"
                + " for, 2Gi is free)");
    assertThat(cluster.fit("w1").notes()).hasSize(1).first().asString().contains("shop/web-1");
  }

  /**
   * Pods of DaemonSets and of files stay, and are no burden elsewhere; what ended is none at all.
   */
  @Test
  void onlyWhatADrainEvictsHasToFit() {
    cluster.node("w1", "1", "1Gi").node("w2", "1", "1Gi");
    var spec = Map.<String, Object>of("nodeName", "w1");
    cluster.pod("net", spec, "DaemonSet");
    cluster.pod(
        Map.of(
            "metadata",
            Map.of("name", "x", "annotations", Map.of("kubernetes.io/config.mirror", "1")),
            "spec",
            spec));
    cluster.pod(Map.of("metadata", Map.of("name", "y", "deletionTimestamp", "2026"), "spec", spec));
    cluster.pod(
        Map.of("metadata", Map.of("name", "z"), "spec", spec, "status", Map.of("phase", "Failed")));
    assertThat(cluster.fit("w1").pods()).isZero();
  }

  @Test
  void podsThatFitOneByOneAndNotTogetherAreSaidByTheSum() {
    cluster.node("w1", "8", "8Gi").node("w2", "2", "8Gi");
    cluster.pod("web-1", "w1", "1500m", "1Gi").pod("web-2", "w1", "1500m", "1Gi");
    assertThat(cluster.fit("w1").crowded())
        .contains(
            "each of its other pods fits by itself, but together they ask for 3 of cpu, and 2 is"
                + " free");
  }

  @Test
  void podsOfWhichTwoWouldFitInSumButOnNoNodeAreSaid() {
    cluster.node("w1", "8", "8Gi").node("w2", "3", "8Gi").node("w3", "3", "8Gi");
    for (var i = 1; i <= 3; i++) {
      cluster.pod("web-" + i, "w1", "2", "1Gi");
    }
    assertThat(cluster.fit("w1").crowded()).get().asString().contains("no way to place all");
  }

  @Test
  void aTaintThatIsNotToleratedKeepsThemOff() {
    cluster.node("w1", "2", "4Gi").node("cp", "2", "4Gi", Map.of(), tainted("only-cp"));
    cluster.pod("web-1", "w1", "1", "1Gi");
    assertThat(cluster.fit("w1").crowded())
        .get()
        .asString()
        .contains("cp: it does not tolerate the taint only-cp:NoSchedule");
    cluster.pod(
        "db-1",
        "w1",
        "1",
        "1Gi",
        Map.of("tolerations", List.of(Map.of("key", "only-cp", "operator", "Exists"))));
    assertThat(cluster.fit("w1").crowded()).get().asString().doesNotContain("db-1");
  }

  @Test
  void aNodeThatIsCordonedOrNotReadyTakesNoneUnlessTheCordonIsOurs() {
    var cordon =
        Map.<String, Object>of(
            "unschedulable",
            true,
            "taints",
            List.of(Map.of("key", "node.kubernetes.io/unschedulable", "effect", "NoSchedule")));
    cluster.node("w1", "2", "4Gi").node("w2", "2", "4Gi", Map.of(), cordon);
    cluster.node(Map.of("metadata", Map.of("name", "w3")));
    cluster.pod("web-1", "w1", "1", "1Gi");
    assertThat(cluster.fit("w1").crowded())
        .get()
        .asString()
        .contains("w2: it is cordoned", "w3: it is not Ready");
    cluster.node(
        "w4",
        "2",
        "4Gi",
        Map.of("annotations", Map.of("provision.io/cordoned", "rotation")),
        cordon);
    assertThat(cluster.fit("w1").crowded()).as("it is given back before").isEmpty();
  }

  /** Whoever made it wanted it so: no room would help, and it is no reason to stay. */
  @Test
  void whatWantsNoOtherNodeIsNamedAndNotCrowded() {
    cluster.node("w1", "2", "4Gi", ON_W1, Map.of()).node("w2", "2", "4Gi", ON_W2, Map.of());
    cluster.claim("data", "pv-1", "w1");
    cluster.pod(
        "db-1",
        "w1",
        "1",
        "1Gi",
        Map.of("volumes", List.of(Map.of("persistentVolumeClaim", Map.of("claimName", "data")))));
    cluster.pod(
        "pin-1", "w1", "1", "1Gi", Map.of("nodeSelector", Map.of("kubernetes.io/hostname", "w1")));
    cluster.pod("aff-1", "w1", "1", "1Gi", required("disk", "DoesNotExist"));
    cluster.pod("api-1", "w1", "1", "1Gi", apartFrom("api"));
    cluster.pod("api-2", "w2", "100m", "1Mi", apartFrom("api"));
    var fit = cluster.fit("w1");
    assertThat(fit.crowded()).isEmpty();
    assertThat(fit.notes())
        .singleElement()
        .asString()
        .contains(
            "4 of its 4 pods want no other node, and are away until it is back",
            "shop/db-1 (w2: its volume pv-1 means another node)",
            "shop/pin-1 (w2: its nodeSelector means another node)",
            "shop/aff-1 (w2: its node affinity means another node)",
            "shop/api-1 (w2: it is kept apart from shop/api-2 there)");
  }

  @Test
  void whereTheOnlyNodeThatItWantsHasNoRoomItIsCrowded() {
    cluster.node("w1", "2", "4Gi").node("w2", "1", "4Gi", ON_W2, Map.of()).node("w3", "2", "4Gi");
    cluster.pod("web-1", "w1", "1500m", "1Gi", required("disk", "In", "ssd"));
    assertThat(cluster.fit("w1").crowded())
        .get()
        .asString()
        .contains("w2: too little cpu: 1.5 is asked for, 1 is free", "w3: its node affinity");
  }

  /** A volume of the pod's own goes with it. */
  @Test
  void anEphemeralVolumeBindsToNothing() {
    cluster.node("w1", "2", "4Gi", ON_W1, Map.of()).node("w2", "2", "4Gi", ON_W2, Map.of());
    cluster.claim("web-1-data", "pv-1", "w1");
    cluster.pod(
        "web-1",
        "w1",
        "1",
        "1Gi",
        Map.of("volumes", List.of(Map.of("name", "data", "ephemeral", Map.of()))));
    assertThat(cluster.fit("w1").placement().allFit()).isTrue();
  }

  @Test
  void theLimitOfPodsIsOne() {
    cluster.node("w1", "2", "4Gi");
    cluster.node(
        Map.of(
            "metadata",
            Map.of("name", "w2"),
            "status",
            Map.of(
                "allocatable",
                Map.of("cpu", "8", "memory", "8Gi", "pods", "1"),
                "conditions",
                List.of(Map.of("type", "Ready", "status", "True")))));
    cluster.pod("db-1", "w2", "1m", "1Mi").pod("web-1", "w1", "1m", "1Mi");
    assertThat(cluster.fit("w1").crowded()).get().asString().contains("no more than 1 pods");
  }

  @Test
  void podsThatAskForNothingAreNamed() {
    cluster.node("w1", "2", "4Gi").node("w2", "2", "4Gi");
    cluster.pod("free-1", Map.of("nodeName", "w1"), "ReplicaSet").pod("web-1", "w1", "1", "1Gi");
    assertThat(cluster.fit("w1").notes())
        .contains(
            "pods of it (1) that ask for neither CPU nor memory, so that what they need is unknown:"
                + " shop/free-1");
  }

  @Test
  void whatNothingBringsBackIsStuck() {
    cluster.node("w1", "2", "4Gi").node("w2", "2", "4Gi");
    cluster.pod("alone", Map.of("nodeName", "w1"), "");
    assertThat(cluster.fit("w1").stuck()).contains("nothing would bring back shop/alone");
  }

  @Test
  void aBudgetThatNeverLetsGoIsStuckAndOneThatDoesNotNowIsNamed() {
    cluster.node("w1", "2", "4Gi").node("w2", "2", "4Gi");
    cluster.pod("web-1", "w1", "1m", "1Mi").pod("db-1", "w1", "1m", "1Mi");
    cluster.budget(
        "all",
        "web",
        Map.of(
            "disruptionsAllowed", 0, "currentHealthy", 2, "desiredHealthy", 2, "expectedPods", 2));
    cluster.budget(
        "half",
        "db",
        Map.of(
            "disruptionsAllowed", 0, "currentHealthy", 1, "desiredHealthy", 1, "expectedPods", 2));
    var fit = cluster.fit("w1");
    assertThat(fit.stuck())
        .contains(
            "cannot be evicted: shop/web-1 (the budget 'all' lets none go: 2 of 2 are healthy, 2"
                + " have to be)");
    assertThat(fit.notes())
        .contains(
            "would be waited for, as it is now: shop/db-1 (the budget 'half' lets none go: 1 of 2"
                + " are healthy, 1 have to be)");
  }

  @Test
  void twoBudgetsOnOnePodAreStuck() {
    cluster.node("w1", "2", "4Gi").node("w2", "2", "4Gi");
    cluster.pod("web-1", "w1", "1m", "1Mi");
    cluster.budget("one", "web", Map.of("disruptionsAllowed", 1));
    assertThat(cluster.fit("w1").stuck()).isEmpty();
    cluster.budget("two", "web", Map.of("disruptionsAllowed", 1));
    assertThat(cluster.fit("w1").stuck()).get().asString().contains("'one', 'two'");
  }

  /** An API that says something else than it should gives no fault, and no room either. */
  @Test
  void whatHasAnotherShapeCountsAsNotThere() {
    cluster.node("w1", "2", "4Gi").node("w2", "much", List.of());
    cluster.node(Map.of()).node(Map.of("metadata", "x", "status", List.of(), "spec", 7));
    cluster.pod(Map.of()).pod(Map.of("metadata", 1, "spec", Map.of("nodeName", 2)));
    cluster.pod(
        "web-1",
        Map.of(
            "nodeName",
            "w1",
            "containers",
            List.of("x", Map.of("resources", 1)),
            "tolerations",
            "all",
            "volumes",
            Map.of(),
            "affinity",
            List.of()),
        "ReplicaSet");
    cluster.pod("web-2", "w1", "1e3", "-5");
    assertThat(cluster.fit("w1").pods()).isEqualTo(2);
    assertThat(cluster.fit("w1").crowded()).get().asString().contains("shop/web-2");
  }

  /** Of all nodes, in a look that a person waits for. */
  @Test
  @Timeout(60)
  void aLargeClusterIsReckonedToo() {
    for (var node = 0; node < 30; node++) {
      cluster.node("w" + node, "16", "64Gi");
      for (var pod = 0; pod < 40; pod++) {
        cluster.pod("web%d-%d".formatted(node, pod), "w" + node, "399m", "1600Mi");
      }
    }
    var fits = new ClusterRoom(cluster.lists()).fits();
    assertThat(fits).hasSize(30).allSatisfy((_, fit) -> assertThat(fit.crowded()).isPresent());
  }
}
