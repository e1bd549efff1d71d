package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shell function of the program, in every shell, with programs that answer nonsense: it comes
 * to an end. Programs are functions of the shell here, and paths lead into a directory of the
 * test's, so nothing of this machine is touched. What is counted is work: how often loops go round
 * and functions are entered. {@link ShellCostTest} asks what megabytes cost.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShellFuzzTest {
  /** All answers in all shells take long; usually each answer meets one shell. */
  private static final boolean EVERYTHING = Boolean.getBoolean("provision.fuzz.everything");

  /** How every program answers, as the body of a shell function. */
  private static final Map<String, String> ANSWERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("nothing", "return 0"),
              Map.entry("nothing and fails", "return 1"),
              Map.entry("one word", "echo garbage"),
              Map.entry("one word and fails", "echo garbage; echo garbage >&2; return 3"),
              Map.entry("a number", "echo 1"),
              Map.entry("a negative number", "echo -7; return 100"),
              Map.entry("a slash", "echo /"),
              Map.entry(
                  "quotes and patterns",
                  "printf '%s\\n' '* ] $(x) `y` \"' \"'\" '-n --' '\\c\\0' '' 'a  b' ';;'"),
              Map.entry("bytes", "printf '\\001\\377\\000\\n\\n\\303'"),
              Map.entry(
                  "what other programs answer",
                  "printf '%s\\n' '<opRet>0</opRet>' 'in progress' 'active' yes 1 '=1' 'a /b c'"
                      + " '<node><statusStr>in progress</statusStr></node>' 'LoadState=loaded'"
                      + " '{\"a\": [}' 'not started for volume' 'Id=x'")));

  private static final List<List<String>> ARGUMENTS =
      List.of(
          Collections.nCopies(9, "a"),
          Collections.nCopies(8, "/no/where/at all"),
          Collections.nCopies(7, "3"),
          List.of(),
          List.of("/", "-", "--", "*", "a b", "\n", "", "-1", "/"));

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void everyFunctionEndsWhateverProgramsAnswer(List<String> shell) throws Exception {
    var all = AllFunctions.byName();
    assertThat(all).hasSizeGreaterThan(100);
    var wrong = new ArrayList<String>();
    var turn = 0;
    for (var answer : ANSWERS.entrySet()) {
      var mine = turn % Shells.here().size() == Shells.here().indexOf(shell);
      var arguments = ARGUMENTS.get(turn++ % ARGUMENTS.size());
      if (mine || EVERYTHING) {
        var fuzz = new ShellFuzz(directory, shell, Map.of(), all);
        fuzz.run(answer.getValue(), arguments)
            .endless()
            .forEach(name -> wrong.add(name + " does not end where programs answer: " + answer));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatGoesOnForEverIsNamed(List<String> shell) throws Exception {
    var made =
        functions(
            new ShellFunction("ends", "for each in 1 2 3; do\n:\ndone"),
            new ShellFunction("loops", "while [ \"$(some_program)\" = garbage ]; do :; done"),
            new ShellFunction("aside", "some_program | until false\ndo\nsleep 1\ndone\n:"),
            new ShellFunction("nested", "for a do while :; do (while :; do :; done); done; done"),
            new ShellFunction("recursion", "some_program\nrecursion"));
    var seen =
        new ShellFuzz(directory, shell, Map.of(), made).run("echo garbage", List.of("a", "b"));
    assertThat(seen.endless()).containsExactly("aside", "loops", "nested", "recursion");
    assertThat(seen.seconds()).containsOnlyKeys(made.keySet());
  }

  static Map<String, ShellFunction> functions(ShellFunction... functions) {
    var all = new TreeMap<String, ShellFunction>();
    for (var each : functions) {
      all.put(each.name(), each);
    }
    return all;
  }
}
