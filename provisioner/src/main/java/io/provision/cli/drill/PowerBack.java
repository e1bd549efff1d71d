package io.provision.cli.drill;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.desk.PowerSwitch.State;
import io.provision.kube.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives power again that was ordered to be cut, whatever became of that order, and whoever asks for
 * an end meanwhile: no interrupt ends it, and what fails once is tried again.
 */
final class PowerBack {
  private static final int TRIES = 5;

  private final PowerSwitch power;
  private final Time time;
  private final Duration switching;
  private final Consumer<String> progress;
  private Optional<Throwable> last = Optional.empty();
  private boolean interrupted;

  /**
   * @param time that no request for an end ends
   * @param switching how long a switch may take until it is seen what it has done
   */
  PowerBack(PowerSwitch power, Time time, Duration switching, Consumer<String> progress) {
    this.power = power;
    this.time = time;
    this.switching = switching;
    this.progress = progress;
  }

  private interface Order {
    void give() throws DeskException, InterruptedException;
  }

  /**
   * Gives it until it is seen that it is there.
   *
   * @param cut whether it was seen off; else an order to cut it may come true yet, and is waited
   *     for, or it would be given before it is cut
   * @return why it is not there; empty where it is
   */
  Optional<DeskException> give(boolean cut) {
    interrupted = Thread.interrupted();
    try {
      if (!cut) {
        tell(
            "waiting for the order to cut its power to come true, to give it again (%d s at most)"
                .formatted(switching.toSeconds()));
        if (!isWithin(State.OFF)) {
          tell("note: it has not gone off; power is given to it all the same");
        }
      }
      tell("giving it power again");
      return tried();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Optional<DeskException> tried() {
    for (var tries = 1; tries <= TRIES; tries++) {
      last = Optional.empty();
      var isOrdered = isDone(power::on);
      var why = words();
      if (isOrdered ? isWithin(State.ON) : is(State.ON)) { // some say no to what is so
        return Optional.empty();
      }
      tell(
          "note: it has no power yet (try %d of %d): %s"
              .formatted(tries, TRIES, why.isEmpty() ? words() : why));
      if (tries < TRIES) {
        pause(switching.dividedBy(TRIES));
      }
    }
    return Optional.of(failure());
  }

  private DeskException failure() {
    var why = last.orElse(null);
    return new DeskException(
        "it cannot be given power again: "
            + (words().isEmpty()
                ? "it was told to be on and is not within %d s".formatted(switching.toSeconds())
                : words()),
        "switch it on yourself, then run the same command again, which takes it back into use. "
            + (why instanceof DeskException it ? it.remedy() : "see what it does"),
        why);
  }

  private String words() {
    return last.map(it -> it instanceof DeskException desk ? desk.what() : String.valueOf(it))
        .orElse("");
  }

  private boolean isWithin(State wanted) {
    var patience = time.patience(switching);
    while (!is(wanted)) {
      if (patience.isOver()) {
        return false;
      }
      pause(Time.BETWEEN_LOOKS);
    }
    return true;
  }

  /** Where it does not say how it is, it may be said by the next look. */
  private boolean is(State wanted) {
    var seen = new State[1];
    return isDone(() -> seen[0] = power.state()) && seen[0] == wanted;
  }

  private boolean isDone(Order order) {
    try {
      order.give();
      return true;
    } catch (DeskException | RuntimeException | Error e) {
      last = Optional.of(e);
    } catch (InterruptedException e) {
      interrupted = true;
      last = Optional.of(e);
    }
    return false;
  }

  private void pause(Duration pause) {
    try {
      time.pause(pause);
    } catch (InterruptedException _) {
      interrupted = true; // told to whoever comes next
    }
  }

  private void tell(String words) {
    try {
      progress.accept(words);
    } catch (RuntimeException | Error _) {
      // whoever cannot be told gets it all the same
    }
  }
}
