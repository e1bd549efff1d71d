package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MannerTest {

  @ParameterizedTest
  @CsvSource({
    "true,  TERM=xterm,                         true,  true",
    "false, TERM=xterm,                         false, false",
    "true,  TERM=dumb,                          false, false",
    "true,  '',                                 false, false",
    "true,  TERM=xterm CI=true,                 true,  false",
    "true,  TERM=xterm NO_COLOR=1,              false, true",
    "true,  TERM=xterm NO_COLOR=,               true,  true",
    "true,  TERM=xterm CLICOLOR=0,              false, true",
    "false, TERM=xterm FORCE_COLOR=1,           true,  false",
    "false, TERM=xterm CLICOLOR_FORCE=1,        true,  false",
    "false, TERM=xterm FORCE_COLOR=0,           false, false",
    "false, FORCE_COLOR=1 NO_COLOR=1,           false, false",
    "true,  TERM=xterm CLICOLOR=0 FORCE_COLOR=1, true, true",
  })
  void speaksAsEnvironmentAndTerminalAllow(
      boolean terminal, String environment, boolean color, boolean live) {
    var variables = new HashMap<String, String>();
    for (var pair : environment.isEmpty() ? new String[0] : environment.split(" ")) {
      variables.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }

    var manner = Manner.of(Map.copyOf(variables), terminal);
    assertThat(List.of(manner.color(), manner.live())).isEqualTo(List.of(color, live));
  }

  /** A pipe is never folded, whatever the shell that made it exports. */
  @ParameterizedTest
  @CsvSource({"true, 40, 40", "true, x, 0", "true, 0, 0", "true, '', 0", "false, 40, 2147483647"})
  void aLineIsAsWideAsTheTerminalOrAsItIs(boolean terminal, String columns, int known) {
    assertThat(Manner.of(Map.of("COLUMNS", columns), terminal).columns().orElse(0))
        .isEqualTo(known);
  }
}
