package io.provision.kube.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.Preview;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What differs, where it hangs on who set which field: objects with the owners that an API gives.
 */
class OwnedFieldsTest {
  private static final String OURS = Manifest.MANAGER;

  /** Its spec, and who set what in it, in turn a name and the fields. */
  @SafeVarargs
  private static LiveObject live(
      Map<String, Object> spec, Map.Entry<String, Map<String, Object>>... owners) {
    var entries = new ArrayList<Object>();
    for (var owner : owners) {
      entries.add(
          Map.of("manager", owner.getKey(), "fieldsV1", Map.of("f:spec", owner.getValue())));
    }
    var raw = new HashMap<>(wanted(spec).content());
    raw.put("metadata", Map.of("name", "x", "managedFields", entries));
    return LiveObject.of(raw);
  }

  private static Map.Entry<String, Map<String, Object>> by(
      String manager, Map<String, Object> fields) {
    return Map.entry(manager, fields);
  }

  private static Manifest wanted(Map<String, Object> spec) {
    return Manifest.of(
        Map.of("apiVersion", "v1", "kind", "K", "metadata", Map.of("name", "x"), "spec", spec));
  }

  private static List<String> paths(Map<String, Object> wanted, LiveObject live) {
    return Comparison.of(wanted(wanted), live).differences().stream()
        .map(Difference::path)
        .toList();
  }

  @Test
  void anObjectIsOursWhereWeSetAnyFieldOfIt() {
    var fields = Map.<String, Object>of("f:a", Map.of());
    assertThat(Comparison.isOurs(live(Map.of("a", 1), by("x", fields), by(OURS, fields)))).isTrue();
    assertThat(Comparison.isOurs(live(Map.of("a", 1), by("x", fields)))).isFalse();
    assertThat(Comparison.isOurs(live(Map.of("a", 1)))).isFalse();
  }

  /** Elements of a set belong to whoever added them. */
  @Test
  void ofASetOnlyWhatIsDeclaredAndWhatIsOursCounts() {
    var live =
        live(
            Map.of("set", List.of("a", "b", "c \"")),
            by(OURS, Map.of("f:set", Map.of("v:\"a\"", Map.of(), "v:\"b\"", Map.of()))),
            by("x", Map.of("f:set", Map.of("v:\"c \\\"\"", Map.of()))));
    assertThat(paths(Map.of("set", List.of("b", "a")), live)).as("the order").isEmpty();
    assertThat(paths(Map.of("set", List.of("a")), live)).containsExactly(".spec.set[b]");
    assertThat(paths(Map.of("set", List.of("a", "b", "z")), live)).containsExactly(".spec.set[z]");
    var seen = Comparison.of(wanted(Map.of("set", List.of("a", "z"))), live).seen();
    assertThat(seen.get("spec")).isEqualTo(Map.of("set", List.of("a", "b")));
  }

  @Test
  void anElementOfASetThatBecameOursIsGoneWithItsQuotes() {
    var live =
        live(
            Map.of("set", List.of("a", "b\"c")),
            by(OURS, Map.of("f:set", Map.of("v:\"a\"", Map.of(), "v:\"b\\\"c\"", Map.of()))));
    assertThat(paths(Map.of("set", List.of("a")), live)).containsExactly(".spec.set[b\"c]");
  }

  /** The one key that the API fills in. */
  @Test
  void aPortWithoutAProtocolIsTheOneOfTcp() {
    var tcp = Map.<String, Object>of("containerPort", 53, "protocol", "TCP");
    var udp = Map.<String, Object>of("containerPort", 53, "protocol", "UDP");
    var fields =
        Map.<String, Object>of(
            "f:ports",
            Map.of(
                "k:{\"containerPort\":53,\"protocol\":\"TCP\"}",
                Map.of(),
                "k:{\"containerPort\":53,\"protocol\":\"UDP\"}",
                Map.of()));
    var live = live(Map.of("ports", List.of(udp, tcp)), by("x", fields));
    assertThat(paths(Map.of("ports", List.of(Map.of("containerPort", 53))), live)).isEmpty();
    var onlyUdp = live(Map.of("ports", List.of(udp)), by("x", fields));
    assertThat(paths(Map.of("ports", List.of(Map.of("containerPort", 53))), onlyUdp)).hasSize(1);
  }

