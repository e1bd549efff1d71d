package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
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

    assertThat(Manner.of(Map.copyOf(variables), terminal)).isEqualTo(new Manner(color, live));
  }
}
