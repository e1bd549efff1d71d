package io.provision.engine;

import io.provision.step.Check;
import java.util.List;
import java.util.Optional;

/** Why something did not come that was waited for on a host, in its own words. */
final class WaitFailure {
  private static final String REASON = "reason: ";
  private static final String HINT = "hint: ";
  private static final String REMEDY =
      "read the lines below; when the reason is gone, run the same command again";

  private WaitFailure() {}

  /**
   * @param hopeless whether it was given up before its deadline
   * @param evidence what the step's own evidence printed
   */
  static Failure of(Check.NotYet awaited, boolean hopeless, String evidence) {
    var lines = evidence.lines().toList();
    var why = said(lines, REASON).map(" (%s)"::formatted).orElse("");
    var what =
        hopeless
            ? "gave up waiting for " + awaited.awaited()
            : "timed out after %d s waiting for %s"
                .formatted(awaited.deadline().toSeconds(), awaited.awaited());
    return new Failure(
        what + why,
        said(lines, HINT).map(hint -> hint + "; then run the same command again").orElse(REMEDY),
        "",
        -1,
        Lines.last(
            String.join(
                "\n",
                lines.stream()
                    .filter(line -> !line.startsWith(REASON) && !line.startsWith(HINT))
                    .toList())));
  }

  private static Optional<String> said(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()).strip())
        .filter(text -> !text.isEmpty())
        .findFirst();
  }
}
