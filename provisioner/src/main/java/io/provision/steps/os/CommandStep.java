package io.provision.steps.os;

import io.provision.resource.GuardedCommand;
import io.provision.resource.Piece;
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
    List<String> run,
    Optional<String> creates,
    Optional<List<String>> unless,
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
