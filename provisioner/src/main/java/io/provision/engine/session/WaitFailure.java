package io.provision.engine.session;

import io.provision.engine.event.Failure;
import io.provision.step.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Why something did not come that was waited for on a host, in its own words. */
public final class WaitFailure {
  private static final String REASON = "reason: ";
  static final String HINT = "hint: ";
  private static final String REMEDY =
      "read the lines below; when the reason is gone, run the same command again";

  private WaitFailure() {}

  /**
   * Of what was waited for on a host.
   *
   * @param awaited completes "waiting for ..."
   * @param hopeless whether it was given up before its deadline
   * @param evidence what the step's own evidence printed
   */
  static Failure of(String awaited, Duration deadline, boolean hopeless, String evidence) {
    var lines = evidence.lines().toList();
    var why = said(lines, REASON).map(" (%s)"::formatted).orElse("");
    var what = hopeless ? "gave up waiting for " + awaited : late(awaited, deadline);
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

  /** Of what was asked for again and again. */
  public static Failure of(String awaited, Duration deadline, Wait.Asking asked) {
    return new Failure(
        "%s (%s)".formatted(late(awaited, deadline), asked.evidence()), asked.remedy());
  }

  private static String late(String awaited, Duration deadline) {
    return "timed out after %d s waiting for %s".formatted(deadline.toSeconds(), awaited);
  }

  /** What the first line with this word says. */
  static Optional<String> said(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()).strip())
        .filter(text -> !text.isEmpty())
        .findFirst();
  }
}
