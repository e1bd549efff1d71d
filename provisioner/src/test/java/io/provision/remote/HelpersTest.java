package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every script begins with, in every shell: how it tells what it does, and how it waits. */
final class HelpersTest {
  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatIsSaidIsALineOfItsOwn(List<String> shell) throws Exception {
    assertThat(run(shell, "printf begun; say 'a  b' \"$(printf 'ü')\""))
        .isEqualTo("begun\n@@m say a  b ü\n");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aCommandIsToldAsAPersonWouldTypeIt(List<String> shell) throws Exception {
    assertThat(run(shell, "typed k3s_kubectl get 'a b' '' 'two\nlines' -- x=1 '$(id)'"))
        .isEqualTo(" kubectl get 'a b' '' 'two lines' -- x=1 '$(id)'");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aCommandThatFailsIsToldWithItsStatusAndGivesItBack(List<String> shell) throws Exception {
    assertThat(run(shell, "try sh -c 'exit 7' 2>&1; echo \"got $?\""))
        .contains("\n@@m try sh -c 'exit 7'\n", "\n@@m ran 7 sh -c 'exit 7'\n", "got 7");
    assertThat(run(shell, "try true 2>&1; echo \"got $?\""))
        .contains("got 0")
        .doesNotContain("ran");
    assertThat(run(shell, "ran 3 true 2>&1; echo \"got $?\"")).contains("@@m ran 3 true", "got 3");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aWaitEndsWithItsConditionItsBoundOrWithHopelessness(List<String> shell) throws Exception {
    var nap = "sleep() { :; }\n";
    assertThat(run(shell, nap + "wait_for 60 true; echo \"got $?\"")).isEqualTo("got 0\n");
    assertThat(run(shell, nap + "wait_for 3 false; echo \"got $?\""))
        .isEqualTo("\n@@m beat\n\n@@m beat\ngot 1\n");
    var hopeless = "never() { return 69; }\n";
    assertThat(run(shell, nap + hopeless + "wait_for 60 never; echo \"got $?\""))
        .isEqualTo("got 69\n");
    var clock = "log=$(mktemp); date() { echo >>\"$log\"; echo $(($(wc -l <\"$log\") * 9)); }\n";
    assertThat(run(shell, nap + clock + "wait_for 5 false; echo \"got $?\"; rm \"$log\""))
        .as("a clock that is past the end")
        .isEqualTo("got 1\n");
  }

  private static String run(List<String> shell, String script) throws Exception {
    var text = "set -u\nmarker=m\n" + FunctionsRun.traced(ScriptText.HELPERS) + script;
    var command = new ArrayList<>(List.of("timeout", "-s", "KILL", "20"));
    command.addAll(shell);
    command.addAll(List.of("-c", text));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
