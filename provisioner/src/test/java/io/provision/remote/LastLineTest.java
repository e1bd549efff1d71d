package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of what a command prints, whatever that is. */
class LastLineTest {
  private final List<String> told = new ArrayList<>();
  private final LastLine last = new LastLine();

  @Test
  void tellsTheLastLineOnceAndAgainWhenItIsAnother() {
    tell();
    assertThat(told).isEmpty();
    last.line("one");
    last.line("two");
    tell();
    tell();
    last.line("three");
    tell();
    assertThat(told).containsExactly("| two", "| three");
  }

  @Test
  void linesComeTogetherFromPartsThatEndAnywhere() {
    var text = "Get:1 http://x\nUnpacking ü (1.2) ...\n";
    for (var each : text.split("")) {
      last.part(each);
      tell();
    }
    assertThat(told).containsExactly("| Get:1 http://x", "| Unpacking ü (1.2) ...");
  }

  /** It would be told as the word of the next. */
  @Test
  void whatIsForgottenIsNotTold() {
    last.line("of the first");
    last.part("of the first, too");
    last.forget();
    tell();
    last.part(" and the second\n");
    tell();
    assertThat(told).containsExactly("| and the second");
  }

  @Test
  void aProgressBarIsItsLatestState() {
    last.part("  1 %\r 50 %\r");
    tell();
    last.line(" 70 %\r 99 %\r");
    tell();
    assertThat(told).containsExactly("| 50 %", "| 99 %");
  }

  @Test
  void coloursAndBlankLinesAreNotShown() {
    last.line("\033[1;32mdone\033[0m \033]0;title\007");
    last.line("   ");
    last.line("\033[0m");
    tell();
    assertThat(told).containsExactly("| done");
  }

  /** Neither is what we say ourselves told as a program's word, nor the other way round. */
  @Test
  void aProgramsWordIsNeverOurs() {
    last.line("note: all is well");
    last.part("\n@@0123 try apt-get install x\n");
    tell();
    assertThat(told).containsExactly("| note: all is well");
  }

  @Test
  void megabytesWithoutALineEndTakeNoMemoryAndNoLineIsLong() {
    for (int i = 0; i < 100_000; i++) {
      last.part("x".repeat(100));
    }
    last.part("\n");
    last.line("y".repeat(1_000_000));
    tell();
    assertThat(told).singleElement().satisfies(line -> assertThat(line).hasSizeLessThan(400));
  }

  private void tell() {
    last.news().ifPresent(told::add);
  }
}
