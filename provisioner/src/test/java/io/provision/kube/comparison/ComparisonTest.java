package io.provision.kube.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.FakeCluster;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.Preview;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final FakeCluster cluster = new FakeCluster();

  @Test
  void whatWasAppliedIsInSyncWhateverTheApiAdded() {
    var manifest = deployment(Map.of("replicas", 2));
    apply(manifest);
    assertThat(compare(manifest).differences()).isEmpty();
    assertThat(compare(manifest).seen()).isEqualTo(manifest.content());
  }

  @Test
  void aFieldThatDiffersIsNamedWithItsPath() {
    apply(deployment(Map.of("replicas", 2)));
    var wanted = deployment(Map.of("replicas", 3));
    assertThat(compare(wanted).differences())
        .containsExactly(new Difference(".spec.replicas", Set.of(), true));
  }

  @Test
  void aFieldOfOursThatIsNoLongerDeclaredIsDriftAndIsGoneAfterTheApply() {
    apply(deployment(Map.of("replicas", 2, "paused", true)));
    var wanted = deployment(Map.of("replicas", 2));
    assertThat(compare(wanted).differences())
        .containsExactly(new Difference(".spec.paused", Set.of(), true));
    assertThat(compare(wanted).seen().toString()).contains("paused=true");
    apply(wanted);
    assertThat(compare(wanted).isInSync()).isTrue();
  }

  @Test
  void aFieldThatSomebodyElseAddedIsNobodysDrift() {
    var manifest = deployment(Map.of("replicas", 2));
    apply(manifest);
    cluster.update(manifest.ref(), "kubectl-edit", "10", "f:spec", "f:minReadySeconds");
    assertThat(compare(manifest).isInSync()).isTrue();
  }

  @Test
  void aFieldThatSomebodyElseSetToAnotherValueIsAConflictThatNamesThem() {
    var manifest = deployment(Map.of("replicas", 2));
    apply(manifest);
    cluster.update(manifest.ref(), "kubectl-edit", 5, "f:spec", "f:replicas");
    assertThat(compare(manifest).conflicts())
        .containsExactly(new Difference(".spec.replicas", Set.of("kubectl-edit"), false));
    assertThat(cluster.apply(manifest, Manifest.MANAGER, false)).hasSize(1);
    assertThat(cluster.apply(manifest, Manifest.MANAGER, true)).isEmpty();
    assertThat(compare(manifest).isInSync()).isTrue();
  }

  @Test
  void elementsOfAListAreFoundByTheirKeysWhateverTheOrder() {
    var one = Map.of("name", "one", "image", "a:1");
    var two = Map.of("name", "two", "image", "b:1");
    apply(deployment(Map.of("containers", List.of(one, two))));
    assertThat(compare(deployment(Map.of("containers", List.of(two, one)))).isInSync()).isTrue();

    var newer = Map.of("name", "two", "image", "b:2");
    assertThat(compare(deployment(Map.of("containers", List.of(one, newer)))).differences())
        .extracting(Difference::path)
        .containsExactly(".spec.containers[name=two].image");
    assertThat(compare(deployment(Map.of("containers", List.of(one)))).differences())
        .extracting(Difference::path)
        .containsExactly(".spec.containers[name=two]");
  }

  @Test
  void aListThatIsOneValueIsComparedAsAWholeAndInOrder() {
    apply(deployment(Map.of("args", List.of("a", "b"))));
    assertThat(compare(deployment(Map.of("args", List.of("b", "a")))).differences()).hasSize(1);
    assertThat(compare(deployment(Map.of("args", List.of("a", "b")))).isInSync()).isTrue();
    assertThat(compare(deployment(Map.of("args", List.of("a")))).differences()).hasSize(1);
  }

  @Test
  void amountsAreComparedByTheirMeaningWhereTheyAreAmounts() {
    var live = deployment(Map.of("capacity", Map.of("storage", "1Gi"), "text", "1Gi"));
    apply(live);
    var same = deployment(Map.of("capacity", Map.of("storage", "1024Mi"), "text", "1Gi"));
    var other = deployment(Map.of("capacity", Map.of("storage", "1Gi"), "text", "1024Mi"));
    assertThat(compare(same).isInSync()).isTrue();
    assertThat(compare(same).seen()).isEqualTo(same.content());
    assertThat(compare(other).differences()).hasSize(1);
  }

  @Test
  void whatIsDeclaredAsNothingAndIsNotThereIsInSync() {
    apply(deployment(Map.of("replicas", 1)));
    var nothing = new LinkedHashMap<String, Object>(Map.of("replicas", 1));
    nothing.put("paused", false);
    nothing.put("text", "");
    nothing.put("list", List.of());
    nothing.put("none", 0);
    assertThat(compare(deployment(nothing)).isInSync()).isTrue();
    // the control: a map can mean something by being there, as emptyDir does
    nothing.put("emptyDir", Map.of());
    assertThat(compare(deployment(nothing)).isInSync()).isFalse();
  }

  @Test
  void whatTheApiFillsIntoAValueThatIsOneWholeIsNobodysDrift() {
    var manifest = withWholes("downward");
    apply(manifest);
    assertThat(cluster.live(manifest.ref()).content().toString())
        .contains("apiVersion=v1", "default-of-the-api=1");
    assertThat(Comparison.mayDiffer(manifest, cluster.live(manifest.ref()))).isTrue();
    assertThat(decided(manifest).differences()).isEmpty();
    assertThat(decided(manifest).seen()).isEqualTo(manifest.content());
  }

  @Test
  void whatSomebodyAddsToAValueThatIsOneWholeIsDriftAndNothingElseIsShownWithIt() {
    var manifest = withWholes("downward");
    for (var foreign :
        List.of(
            Map.of("where", "selector", "value", Map.of("app", "web", "more", "x")),
            Map.of("where", "rules", "value", List.of(Map.of("verb", "get", "more", "x"))))) {
      apply(manifest);
      cluster.update(
          manifest.ref(),
          "kubectl-edit",
          foreign.get("value"),
          "f:spec",
          "f:" + foreign.get("where"));
      assertThat(decided(manifest).isInSync()).as("%s", foreign).isFalse();
      assertThat(decided(manifest).seen().toString()).contains("more=x");
      apply(manifest);
      assertThat(decided(manifest).isInSync()).isTrue();
    }
  }

  @Test
  void aDifferenceInAWholeValueIsShownWithoutTheDefaultsBesideIt() {
    apply(withWholes("downward"));
    var wanted = withWholes("other");
    var comparison = decided(wanted);
    assertThat(comparison.differences()).isNotEmpty();
    assertThat(comparison.seen().toString()).contains("fieldPath=downward", "apiVersion=v1");
    assertThat(comparison.becomes().toString()).contains("fieldPath=other", "apiVersion=v1");
  }

  @Test
  void whereTheApiCannotSayOnlyWhatIsDeclaredCounts() {
    apply(withWholes("downward"));
    var cannot = new Preview.CannotSay("a webhook has side effects");
    var live = cluster.live(withWholes("downward").ref());
    assertThat(Comparison.of(withWholes("downward"), live, cannot).isInSync()).isTrue();
    assertThat(Comparison.of(withWholes("other"), live, cannot).isInSync()).isFalse();
  }

  @Test
  void twoSpellingsThatAreOneToTheApiAreNoDrift() {
    var manifest = deployment(Map.of("replicas", 2));
    apply(manifest);
    var live = cluster.live(manifest.ref());
    var wanted = deployment(Map.of("replicas", "2"));
    assertThat(Comparison.of(wanted, live).isInSync()).isFalse();
    assertThat(Comparison.of(wanted, live, new Preview.Would(live)).isInSync()).isTrue();
  }

  @Test
  void twoLooksAtAnObjectThatNobodyChangedAreEqual() {
    var manifest = deployment(Map.of("replicas", 1));
    apply(manifest);
    assertThat(cluster.live(manifest.ref())).hasToString(cluster.live(manifest.ref()).toString());
    assertThat(cluster.find(manifest.ref())).isNotEqualTo(cluster.find(manifest.ref()));
  }

  @Test
  void stringDataOfASecretIsComparedAsTheDataThatTheApiKeeps() {
    var secret =
        Manifest.of(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Secret",
                "metadata",
                Map.of("name", "s"),
                "stringData",
                Map.of("password", "hunter2")));
    assertThat(secret.content().get("data")).isEqualTo(Map.of("password", "aHVudGVyMg=="));
    assertThat(secret.content()).doesNotContainKey("stringData");
  }

  private void apply(Manifest manifest) {
    assertThat(cluster.apply(manifest, Manifest.MANAGER, true)).isEmpty();
  }

  private Comparison compare(Manifest manifest) {
    return Comparison.of(manifest, cluster.live(manifest.ref()));
  }

  private Comparison decided(Manifest manifest) {
    var after = LiveObject.of(cluster.dryRun(manifest, Manifest.MANAGER));
    return Comparison.of(manifest, cluster.live(manifest.ref()), new Preview.Would(after));
  }

  /** A reference, a selector and a list of rules: each is replaced as a whole. */
  private static Manifest withWholes(String path) {
    var from = Map.of("name", "N", "valueFrom", Map.of("fieldRef", Map.of("fieldPath", path)));
    return deployment(
        Map.of(
            "containers", List.of(Map.of("name", "one", "env", List.of(from))),
            "selector", Map.of("app", "web"),
            "rules", List.of(Map.of("verb", "get"))));
  }

  private static Manifest deployment(Map<String, Object> spec) {
    return Manifest.of(
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "Deployment",
            "metadata",
            Map.of("name", "web", "namespace", "n", "labels", Map.of("a", "b")),
            "spec",
            spec));
  }
}
