package io.provision.model.window;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One time that a window is open: from its begin until before its end.
 *
 * @param window as it was written
 * @param zone by whose clocks it is said
 */
public record Occurrence(String window, ZoneId zone, Instant begin, Instant end) {
  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm VV", Locale.ENGLISH);

  public Occurrence {
    if (!begin.isBefore(end)) {
      throw new IllegalArgumentException("it ends before it begins: " + begin + ", " + end);
    }
  }

  /** When it begins, by its own clocks. */
  public String opens() {
    return text(begin);
  }

  /** When it ends, by its own clocks. */
  public String closes() {
    return text(end);
  }

  private String text(Instant instant) {
    return SHOWN.format(instant.atZone(zone));
  }

  public boolean contains(Instant instant) {
    return !instant.isBefore(begin) && instant.isBefore(end);
  }
}
