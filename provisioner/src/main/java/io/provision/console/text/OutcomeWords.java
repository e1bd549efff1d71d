package io.provision.console.text;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.step.Change;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Results and changes in the words operators know. */
public final class OutcomeWords {
  private OutcomeWords() {}

  public static String of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ok _ -> "ok";
      case Outcome.Changed _ -> "changed";
      case Outcome.WouldChange _ -> "would change";
      case Outcome.Pending _ -> "pending";
      case Outcome.Leaving _ -> "leaving";
      case Outcome.Skipped _ -> "skipped";
      case Outcome.Failed _ -> "failed";
      case Outcome.Unreachable _ -> "unreachable";
      case Outcome.Lost _ -> "lost";
    };
  }

  /** As JSON has it: {@code would_change}. */
  public static String key(Outcome outcome) {
    return of(outcome).replace(' ', '_');
  }

  public static Ink.Paint paint(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ok _ -> Ink.Paint.GREEN;
      case Outcome.Changed _, Outcome.WouldChange _, Outcome.Leaving _ -> Ink.Paint.YELLOW;
      case Outcome.Pending _, Outcome.Skipped _ -> Ink.Paint.CYAN;
      case Outcome.Failed _, Outcome.Unreachable _, Outcome.Lost _ -> Ink.Paint.RED;
    };
  }

  /** {@code + ~ -}: something new, something else, something less. */
  static String sign(Change.Action action) {
    return switch (action) {
      case CREATE, INSTALL, LOAD, JOIN, FETCH -> "+";
      case REMOVE -> "-";
      case UPDATE, UPGRADE, ENABLE, DISABLE, START, STOP, RESTART, DRAIN, RUN -> "~";
    };
  }

  public static Ink.Paint paint(Change.Action action) {
    return switch (sign(action)) {
      case "+" -> Ink.Paint.GREEN;
      case "-" -> Ink.Paint.RED;
      default -> Ink.Paint.YELLOW;
    };
  }

  public static String key(Enum<?> action) {
    return action.name().toLowerCase(Locale.ROOT);
  }

  /** What somebody waits for, who is in the way, and how long that can take. */
  public static String waiting(RunEvent.Waiting waiting) {
    var text = new StringBuilder("waiting for ").append(waiting.what());
    if (!waiting.holder().isEmpty()) {
      text.append(", held by ").append(waiting.holder());
    }
    waiting.until().ifPresent(end -> text.append(" (until %s at the latest)".formatted(time(end))));
    return text.toString();
  }

  private static Instant time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
