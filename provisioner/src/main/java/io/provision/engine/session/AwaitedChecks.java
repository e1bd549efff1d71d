package io.provision.engine.session;

import io.provision.desk.Outside;
import io.provision.engine.event.Failure;
import io.provision.kube.Time;
import io.provision.step.Repair;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Waits until all checks of a user's pass in one round. One after the other is asked, since they
 * may stand on each other, and none for longer than is left; what is missing is told whenever that
 * changes.
 *
 * @param time between two rounds
 */
record AwaitedChecks(Outside outside, Interrupt interrupt, Time time, Consumer<String> progress) {
  /** Others pay for what is asked here. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(10);

  /** Each of the first round is asked, whatever those before it took. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  /** Why they do not; empty where they do. They are asked once at least. */
  Optional<Failure> within(Repair.AwaitChecks awaited) throws InterruptedException {
    var patience = time.patience(awaited.deadline());
    var waiting =
        "waiting for its checks to pass: %s (since %s, %d s at most)"
            .formatted(
                awaited.checks().stream()
                    .map(it -> "'%s'".formatted(it.name()))
                    .collect(Collectors.joining(", ")),
                LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
                awaited.deadline().toSeconds());
    progress.accept(waiting);
    List<String> told = List.of();
    while (true) {
      var missing = missing(awaited, patience);
      if (missing.isEmpty()) {
        return Optional.empty();
      }
      if (patience.isOver()) {
        return Optional.of(
            Failure.unsafe(
                "%s, after %d s"
                    .formatted(String.join("; ", missing), awaited.deadline().toSeconds()),
                awaited.remedy()));
      }
      if (!missing.equals(told)) {
        progress.accept(waiting + ": " + String.join("; ", missing));
        told = missing;
      }
      time.pause(BETWEEN_ROUNDS);
    }
  }

  private List<String> missing(Repair.AwaitChecks awaited, Time.Patience patience)
      throws InterruptedException {
    var missing = new ArrayList<String>();
    for (var check : awaited.checks()) {
      var left = patience.left().compareTo(LEAST) > 0 ? patience.left() : LEAST;
      interrupt
          .idle(() -> {}, () -> outside.missing(check.atMost(left), awaited.occasion()))
          .ifPresent(
              why -> missing.add("the check '%s' does not pass: %s".formatted(check.name(), why)));
    }
    return missing;
  }
}
