package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.text.Table;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All that is said to a person fits the terminal, and is what a pipe would have got. */
class WidthTest {
  private static final String LONG =
      "the file /etc/sysctl.d/90-provision-kubernetes.conf is not as it should be, and something"
          + " that is called quite-a-long-name-without-any-space-in-it-that-nobody-would-want";

  @ParameterizedTest
  @ValueSource(ints = {40, 80})
  void noLineIsWiderAndNothingIsLost(int columns) {
    var shown = told(true, columns);
    assertThat(shown.lines()).hasSizeGreaterThan(20).allMatch(line -> line.length() <= columns);
    assertThat(squeezed(shown).equals(squeezed(told(false, columns)))).isTrue();
  }

  /** Where there is no room for columns the last table has each number before its header. */
  private static String squeezed(String text) {
    return text.replaceAll("\\s", "")
        .replace(
            "okchangedskippedfailedunreachablew101111",
            "w10ok,1changed,1skipped,1failed,1unreachable");
  }

  private static String told(boolean terminal, int columns) {
    var out = new ByteArrayOutputStream();
    var display =
        Displays.of(
            new Settings(Settings.Format.HUMAN, true, Optional.empty()),
            Streams.of(out, out, terminal),
            Map.of("TERM", "dumb", "COLUMNS", Integer.toString(columns)),
            Clock.systemUTC());
    display.say(LONG);
    display.remark(LONG);
    display.problems(
        List.of(new Problem(Problem.Level.WARNING, "inventories/home.yml:12", LONG + "\n" + LONG)));
    display.table(LONG, new Table(List.of("host"), List.of(List.of(LONG))));
    var tale = Tale.everywhere(LONG);
    var listener = display.listener();
    tale.events().forEach(listener::on);
    display.end(Optional.of(tale.report()), 0, 74);
    return out.toString(StandardCharsets.UTF_8);
  }
}
