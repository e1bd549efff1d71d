package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Objects as they are read, and as they are declared. */
class ObjectsTest {
  private static Map<String, Object> object(Map<String, Object> metadata) {
    var all = new HashMap<>(metadata);
    all.put("name", "x");
    return Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", all);
  }

  @Test
  void notesOfAnObjectAreReadByTheirKeys() {
    var live =
        LiveObject.of(
            object(Map.of("annotations", Map.of("note", "a"), "labels", Map.of("app", "b"))));
    assertThat(live.annotation("note")).contains("a");
    assertThat(live.annotation("app")).isEmpty();
    assertThat(live.label("app")).contains("b");
    assertThat(live.label("note")).isEmpty();
    assertThat(LiveObject.of(object(Map.of())).annotation("note")).isEmpty();
  }

  @Test
  void anObjectWhoseEndTheApiHasAcceptedIsGoing() {
    assertThat(LiveObject.of(object(Map.of("deletionTimestamp", "2026-11-26T00:00:00Z"))).isGoing())
        .isTrue();
    assertThat(LiveObject.of(object(Map.of())).isGoing()).isFalse();
  }

  @Test
  void whatHoldsANamespaceThatIsGoingIsSaid() {
    var metadata =
        Map.<String, Object>of(
            "deletionTimestamp", "2026-11-26T00:00:00Z", "finalizers", List.of("a/b", "c"));
    var raw = new HashMap<>(object(metadata));
    raw.put("kind", "Namespace");
    var left = Map.of("status", "True", "message", "pools.metallb.io has 1 resource instances");
    var none = Map.of("status", "False", "message", "All content successfully removed");
    raw.put("status", Map.of("conditions", List.of(left, none)));
    assertThat(LiveObject.of(raw).held())
        .isEqualTo(
            "it is being deleted; its finalizers hold it: a/b, c; pools.metallb.io has 1 resource"
                + " instances");
    assertThat(LiveObject.of(object(Map.of("deletionTimestamp", "x"))).held())
        .isEqualTo("it is being deleted");
    raw.put("metadata", Map.of("name", "x"));
    assertThat(LiveObject.of(raw).ready()).isEmpty();
  }

