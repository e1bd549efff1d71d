package io.provision.console.text;

import java.time.Duration;
import java.util.List;

/** Durations and counts as people read them. */
public final class Span {
  private Span() {}

  /** For example {@code 0.4s}, {@code 12s}, {@code 1m 05s}, {@code 2h 03m}. */
  public static String of(Duration duration) {
    var seconds = duration.toSeconds();
    if (seconds < 10) {
      return "%d.%ds".formatted(seconds, duration.toMillisPart() / 100);
    }
    if (seconds < 60) {
      return seconds + "s";
    }
    return seconds < 3600
        ? "%dm %02ds".formatted(seconds / 60, seconds % 60)
        : "%dh %02dm".formatted(seconds / 3600, seconds % 3600 / 60);
  }

  /** For example {@code 1 host}, {@code 3 hosts}. */
  public static String count(int number, String noun) {
    return "%d %s%s".formatted(number, noun, number == 1 ? "" : "s");
  }

  /** Adds for example {@code 2 failed}, where there are any. */
  static void addTo(List<String> words, int number, String word) {
    if (number > 0) {
      words.add(number + " " + word);
    }
  }
}
