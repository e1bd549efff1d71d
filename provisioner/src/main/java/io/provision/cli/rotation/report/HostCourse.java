package io.provision.cli.rotation.report;

import io.provision.cli.rotation.report.HostStory.Healing;
import io.provision.cli.rotation.report.HostStory.Measured;
import io.provision.cli.rotation.report.HostStory.State;
import io.provision.engine.event.Outcome;
import io.provision.model.rotation.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was told of one host so far, in the order of its events. */
final class HostCourse {
  private final String host;
  private final boolean node;
  private final boolean storage;
  private Optional<List<String>> reasons = Optional.empty();
  private Optional<Instant> from = Optional.empty();
  private Optional<Instant> until = Optional.empty();
  private Optional<Instant> rebooted = Optional.empty();
  private Measured<String> kernel = new Measured<>(Optional.empty(), Optional.empty());
  private Measured<Integer> pods = new Measured<>(Optional.empty(), Optional.empty());
  private Healing healing = new Healing(Optional.empty(), Optional.empty(), Optional.empty());
  private boolean runsThis;
  private boolean changed;
  private Optional<Outcome> last = Optional.empty();

  HostCourse(String host, boolean node, boolean storage) {
    this.host = host;
    this.node = node;
    this.storage = storage;
  }

  void learn(Fact fact, Instant at) {
    switch (fact) {
      case Fact.Wanted(var why) -> reasons = rebooted.isPresent() ? reasons : Optional.of(why);
      case Fact.Kernel(var release) -> kernel = measured(kernel, release);
      case Fact.RunsThis() -> runsThis = true;
      case Fact.OutOfUse(), Fact.Rebooting() -> {
        from = from.or(() -> Optional.of(at));
        until = Optional.empty();
      }
      case Fact.Rebooted() -> rebooted = Optional.of(at);
      case Fact.InUse() -> until = Optional.of(at);
      case Fact.Pods(var running) ->
          pods =
              until.isPresent()
                  ? new Measured<>(pods.before(), Optional.of(running))
                  : new Measured<>(Optional.of(running), pods.after());
      case Fact.Unhealed(var entries) -> heal(entries, at);
    }
  }

  private <V> Measured<V> measured(Measured<V> so, V value) {
    return rebooted.isPresent()
        ? new Measured<>(so.before(), Optional.of(value))
        : new Measured<>(Optional.of(value), so.after());
  }

  private void heal(long entries, Instant at) {
    var some = Optional.of(entries);
    if (rebooted.isEmpty()) {
      healing = new Healing(healing.before().or(() -> some), healing.after(), healing.took());
      return;
    }
    var took =
        entries == 0
            ? healing.took().or(() -> Optional.of(Duration.between(rebooted.get(), at)))
            : Optional.<Duration>empty();
    healing = new Healing(healing.before(), healing.after().or(() -> some), took);
  }

  /** A step of it ended, or all of it. */
  void end(Outcome outcome, Instant at) {
    if (outcome instanceof Outcome.Changed) {
      changed = true;
      if (from.isPresent() && until.isEmpty()) {
        until = Optional.of(at);
      }
    }
    if (last.isEmpty() || last.get().why().isEmpty()) {
      last = Optional.of(outcome);
    }
  }

  /**
   * All of it.
   *
   * @param stopped why nothing was begun at all; empty where something could be
   */
  HostStory story(Optional<String> stopped) {
    var ended = ended(stopped);
    return new HostStory(
        host,
        node,
        storage,
        ended.state(),
        ended.why(),
        reasons,
        from,
        until,
        kernel,
        pods,
        healing);
  }

  private record Ended(State state, String why) {}

  private Ended ended(Optional<String> stopped) {
    if (last.isEmpty()) {
      return stopped
          .map(why -> new Ended(State.NOT_BEGUN, why))
          .orElseGet(() -> new Ended(State.UNKNOWN, ""));
    }
    return switch (last.get()) {
      case Outcome.Failed(var failure) -> kept(State.NOT_BEGUN, failure.what());
      case Outcome.Unreachable(var failure) -> kept(State.UNREACHABLE, failure.what());
      case Outcome.Lost(var failure) -> kept(State.UNREACHABLE, failure.what());
      case Outcome.Skipped(var reason) -> kept(waits(), reason);
      case Outcome.Pending _, Outcome.WouldChange _ -> new Ended(State.WAITING, "");
      case Outcome.Ok _, Outcome.Changed _, Outcome.Leaving _ -> new Ended(good(), "");
    };
  }

  /** One that wants nothing waits for nothing. */
  private State waits() {
    return reasons.filter(List::isEmpty).isPresent() ? State.NOT_WANTED : State.WAITING;
  }

  private Ended kept(State otherwise, String why) {
    if (from.isEmpty()) {
      return new Ended(changed ? State.GIVEN_BACK : otherwise, why);
    }
    return new Ended(
        State.FAILED, until.isPresent() ? why + "; it was given back" : why + "; still out of use");
  }

  private State good() {
    if (rebooted.isPresent()) {
      return State.REBOOTED;
    }
    if (changed) {
      return State.GIVEN_BACK;
    }
    if (reasons.isEmpty()) {
      return State.UNKNOWN;
    }
    return reasons.get().isEmpty() ? State.NOT_WANTED : runsThis ? State.LEFT_OUT : State.UNKNOWN;
  }
}
