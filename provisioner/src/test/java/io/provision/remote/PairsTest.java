package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Lines of {@code key=value}, and all that may stand between them. */
final class PairsTest {
  private static final String LINES =
      "a=1\nnoise\n=no key\na= 2 \nb=\nc=x=y\ntext=aMOkCg==\ncut=aMO\u0001\nn=123\n";

  @Test
  void aKeyHasTheValuesOfAllItsLines() {
    var said = Pairs.of(LINES);
    assertThat(said.all("a")).containsExactly("1", " 2 ");
    assertThat(said.first("a")).isEqualTo("1");
    assertThat(said.last("a")).isEqualTo(" 2 ");
    assertThat(said.last("c")).as("up to the first one").isEqualTo("x=y");
    assertThat(said.has("b")).isTrue();
    assertThat(said.last("b")).isEmpty();
    assertThat(said.values()).containsOnlyKeys("a", "b", "c", "text", "cut", "n");
  }

  @Test
  void whatIsNotThereIsEmpty() {
    var said = Pairs.of("");
    assertThat(said.has("a")).isFalse();
    assertThat(said.first("a") + said.last("a") + said.decoded("a")).isEmpty();
    assertThat(said.all("a")).isEmpty();
    assertThat(said.number("a")).isEmpty();
  }

  @Test
  void blanksStayUnlessTheyAreToGo() {
    assertThat(Pairs.stripped(new Frame(0, LINES)).all("a")).isEqualTo(List.of("1", "2"));
    assertThat(Pairs.of(new Frame(0, LINES)).all("a")).isEqualTo(List.of("1", " 2 "));
  }

  @Test
  void textInBase64IsReadAndWhatWasCutIsNot() {
    assertThat(Pairs.of(LINES).decoded("text")).isEqualTo("h\u00e4\n");
    assertThat(Pairs.of(LINES).decoded("cut")).isEmpty();
    assertThat(Pairs.of("x=YQ==\nx=Yg==").decoded("x")).isEqualTo("b");
  }

  @Test
  void onlyWholeNumbersAreNumbers() {
    assertThat(Pairs.of(LINES).number("n")).isEqualTo(OptionalLong.of(123));
    for (var text : List.of("", "x", "-1", "1.5", "1234567890123456", " 1")) {
      assertThat(Pairs.of("n=" + text).number("n")).as(text).isEmpty();
    }
  }

  @Property(tries = 300)
  void anyTextIsRead(@ForAll String text) {
    var said = Pairs.of(text);
    assertThat(said.values().values()).noneMatch(List::isEmpty);
    assertThat(said.values().keySet()).noneMatch(key -> key.isEmpty() || key.contains("="));
  }
}
