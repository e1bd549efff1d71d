package io.provision.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What is too long for a screen goes on below, and nothing of it is lost. */
class FoldTest {
  private static final Ink COLOR = new Ink(true);

  @Test
  void goesOnBetweenWordsAndFurtherIn() {
    assertThat(Fold.line("  on web1: the file differs", 14))
        .containsExactly("  on web1: the", "    file", "    differs");
    assertThat(Fold.line("as it is", 8)).containsExactly("as it is");
    assertThat(Fold.line("", 8)).containsExactly("");
  }

  @Test
  void aWordThatIsWiderThanTheScreenIsParted() {
    assertThat(Fold.line("see /var/lib/rancher/k3s", 10))
        .containsExactly("see", "  /var/lib", "  /rancher", "  /k3s");
  }

  @Test
  void inAPipeALineStaysALine() {
    var line = "word ".repeat(1000);
    assertThat(Fold.lines(List.of(line), Fold.NEVER)).containsExactly(line);
  }

  @Property(tries = 300)
  void noLineIsWiderAndNothingIsLost(
      @ForAll
          @StringLength(max = 200)
          @CharRange(from = '!', to = '~')
          @Chars({' ', ' ', ' ', 'ä', '界', 'é'})
          String text,
      @ForAll @IntRange(min = 2, max = 100) int columns) {
    var painted = COLOR.bold(text) + " " + COLOR.paint(Ink.Paint.RED, text);
    var lines = Fold.line(painted, columns);
    assertThat(lines).allMatch(line -> Fold.width(line) <= columns);
    assertThat(bare(String.join("", lines))).isEqualTo(bare(painted));
  }

  private static String bare(String text) {
    return text.replace(" ", "");
  }
}
