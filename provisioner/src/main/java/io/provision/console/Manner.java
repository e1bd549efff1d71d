package io.provision.console;

import io.provision.console.text.Fold;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How to speak: with colour or without, with a view that is drawn anew or line by line, and how
 * wide a line can be where that is known: without end where nobody folds it, and as COLUMNS says.
 *
 * @see <a href="https://no-color.org">NO_COLOR</a>, <a
 *     href="https://bixense.com/clicolors/">CLICOLOR</a>, and FORCE_COLOR as Node knows it
 */
record Manner(boolean color, boolean live, OptionalInt columns) {

  /**
   * NO_COLOR has the last word; then who forces colour; then CLICOLOR=0; then what stdout is.
   *
   * @param terminal whether standard output is one
   */
  static Manner of(Map<String, String> environment, boolean terminal) {
    var term = environment.getOrDefault("TERM", "dumb");
    var capable = terminal && !term.isEmpty() && !term.equals("dumb");
    var continuous = isOn(environment, "CI");
    return new Manner(
        color(environment, capable), capable && !continuous, columns(environment, terminal));
  }

  private static OptionalInt columns(Map<String, String> environment, boolean terminal) {
    if (!terminal) {
      return OptionalInt.of(Fold.NEVER);
    }
    var told = environment.getOrDefault("COLUMNS", "");
    return told.matches("[1-9]\\d{0,3}")
        ? OptionalInt.of(Integer.parseInt(told))
        : OptionalInt.empty();
  }

  private static boolean color(Map<String, String> environment, boolean capable) {
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return false;
    }
    if (isOn(environment, "FORCE_COLOR") || isOn(environment, "CLICOLOR_FORCE")) {
      return true;
    }
    return capable && !"0".equals(environment.get("CLICOLOR"));
  }

  private static boolean isOn(Map<String, String> environment, String name) {
    return switch (environment.getOrDefault(name, "")) {
      case "", "0", "false" -> false;
      default -> true;
    };
  }
}
