package io.provision.remote;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The command that a script ran last, as a person would type it.
 *
 * @param exit its own exit status; empty where it did not end
 */
public record Ran(String command, Optional<Integer> exit) {

  /** What {@code try} of {@link ScriptText} says on stderr. */
  private static Pattern lines(String marker) {
    return Pattern.compile("\n?@@" + marker + " (?:try|ran (\\d+)) ([^\n]*)\n");
  }

  /** What failed, or was running at the end, by what was printed on stderr. */
  static Optional<Ran> last(String stderr, String marker) {
    return lines(marker)
        .matcher(stderr)
        .results()
        .reduce((_, next) -> next)
        .map(found -> new Ran(found.group(2).strip(), code(found)));
  }

  private static Optional<Integer> code(MatchResult found) {
    return Optional.ofNullable(found.group(1)).map(Integer::valueOf);
  }

  /** What was printed without what {@code try} says. */
  static String without(String stderr, String marker) {
    return lines(marker).matcher(stderr).replaceAll("\n");
  }
}
