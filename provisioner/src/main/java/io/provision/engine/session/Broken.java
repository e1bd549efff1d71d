package io.provision.engine.session;

import io.provision.engine.event.Failure;
import io.provision.remote.Answer;
import io.provision.remote.Frame;
import io.provision.remote.Ran;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Why a repair on a host failed: what was run as a person would type it, and how that ended. */
final class Broken {
  private Broken() {}

  /**
   * @param limit after which it was ended, where it took too long
   */
  static Failure of(Duration limit, Frame frame, Answer answer) {
    var lines = Lines.ofBoth(frame.output(), answer.stderr());
    if (answer.timedOut()) {
      var command = answer.ran().filter(it -> it.exit().isEmpty()).map(Ran::command);
      return new Failure(
          "%s timed out after %d s"
              .formatted(command.map("'%s'"::formatted).orElse("its repair"), limit.toSeconds()),
          "see there why it takes so long, then run the same command again",
          command.orElse(""),
          -1,
          lines);
    }
    return answer
        .ran()
        .filter(it -> it.exit().isPresent())
        .map(it -> command(it.command(), it.exit().orElseThrow(), lines))
        .orElseGet(() -> own(frame.status(), lines));
  }

  private static Failure command(String command, int exit, List<String> lines) {
    var said = lines.isEmpty() ? "" : " (" + lines.getLast() + ")";
    return new Failure(
        "'%s' exited %d%s".formatted(command, exit, said),
        Remedies.of(exit, lines),
        command,
        exit,
        lines);
  }

  /**
   * A script that says in its own words why it went no further: its last line; what to do in a line
   * {@code hint: ...} before it, where it knows.
   */
  private static Failure own(int status, List<String> all) {
    var lines = all.stream().filter(line -> !line.startsWith(WaitFailure.HINT)).toList();
    var what =
        Optional.of(lines)
            .filter(said -> !said.isEmpty())
            .map(List::getLast)
            .orElse("its repair failed with exit status %d and no word".formatted(status));
    var remedy =
        WaitFailure.said(all, WaitFailure.HINT)
            .map(hint -> hint + "; then run the same command again")
            .orElseGet(() -> Remedies.of(status, lines));
    return new Failure(what, remedy, "", status, lines);
  }
}
