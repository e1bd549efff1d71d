package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a shell function costs grows as what programs print, and not as its square: patterns and
 * loops that take the rest of a text again and again hold a host's processor for minutes. Four
 * times as much is compared with once as much within one run, so that no processor is too slow.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShellCostTest {
  /** Between four times, which is proportional, and sixteen, which is the square. */
  private static final double MOST = 7;

  /** As finely as shells tell what they have taken, in seconds. */
  private static final double TICK = 0.01;

  /** Whoever waits has shown what a round costs when it waits for the third time. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "head", FakeHost.HEAD, "sleep", "slept=$((${slept-0} + 1)); [ $slept -lt 3 ] || exit 4");

  private static final int ROUNDS = 2;

  private static final List<String> ARGUMENTS = Collections.nCopies(9, "a");

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void noFunctionCostsTheSquareOfWhatProgramsPrint(List<String> shell) throws Exception {
    assertThat(steep(shell, AllFunctions.byName())).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatCostsTheSquareIsNamed(List<String> shell) throws Exception {
    var made =
        ShellFuzzTest.functions(
            new ShellFunction("suffix", "text=$(some_program); : \"${text%%*q}\""),
            new ShellFunction("once", "case $(some_program) in *q*) ;; esac"));
    assertThat(steep(shell, made)).containsExactly("suffix");
  }

  /** Those that are steep each time, since other work on this machine can disturb one. */
  private Set<String> steep(List<String> shell, Map<String, ShellFunction> functions)
      throws Exception {
    var left = new TreeMap<>(functions);
    for (var round = 0; round < ROUNDS && !left.isEmpty(); round++) {
      var fourTimes = seconds(shell, left, 10);
      left.keySet().removeIf(name -> fourTimes.get(name) <= MOST * TICK);
      var once = seconds(shell, left, 8);
      left.keySet().removeIf(name -> fourTimes.get(name) <= MOST * (once.get(name) + TICK));
    }
    return left.keySet();
  }

  private Map<String, Double> seconds(
      List<String> shell, Map<String, ShellFunction> functions, int power) throws Exception {
    var seen = new ShellFuzz(directory, shell, OTHERS, functions).run(printing(power), ARGUMENTS);
    assertThat(seen.endless()).isEmpty();
    return seen.seconds();
  }

  /** Four long lines of 16 bytes times two to the power, made once for all. */
  private static String printing(int power) {
    var longer = " mega=\"$mega$mega\";".repeat(power);
    return "[ -n \"${mega-}\" ] || { mega=0123456789abcde/;%s };".formatted(longer)
        + " printf '%s\\n%s\\n%s\\n%s\\n' \"$mega\" \"$mega\" \"$mega\" \"$mega\"";
  }
}
