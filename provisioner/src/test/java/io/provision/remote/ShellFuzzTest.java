package io.provision.remote;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shell function of the program, in every shell, with programs that answer nonsense: it comes
 * to an end. Programs are functions of the shell here, and paths lead into a directory of the
 * test's, so nothing of this machine is touched. What would go on for ever meets a limit of
 * processor time, which does not depend on how busy this machine is.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShellFuzzTest {
  private static final Map<String, ShellFunction> ALL = AllFunctions.byName();

  /** All answers in all shells take minutes; usually each answer meets one shell. */
  private static final boolean EVERYTHING = Boolean.getBoolean("provision.fuzz.everything");

  private static final int CPU_SECONDS = 6;

  /** What ends a process at such a limit: SIGXCPU, or SIGKILL at the hard one. */
  private static final Set<Integer> ENDLESS = Set.of(128 + 24, 128 + 9);

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
                      + " '{\"a\": [}' 'not started for volume' 'Id=x'"),
              Map.entry("long lines", "printf '%s\\n%s\\n%s\\n%s\\n' $mega $mega $mega $mega")));

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
    assertThat(ALL).hasSizeGreaterThan(100);
    var root = Files.createDirectories(directory.resolve("root"));
    FakeHost.populate(root);
    var wrong = new ArrayList<String>();
    var turn = 0;
    for (var answer : ANSWERS.entrySet()) {
      if (turn % Shells.here().size() != Shells.here().indexOf(shell) && !EVERYTHING) {
        turn++;
        continue;
      }
      var arguments = ARGUMENTS.get(turn++ % ARGUMENTS.size());
      for (var said : run(shell, script(root, answer.getValue(), arguments))) {
        var words = said.split(" ");
        if (ENDLESS.contains(Integer.valueOf(words[1]))) {
          wrong.add("%s does not end where programs answer: %s".formatted(words[0], answer));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String script(Path root, String answer, List<String> arguments) {
    var text = new StringBuilder("mega=0123456789abcde/\n");
    text.append("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do mega=\"$mega$mega\"; done\n");
    text.append(FakeHost.functions(root, answer));
    for (var name : ALL.keySet()) {
      var line = arguments.stream().map(Quote::word).collect(joining(" ", name + " ", ""));
      text.append("(ulimit -t %d; %s) </dev/null >/dev/null 2>&1\n".formatted(CPU_SECONDS, line));
      text.append("echo \"%s $?\"\n".formatted(name));
    }
    return text.toString();
  }

  private List<String> run(List<String> shell, String script) throws Exception {
    var file = Files.writeString(directory.resolve("fuzz.sh"), script);
    var command = new ArrayList<>(List.of("setsid", "timeout", "-k", "5", "240"));
    command.addAll(shell);
    command.add(file.toString());
    var out = directory.resolve("out").toFile();
    var process =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(directory.resolve("cwd")).toFile())
            .redirectError(directory.resolve("err").toFile())
            .redirectOutput(out)
            .start();
    assertThat(process.waitFor(260, TimeUnit.SECONDS)).as("it ends").isTrue();
    var lines = Arrays.asList(Files.readString(out.toPath()).strip().split("\n"));
    assertThat(lines).as("%s answers for each function", shell).hasSameSizeAs(ALL.keySet());
    return lines;
  }
}
