package io.provision.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CanonicalTest {
  private record Answer(Map<String, byte[]> files, Optional<Integer> mode) {}

  @Test
  void theOrderOfSetsAndMapsDoesNotMatter() {
    assertThat(Canonical.text(new LinkedHashSet<>(List.of("b", "a"))))
        .isEqualTo(Canonical.text(new HashSet<>(List.of("a", "b"))));
    var other = new LinkedHashMap<String, Integer>();
    other.put("y", 2);
    other.put("x", 1);
    assertThat(Canonical.text(other)).isEqualTo(Canonical.text(Map.of("x", 1, "y", 2)));
  }

  @Test
  void equalBytesAreTheSameTextAndOthersAreNot() {
    assertThat(answer("a")).isEqualTo(answer("a")).isNotEqualTo(answer("b"));
  }

  @Test
  void whatDiffersHasAnotherText() {
    assertThat(
            java.util.stream.Stream.of(
                    "a",
                    "b",
                    1,
                    true,
                    List.of("a"),
                    List.of("a", "b"),
                    List.of("b", "a"),
                    Optional.of("a"))
                .map(Canonical::text))
        .doesNotHaveDuplicates();
    assertThat(Canonical.text(null)).isNotEmpty();
  }

  @Test
  void whatHasNoTextOfItsOwnIsABug() {
    assertThatThrownBy(() -> Canonical.text(new Object()))
        .hasMessageContaining("no text of its own");
  }

  private static String answer(String text) {
    return Canonical.text(
        new Answer(
            Map.of("f", text.getBytes(java.nio.charset.StandardCharsets.UTF_8)), Optional.of(1)));
  }
}
