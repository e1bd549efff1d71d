package io.provision.model.quiet;

import io.provision.model.window.Days;
import io.provision.model.window.Length;
import io.provision.model.window.Window;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Finds the time of the day and of the week in which least is going on: each window that begins at
 * a full or half hour is tried on what was measured, with the openings that it would have had, so
 * that midnight and summer time are as they will be.
 *
 * @param length of the windows; half hours, less than a day
 */
public record QuietHours(Load load, Duration length, ZoneId zone) {
  private static final Duration GRID = Duration.ofMinutes(30);

  public QuietHours {
    if (!isLength(length)) {
      throw new IllegalArgumentException("no length of a window: " + length);
    }
  }

  /** Whether windows can be as long as that. */
  public static boolean isLength(Duration length) {
    return length.isPositive()
        && length.toMillis() % GRID.toMillis() == 0
        && length.compareTo(Duration.ofDays(1)) < 0;
  }

  /** On one day of the week; empty where no time of it was below the mean of all. */
  public Optional<Quietness> weekly() {
    var windows = new ArrayList<Window>();
    for (var day : DayOfWeek.values()) {
      var name = day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      windows.addAll(windows(name, EnumSet.of(day)));
    }
    return quietest(windows);
  }

  /** On every day; empty where none was below the mean of all, every day. */
  public Optional<Quietness> daily() {
    return quietest(windows("daily", EnumSet.allOf(DayOfWeek.class)));
  }

  /** How quiet it was in this one; empty where it was not open twice since it is measured. */
  public Optional<Quietness> of(Window window) {
    return Quietness.of(window, load);
  }

  /** Of all that was measured. */
  public OptionalDouble mean() {
    return load.mean();
  }

  private Optional<Quietness> quietest(List<Window> windows) {
    var mean = mean();
    return windows.stream()
        .flatMap(window -> of(window).stream())
        .filter(Quietness::isKnown)
        .filter(it -> mean.isPresent() && it.worst() < mean.getAsDouble())
        .min(Quietness.ORDER);
  }

  private List<Window> windows(String days, Set<DayOfWeek> on) {
    var windows = new ArrayList<Window>();
    for (var at = Duration.ZERO; at.toDays() < 1; at = at.plus(GRID)) {
      var begin = LocalTime.MIDNIGHT.plus(at);
      var end = begin.plus(length);
      var text =
          "%s %s-%s %s"
              .formatted(days, begin, end.equals(LocalTime.MIDNIGHT) ? "24:00" : end, zone);
      windows.add(
          new Window(text, new Days.OfWeek(on), List.of(begin), new Length.Until(end), zone));
    }
    return windows;
  }
}