  /** The API does not give it back; that it is ours says that it is as it was declared. */
  @Test
  void anEmptyMapOfOursThatTheApiLeavesOutIsThere() {
    var wanted = Map.<String, Object>of("limits", Map.of());
    var fields = Map.<String, Object>of("f:limits", Map.of());
    assertThat(paths(wanted, live(Map.of(), by(OURS, fields)))).isEmpty();
    assertThat(paths(wanted, live(Map.of(), by("x", fields)))).containsExactly(".spec.limits");
    var full = Map.<String, Object>of("limits", Map.of("cpu", 1));
    assertThat(paths(full, live(Map.of(), by(OURS, fields)))).containsExactly(".spec.limits");
  }

  @Test
  void ofWhatIsNotDeclaredAnyMoreOnlyOurPartGoes() {
    var live =
        live(
            Map.of("template", Map.of("ours", 1, "theirs", 2)),
            by("a-other", Map.of("f:template", Map.of())),
            by(OURS, Map.of("f:template", Map.of("f:ours", Map.of()))));
    assertThat(paths(Map.of(), live)).containsExactly(".spec.template.ours");
    var seen = Comparison.of(wanted(Map.of()), live).seen();
    assertThat(seen.get("spec")).isEqualTo(Map.of("template", Map.of("ours", 1)));
  }

  @Test
  void whatWasOursAndIsGoneAlreadyIsNotShown() {
    var live =
        live(
            Map.of("template", Map.of("theirs", 2), "list", List.of("x")),
            by(
                OURS,
                Map.of(
                    "f:template", Map.of("f:ours", Map.of()),
                    "f:list", Map.of("v:\"ours\"", Map.of()))));
    var comparison = Comparison.of(wanted(Map.of()), live);
    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.seen().get("spec")).isEqualTo(Map.of());
  }

  /** The value stays, since another one wants it too; what an apply changes is whose it is. */
  @Test
  void aFieldThatIsOursNoLongerDiffersAlthoughItKeepsItsValue() {
    var spec = Map.<String, Object>of("a", 1, "b", 2);
    var both = Map.<String, Object>of("f:a", Map.of(), "f:b", Map.of());
    var one = Map.<String, Object>of("f:a", Map.of());
    var other = by("x", Map.of("f:b", Map.of()));
    var live = live(spec, by(OURS, both), other);
    var after = new Preview.Would(live(spec, by(OURS, one), other));
    assertThat(Comparison.of(wanted(Map.of("a", 1)), live, after).differences())
        .extracting(Difference::path)
        .containsExactly(".spec.b");
    var same = new Preview.Would(live(spec, by(OURS, both), by("y", one)));
    assertThat(Comparison.of(wanted(Map.of("a", 1)), live, same).isInSync()).isTrue();
  }

  @Test
  void whatAnApplyWouldLeaveAsItIsIsNoDifferenceBesideOneThatItWouldChange() {
    var live = live(Map.of("spelled", 2, "other", 1));
    var after = new Preview.Would(live(Map.of("spelled", 2, "other", 5)));
    assertThat(Comparison.of(wanted(Map.of("spelled", "2", "other", 5)), live, after).differences())
        .extracting(Difference::path)
        .containsExactly(".spec.other");
  }

  @Test
  void aFieldThatNobodySetIsNoConflict() {
    var live = live(Map.of("theirs", 1), by("x", Map.of("f:theirs", Map.of())));
    var comparison = Comparison.of(wanted(Map.of("theirs", 2, "new", 3)), live);
    assertThat(comparison.differences()).hasSize(2);
    assertThat(comparison.conflicts())
        .containsExactly(new Difference(".spec.theirs", Set.of("x"), false));
  }

  /** Only where there is doubt the API is asked what an apply would do. */
  @Test
  void anObjectInWhichNothingIsOneWholeNeedsNoSecondThought() {
    var fields = Map.<String, Object>of("f:a", Map.of("f:b", Map.of()));
    var live = live(Map.of("a", Map.of("b", 1, "more", 2)), by(OURS, fields));
    assertThat(Comparison.mayDiffer(wanted(Map.of("a", Map.of("b", 1))), live)).isFalse();
    assertThat(Comparison.mayDiffer(wanted(Map.of("a", Map.of("b", 2))), live)).isTrue();
    var whole = live(Map.of("a", Map.of("b", 1, "more", 2)), by(OURS, Map.of("f:a", Map.of())));
    assertThat(Comparison.mayDiffer(wanted(Map.of("a", Map.of("b", 1))), whole)).isTrue();
  }
}
