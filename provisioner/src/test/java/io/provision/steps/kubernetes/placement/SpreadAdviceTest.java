package io.provision.steps.kubernetes.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.WholeObjects;
import io.provision.render.YamlDocuments;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is advised of workloads that lack it, and of those that cannot be helped. */
class SpreadAdviceTest {
  private static Map<String, Object> workload(
      String name, Object replicas, Map<String, Object> podSpec) {
    var labels = Map.of("app", name);
    return Map.of(
        "metadata",
        Map.of("name", name, "namespace", "shop"),
        "spec",
        Map.of(
            "replicas",
            replicas,
            "selector",
            Map.of("matchLabels", labels),
            "template",
            Map.of("metadata", Map.of("labels", labels), "spec", podSpec)));
  }

  private static Map<String, Object> budget(String name, String app) {
    return Map.of(
        "metadata",
        Map.of("name", name, "namespace", "shop"),
        "spec",
        Map.of("selector", Map.of("matchLabels", Map.of("app", app))));
  }

  private static String advice(
      List<Map<String, Object>> deployments,
      List<Map<String, Object>> sets,
      List<Map<String, Object>> budgets) {
    return SpreadAdvice.of(deployments, sets, budgets);
  }

  private static List<Map<?, ?>> documents(String advice) {
    return YamlDocuments.of("advice", advice);
  }

  @Test
  void whatLacksBothGetsBothAsYamlForKubectl() {
    var text = advice(List.of(workload("web", 3, Map.of())), List.of(), List.of());
    assertThat(text)
        .contains(
            "# To be read, and then given to: kubectl apply --server-side -f FILE",
            "# Deployment shop/web: nothing keeps its 3 pods from running on one node");
    var selector = Map.of("matchLabels", Map.of("app", "web"));
    var constraint =
        Map.of(
            "maxSkew",
            1,
            "topologyKey",
            "kubernetes.io/hostname",
            "whenUnsatisfiable",
            "ScheduleAnyway",
            "nodeTaintsPolicy",
            "Honor",
            "labelSelector",
            selector,
            "matchLabelKeys",
            List.of("pod-template-hash"));
    var metadata = Map.of("name", "web", "namespace", "shop");
    assertThat(documents(text))
        .isEqualTo(
            List.of(
                Map.of(
                    "apiVersion",
                    "apps/v1",
                    "kind",
                    "Deployment",
                    "metadata",
                    metadata,
                    "spec",
                    Map.of(
                        "template",
                        Map.of("spec", Map.of("topologySpreadConstraints", List.of(constraint))))),
                Map.of(
                    "apiVersion",
                    "policy/v1",
                    "kind",
                    "PodDisruptionBudget",
                    "metadata",
                    metadata,
                    "spec",
                    Map.of(
                        "maxUnavailable",
                        1,
                        "unhealthyPodEvictionPolicy",
                        "AlwaysAllow",
                        "selector",
                        selector))));
  }

  @Test
  void aStatefulSetHasNoLabelOfItsTemplate() {
    var text = advice(List.of(), List.of(workload("db", 2, Map.of())), List.of());
    assertThat(text).contains("StatefulSet shop/db").doesNotContain("matchLabelKeys");
    assertThat(documents(text)).hasSize(2);
  }

  @Test
  void whatHasItIsLeft() {
    var term = Map.of("topologyKey", "kubernetes.io/hostname");
    var spread =
        List.<Map<String, Object>>of(
            Map.of("topologySpreadConstraints", List.of(term)),
            Map.of(
                "affinity",
                Map.of(
                    "podAntiAffinity",
                    Map.of("requiredDuringSchedulingIgnoredDuringExecution", List.of(term)))),
            Map.of(
                "affinity",
                Map.of(
                    "podAntiAffinity",
                    Map.of(
                        "preferredDuringSchedulingIgnoredDuringExecution",
                        List.of(Map.of("podAffinityTerm", term))))));
    for (var spec : spread) {
      var text = advice(List.of(workload("web", 2, spec)), List.of(), List.of(budget("b", "web")));
      assertThat(documents(text)).isEmpty();
      assertThat(text).contains("What has several replicas is spread, and has budgets");
    }
    var zone =
        Map.<String, Object>of("topologySpreadConstraints", List.of(Map.of("topologyKey", "zone")));
    assertThat(
            documents(
                advice(List.of(workload("web", 2, zone)), List.of(), List.of(budget("b", "db")))))
        .hasSize(2);
  }

  /** A name that another budget has would be taken from it. */
  @Test
  void aBudgetIsNotCalledLikeAnotherOne() {
    var text =
        advice(
            List.of(workload("web", 2, Map.of())),
            List.of(workload("web", 2, Map.of())),
            List.of(budget("web", "something-else")));
    assertThat(documents(text))
        .filteredOn(it -> "PodDisruptionBudget".equals(it.get("kind")))
        .extracting(it -> ((Map<?, ?>) it.get("metadata")).get("name").toString())
        .containsExactly("web-budget", "web-budget-budget");
  }

  @Test
  void singleReplicasAreNamedAndGetNoBudgetThatNoDrainGetsPast() {
    var text =
        advice(
            List.of(workload("coredns", 1, Map.of()), workload("off", 0, Map.of())),
            List.of(),
            List.of());
    assertThat(text).contains("#   Deployment shop/coredns").doesNotContain("shop/off");
    assertThat(documents(text)).isEmpty();
  }

  @Test
  void whoMadeItIsNamed() {
    var raw = new HashMap<>(workload("web", 2, Map.of()));
    raw.put(
        "metadata",
        Map.of(
            "name",
            "web",
            "namespace",
            "shop",
            "ownerReferences",
            List.of(Map.of("kind", "Site", "name", "front"))));
    assertThat(advice(List.of(raw), List.of(), List.of())).contains("# Site front has it");
  }

  /** Names that no API gives out, and shapes that are none. */
  @Test
  void whatIsHostileEndsNoCommentAndIsNoFault() {
    var name = "a\nkind: Secret\n---\nx: y";
    var text =
        advice(
            List.of(
                workload(name, 2, Map.of()),
                workload("one\rtwo\u2028three", 1, Map.of()),
                Map.of(),
                Map.of("metadata", 1, "spec", List.of()),
                Map.of("metadata", Map.of("name", "bare"), "spec", Map.of("replicas", 2))),
            List.of(),
            List.of(Map.of("spec", Map.of("selector", 1))));
    assertThat(documents(text))
        .hasSize(2)
        .allSatisfy(it ->
            assertThat(((Map<?, ?>) it.get("metadata")).get("name").toString()).startsWith(name));
    assertThat(text.lines())
        .filteredOn(it -> it.contains("one?two?three"))
        .singleElement()
        .asString()
        .startsWith("#");
  }

  @Test
  void anApiThatIsSilentGivesNoAdvice() {
    var step = new SpreadLook();
    var target = new Target.OnCluster(Cases.inventory(Cases.server(1)));
    for (var silent : List.of("", "StatefulSet")) {
      var seen = new Observations.Builder();
      for (var question : step.probes(target).cluster()) {
        var kind = ((ClusterQuestion.Whole) question).kind();
        seen.put(
            question,
            kind.equals(silent) ? WholeObjects.unheard("timed out") : WholeObjects.of(List.of()));
      }
      var check = step.check(target, seen.build(), Known.NOTHING);
      assertThat(check).isInstanceOf(silent.isEmpty() ? Check.InSync.class : Check.Refused.class);
    }
  }
}
