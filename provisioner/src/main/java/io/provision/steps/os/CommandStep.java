package io.provision.steps.os;

import io.provision.resource.GuardedCommand;
import io.provision.resource.Piece;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code command}: a program with its arguments (no shell), run while its guard says so.
 *
 * @param creates a path: it is run while nothing is there
 * @param unless a command that changes nothing: it is run while this fails
 * @param deadline after which it is ended; ten minutes where it is not given
 */
public record CommandStep(
    @Parameter(
            value = "The program and its arguments; no shell.",
            example = "[update-ca-certificates]")
        List<String> run,
    @Parameter(
            value = "A path: the command is run while nothing is there.",
            example = "/etc/ssl/certs/home.pem")
        Optional<String> creates,
    @Parameter(
            value = "A command that changes nothing: the command is run while this one fails.",
            example = "[test, -e, /etc/ssl/certs/home.pem]")
        Optional<List<String>> unless,
    @Parameter(value = "After which it is ended.", usual = "10m", example = "2m")
        Optional<Duration> deadline)
    implements PieceStep {
  private static final Duration USUAL = Duration.ofMinutes(10);

  public CommandStep {
    run = List.copyOf(run);
    var unused = new GuardedCommand(run, creates, unless.orElse(List.of()), USUAL);
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return new GuardedCommand(run, creates, unless.orElse(List.of()), deadline.orElse(USUAL));
  }
}
