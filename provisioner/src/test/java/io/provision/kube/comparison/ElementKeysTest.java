package io.provision.kube.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names of elements in managedFields. */
class ElementKeysTest {
  @Test
  void keysAreReadWithTheTypesOfTheirValues() {
    assertThat(
            ElementKeys.of("k:{\"name\":\"a, \\\"b\\\"\",\"port\":80,\"on\":true,\"off\":false}"))
        .contains(Map.of("name", "a, \"b\"", "port", new BigDecimal(80), "on", true, "off", false));
  }

  @Test
  void aKeyCanHaveAQuoteItself() {
    assertThat(ElementKeys.of("k:{\"\\\"\":\"x\"}")).contains(Map.of("\"", "x"));
  }

  @Test
  void otherNamesNameNoElement() {
    for (var name : new String[] {"f:k:{\"a\":1}", "v:\"a\"", ".", "k:", "k:{}", "k:{a:1}"}) {
      assertThat(ElementKeys.of(name)).as(name).isEmpty();
    }
  }

  /** It is a text then, as good as any other. */
  @Test
  void aNumberThatIsNoneIsNoBug() {
    assertThat(ElementKeys.of("k:{\"a\":1-2}")).contains(Map.of("a", "1-2"));
  }

  @Test
  void aTextIsQuotedAndNothingElseIs() {
    assertThat(ElementKeys.scalar("a\"\\")).isEqualTo("\"a\\\"\\\\\"");
    assertThat(ElementKeys.scalar(7)).isEqualTo("7");
    assertThat(ElementKeys.scalar(true)).isEqualTo("true");
  }
}
