package io.provision.engine.session;

import io.provision.engine.event.Failure;
import io.provision.model.rotation.Fact;
import io.provision.step.Repair;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Waits for what several hosts tell together. All are asked at once, each time anew; what is
 * missing is told whenever that changes.
 */
public record AwaitedHosts(
    HostAsking others, Interrupt interrupt, Consumer<String> progress, Consumer<Fact> learnt) {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);
  private static final int MOST_TOLD = 3;

  /** Why it has not come; empty where it has. It is asked once at least. */
  Optional<Failure> within(Repair.AwaitHosts awaited) throws InterruptedException {
    var patience = interrupt.patience(awaited.deadline());
    var waiting =
        "waiting for %s (since %s, %d s at most)"
            .formatted(
                awaited.what(),
                LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
                awaited.deadline().toSeconds());
    progress.accept(waiting);
    List<String> told = List.of();
    List<Fact> known = List.of();
    while (true) {
      var round = interrupt.idle(() -> {}, () -> others.all(awaited.asked()));
      var facts = awaited.condition().facts(round.answers());
      if (!facts.equals(known)) {
        facts.forEach(learnt);
        known = facts;
      }
      var missing = awaited.condition().missing(round.answers(), round.never());
      if (missing.isEmpty()) {
        return Optional.empty();
      }
      if (patience.isOver()) {
        return Optional.of(late(awaited, missing));
      }
      if (!missing.equals(told)) {
        progress.accept(waiting + ": " + few(missing));
        told = missing;
      }
      interrupt.pause(BETWEEN_LOOKS);
    }
  }

  private static Failure late(Repair.AwaitHosts awaited, List<String> missing) {
    return Failure.unsafe(
        "timed out after %d s waiting for %s (%s)"
            .formatted(awaited.deadline().toSeconds(), awaited.what(), few(missing)),
        awaited.remedy());
  }

  private static String few(List<String> missing) {
    var more = missing.size() - MOST_TOLD;
    var some = String.join("; ", missing.subList(0, Math.min(missing.size(), MOST_TOLD)));
    return more > 0 ? "%s; and %d more".formatted(some, more) : some;
  }
}
