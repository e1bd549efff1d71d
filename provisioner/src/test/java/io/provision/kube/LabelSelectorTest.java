package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which objects a selector means. */
class LabelSelectorTest {
  private static LabelSelector expression(String operator, String... values) {
    return LabelSelector.of(
        Map.of(
            "matchExpressions",
            List.of(Map.of("key", "tier", "operator", operator, "values", List.of(values)))));
  }

  private static boolean matches(LabelSelector selector, String tier) {
    return selector.matches(tier.isEmpty() ? Map.of() : Map.of("tier", tier));
  }

  @Test
  void eachOperatorMeansWhatItMeansToTheApi() {
    assertThat(List.of("a", "b", "c", ""))
        .filteredOn(it -> matches(expression("In", "a", "b"), it))
        .containsExactly("a", "b");
    assertThat(List.of("a", "b", "c", ""))
        .filteredOn(it -> matches(expression("NotIn", "a", "b"), it))
        .containsExactly("c", "");
    assertThat(List.of("a", ""))
        .filteredOn(it -> matches(expression("Exists"), it))
        .containsExactly("a");
    assertThat(List.of("a", ""))
        .filteredOn(it -> matches(expression("DoesNotExist"), it))
        .containsExactly("");
    assertThat(List.of("a", "")).noneMatch(it -> matches(expression("Resembles", "a"), it));
  }

  @Test
  void allOfItMustHold() {
    var selector =
        LabelSelector.of(
            Map.of(
                "matchLabels",
                Map.of("app", "web"),
                "matchExpressions",
                List.of(Map.of("key", "old", "operator", "DoesNotExist"))));
    assertThat(selector.matches(Map.of("app", "web", "more", "x"))).isTrue();
    assertThat(selector.matches(Map.of("app", "web", "old", ""))).isFalse();
    assertThat(selector.matches(Map.of("app", "db"))).isFalse();
  }

  @Test
  void oneWithoutAnythingMeansAllAndSoDoesWhatIsNone() {
    assertThat(LabelSelector.of(Map.of()).matches(Map.of("a", "b"))).isTrue();
    assertThat(LabelSelector.of("nothing")).isEqualTo(LabelSelector.of(null));
    assertThat(LabelSelector.of(null).query()).isEmpty();
  }

  @Test
  void aRequestSaysItAsKubectlDoes() {
    assertThat(LabelSelector.of(Map.of("matchLabels", Map.of("b", "2", "a", "1"))).query())
        .isEqualTo("a in (1),b in (2)");
    assertThat(LabelSelector.ofLabels(Map.of("a", "1")).query()).isEqualTo("a in (1)");
    assertThat(expression("In", "x", "y").query()).isEqualTo("tier in (x,y)");
    assertThat(expression("NotIn", "x", "y").query()).isEqualTo("tier notin (x,y)");
    assertThat(expression("Exists").query()).isEqualTo("tier");
    assertThat(expression("DoesNotExist").query()).isEqualTo("!tier");
  }
}