  @Test
  void whatChangesByItselfIsNoPartOfAnObject() {
    var raw =
        new HashMap<>(
            object(
                Map.of(
                    "uid",
                    "u",
                    "resourceVersion",
                    "7",
                    "annotations",
                    Map.of("deployment.kubernetes.io/revision", "3"))));
    raw.put("status", Map.of("phase", "x"));
    assertThat(LiveObject.of(raw).content())
        .isEqualTo(
            Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "x")));
  }

  /** What a controller writes into the status makes it no owner of what is declared. */
  @Test
  void whoSetTheStatusOwnsNothingOfWhatIsDeclared() {
    var fields = Map.of("f:spec", Map.of());
    var live =
        LiveObject.of(
            object(
                Map.of(
                    "managedFields",
                    List.of(
                        Map.of("manager", "kubectl", "fieldsV1", fields),
                        Map.of("manager", "helm", "subresource", "", "fieldsV1", fields),
                        Map.of(
                            "manager", "kubelet", "subresource", "status", "fieldsV1", fields)))));
    assertThat(live.owners())
        .extracting(LiveObject.Owner::manager)
        .containsExactly("kubectl", "helm");
  }

  @Test
  void anObjectWithoutKindVersionOrNameIsNone() {
    var whole = object(Map.of());
    assertThat(Manifest.of(whole).ref()).isEqualTo(ObjectRef.of("v1", "ConfigMap", "x"));
    for (var key : List.of("apiVersion", "kind", "metadata")) {
      var less = new HashMap<>(whole);
      less.remove(key);
      assertThatThrownBy(() -> Manifest.of(less))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class);
      less.put(key, " ");
      assertThatThrownBy(() -> Manifest.of(less)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aNameAloneDeclaresNothingThatCouldBeOwned() {
    assertThat(Manifest.of(object(Map.of("namespace", "n"))).declaresFields()).isFalse();
    assertThat(Manifest.of(object(Map.of("labels", Map.of("a", "b")))).declaresFields()).isTrue();
    var data = new HashMap<>(object(Map.of()));
    data.put("data", Map.of("a", "b"));
    assertThat(Manifest.of(data).declaresFields()).isTrue();
  }

  @Test
  void nullDeclaresNothingHoweverDeepItIs() {
    var inner = new HashMap<String, Object>();
    inner.put("kept", "x");
    inner.put("null", null);
    var raw = new HashMap<>(object(Map.of()));
    raw.put("data", inner);
    raw.put("list", Arrays.asList("a", null, inner));
    raw.put("nothing", null);
    raw.put("status", Map.of("phase", "x"));
    var content = Manifest.of(raw).content();
    assertThat(content)
        .containsEntry("data", Map.of("kept", "x"))
        .containsEntry("list", List.of("a", Map.of("kept", "x")))
        .doesNotContainKeys("nothing", "status");
  }

  @Test
  void onlySecretsOfTheCoreAreSecret() {
    assertThat(of("v1", "Secret").isSecret()).isTrue();
    assertThat(of("v1", "ConfigMap").isSecret()).isFalse();
    assertThat(of("example.org/v1", "Secret").isSecret()).isFalse();
  }

  @Test
  void dataAndStringDataOfASecretAreOneAndTheTextWins() {
    var raw = new HashMap<>(object(Map.of()));
    raw.put("kind", "Secret");
    raw.put("data", Map.of("a", "AA==", "b", "BB=="));
    raw.put("stringData", Map.of("b", "x"));
    assertThat(Manifest.of(raw).content())
        .containsEntry("data", Map.of("a", "AA==", "b", "eA=="))
        .doesNotContainKey("stringData");
    // the control: of anything else it is a field like others
    raw.put("kind", "ConfigMap");
    assertThat(Manifest.of(raw).content()).containsEntry("stringData", Map.of("b", "x"));
  }

  private static Manifest of(String version, String kind) {
    return Manifest.of(
        Map.of("apiVersion", version, "kind", kind, "metadata", Map.of("name", "x")));
  }

  @Test
  void aStateIsReadWhateverItLacks() {
    var state =
        ObjectStates.State.of(
            Map.of(
                "metadata", Map.of("name", "x", "namespace", "n"),
                "spec", Map.of("a", 1),
                "status", Map.of("b", 2)));
    assertThat(state.title()).isEqualTo("n/x");
    assertThat(state.spec()).isEqualTo(Map.of("a", 1));
    assertThat(state.status()).isEqualTo(Map.of("b", 2));
    var bare = ObjectStates.State.of(Map.of());
    assertThat(bare.title()).isEqualTo("?");
    assertThat(bare.namespace()).isEqualTo(Optional.empty());
  }

  @Test
  void servicesThatAnswerAreTheOnesThatWereAsked() {
    var reach = new Reaches.Reach("n/web", "192.0.2.1", 80, "");
    assertThat(Reaches.of(List.of(reach)).all()).containsExactly(reach);
    assertThat(Reaches.of(List.of(reach)).unheard()).isEmpty();
    assertThat(Reaches.unheard("the API is silent").unheard()).isEqualTo("the API is silent");
    assertThat(Reaches.unheard("the API is silent").all()).isEmpty();
  }

  @Test
  void anObjectIsNamedAsPeopleSayIt() {
    assertThat(ObjectRef.of("v1", "Node", "w1")).hasToString("Node w1");
    assertThat(new ObjectRef("v1", "Pod", Optional.of("n"), "web")).hasToString("Pod n/web");
  }

  @Test
  void aFaultIsPassingOnlyWhereItWasSaidToBe() {
    assertThat(new ClusterException("x", "y", null).isPassing()).isFalse();
    assertThat(new ClusterException("x", "y", null, true).isPassing()).isTrue();
    assertThat(new ClusterException("x", "y", null, true).isUnanswered()).isFalse();
    assertThat(ClusterException.unanswered("x", "y", null).isUnanswered()).isTrue();
    assertThat(ClusterException.unanswered("x", "y", null).isPassing()).isFalse();
  }
}
