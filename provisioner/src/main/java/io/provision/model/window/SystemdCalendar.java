package io.provision.model.window;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * When a window begins, as systemd.time(7) writes it. Systemd leaves out a day on which the time
 * does not exist, and a window begins behind the gap then: those days of the next years are written
 * by their dates.
 */
public record SystemdCalendar(Window window) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final int YEARS = 10;
  private static final int ALL_DAYS = 31;

  /** One line or more, each for {@code OnCalendar=}. */
  public List<String> lines(Instant from) {
    var lines = new ArrayList<String>();
    lines.add("%s %s %s".formatted(days(), times(), window.zone()).strip());
    lines.addAll(behindGaps(from));
    return lines;
  }

  private String days() {
    return switch (window.days()) {
      case Days.OfWeek(var days) -> ofWeek(days) + "*-*-*";
      case Days.OfMonth(var ordinal, var day) ->
          ordinal == Days.OfMonth.LAST
              ? name(day) + " *-*~07/1"
              : "%s *-*-%02d..%02d".formatted(name(day), ordinal * 7 - 6, ordinal * 7);
      case Days.Cron(var months, var daysOfMonth, var days) ->
          "%s*-%s-%s".formatted(ofWeek(days), numbers(months, 12), numbers(daysOfMonth, ALL_DAYS));
    };
  }

  private static String ofWeek(Collection<DayOfWeek> days) {
    return days.size() == DayOfWeek.values().length
        ? ""
        : days.stream()
            .sorted()
            .map(SystemdCalendar::name)
            .collect(Collectors.joining(",", "", " "));
  }

  private static String name(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
  }

  private static String numbers(Collection<Integer> numbers, int all) {
    return numbers.size() == all ? "*" : listed(numbers.stream().mapToInt(it -> it));
  }

  /** Each hour with each minute: as cron has them, and as one time is. */
  private String times() {
    return "%s:%s:00".formatted(each(LocalTime::getHour), each(LocalTime::getMinute));
  }

  private String each(Function<LocalTime, Integer> part) {
    return listed(window.begins().stream().mapToInt(part::apply));
  }

  private static String listed(IntStream numbers) {
    return numbers.distinct().sorted().mapToObj("%02d"::formatted).collect(Collectors.joining(","));
  }

  private List<String> behindGaps(Instant from) {
    var rules = window.zone().getRules();
    var end = from.atZone(window.zone()).plusYears(YEARS).toInstant();
    var lines = new ArrayList<String>();
    for (var change = rules.nextTransition(from);
        change != null && change.getInstant().isBefore(end);
        change = rules.nextTransition(change.getInstant())) {
      line(change, window.zone()).ifPresent(lines::add);
    }
    return lines;
  }

  private Optional<String> line(ZoneOffsetTransition change, ZoneId zone) {
    var behind = change.getDateTimeAfter();
    var isOrdinary =
        window.begins().contains(behind.toLocalTime())
            && window.days().include(behind.toLocalDate());
    return change.isGap() && !isOrdinary
        ? window
            .at(change.getInstant())
            .filter(opening -> opening.begin().equals(change.getInstant()))
            .map(_ -> "%s %s".formatted(DATE.format(behind), zone))
        : Optional.empty();
  }
}
