package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuoteTest {
  /** What has a meaning to a shell somewhere. */
  private static final String DANGEROUS = "'\"\\$`!*?[]{}()<>|&;#~=%-\n\r\t\u0001\u007f ";

  @Property(tries = 60)
  void anyStringsArriveByteForByte(@ForAll("strings") List<String> values) throws Exception {
    assertThat(throughShell(quoted(values))).isEqualTo(lengthsAndBytes(values));
  }

  @Example
  void substitutionsAndEmptyWordsArriveToo() throws Exception {
    var values =
        List.of("", "$(touch /x)", "`id`", "it's", "''", "\\'", "-n", "ü\uD83D\uDE00", "\n\n");
    assertThat(throughShell(quoted(values))).isEqualTo(lengthsAndBytes(values));
  }

  @Example
  void theShellWouldTellTheDifference() throws Exception {
    assertThat(throughShell("\"$(echo a)\"")).isNotEqualTo(lengthsAndBytes(List.of("$(echo a)")));
  }

  @Example
  void refusesWhatNoArgumentCanHold() {
    assertThatThrownBy(() -> Quote.word("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<List<String>> strings() {
    var character =
        Arbitraries.oneOf(
            Arbitraries.of(DANGEROUS.chars().boxed().toList()),
            Arbitraries.integers()
                .between(1, Character.MAX_CODE_POINT)
                .filter(point -> point < 0xD800 || point > 0xDFFF));
    return character
        .list()
        .ofMaxSize(40)
        .map(points -> points.stream().map(Character::toString).collect(Collectors.joining()))
        .list()
        .ofMaxSize(20);
  }

  private static String quoted(List<String> values) {
    return values.stream().map(Quote::word).collect(Collectors.joining(" "));
  }

  private static String lengthsAndBytes(List<String> values) {
    return values.stream()
        .map(value -> value.getBytes(StandardCharsets.UTF_8).length + ":" + value + ";")
        .collect(Collectors.joining());
  }

  /** The words a real shell makes of a line: their lengths in bytes, and themselves. */
  private static String throughShell(String line) throws IOException, InterruptedException {
    var script =
        "LC_ALL=C; set -- " + line + "\nfor w in \"$@\"; do printf '%d:%s;' \"${#w}\" \"$w\"; done";
    var shell = new ProcessBuilder("/bin/sh", "-s").redirectErrorStream(true).start();
    try (var in = shell.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    var out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(out).isZero();
    return out;
  }
}
