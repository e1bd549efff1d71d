package io.provision.steps.kubernetes.rotation;

import io.provision.model.window.Days;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The five fields of crontab(5): minute, hour, day of the month, month, day of the week; {@code *},
 * numbers, names, ranges, lists and steps. Where both kinds of day are given cron takes a day that
 * fits either, which few mean: that is refused.
 */
record CronFields(String text, List<String> fields) {
  private static final Pattern PART =
      Pattern.compile("(\\*|([0-9A-Za-z]+)(-([0-9A-Za-z]+))?)(/([1-9]\\d?))?");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> WEEKDAYS =
      List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /** A leap year, and a year more, so that each date that there is is met. */
  private static final LocalDate FROM = LocalDate.of(2027, 1, 1);

  private static final int DAYS = 28 * 366;

  /** A field, with the words for its numbers from the least on. */
  private record Kind(String name, int least, int most, List<String> words) {}

  private static final Kind MINUTE = new Kind("minute", 0, 59, List.of());
  private static final Kind HOUR = new Kind("hour", 0, 23, List.of());
  private static final Kind DAY = new Kind("day of the month", 1, 31, List.of());
  private static final Kind MONTH = new Kind("month", 1, 12, MONTHS);
  private static final Kind WEEKDAY = new Kind("day of the week", 0, 7, WEEKDAYS);

  List<LocalTime> times() {
    var times = new ArrayList<LocalTime>();
    for (var hour : values(1, HOUR)) {
      for (var minute : values(0, MINUTE)) {
        times.add(LocalTime.of(hour, minute));
      }
    }
    return times;
  }

  Days days() {
    if (!fields.get(2).equals("*") && !fields.get(4).equals("*")) {
      throw wrong(
          "gives a day of the month and one of the week, of which cron takes either. write '*' for one of them, or 'first Sunday of the month 02:00-05:00 Asia/Seoul' where that is meant");
    }
    var weekdays =
        values(4, WEEKDAY).stream()
            .map(it -> it == 0 ? DayOfWeek.SUNDAY : DayOfWeek.of(it))
            .collect(Collectors.toSet());
    var days = new Days.Cron(values(3, MONTH), values(2, DAY), weekdays);
    if (Stream.iterate(FROM, it -> it.plusDays(1)).limit(DAYS).noneMatch(days::include)) {
      throw wrong("is never: no such month has such a day");
    }
    return days;
  }

  private Set<Integer> values(int index, Kind kind) {
    var values = new TreeSet<Integer>();
    for (var part : fields.get(index).split(",", -1)) {
      var matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw wrong(kind, part);
      }
      var whole = matcher.group(1).equals("*");
      var first = whole ? kind.least() : number(kind, matcher.group(2));
      var step = matcher.group(6) == null ? 1 : Integer.parseInt(matcher.group(6));
      var single = matcher.group(4) == null && matcher.group(6) == null;
      var last =
          whole || matcher.group(4) == null && !single
              ? kind.most()
              : single ? first : number(kind, matcher.group(4));
      if (last < first) {
        throw wrong(kind, part);
      }
      for (var value = first; value <= last; value += step) {
        values.add(value);
      }
    }
    return values;
  }

  private int number(Kind kind, String word) {
    var named = kind.words().indexOf(word.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + kind.least();
    }
    if (!word.matches("\\d{1,2}")) {
      throw wrong(kind, word);
    }
    var number = Integer.parseInt(word);
    if (number < kind.least() || number > kind.most()) {
      throw wrong(kind, word);
    }
    return number;
  }

  private IllegalArgumentException wrong(Kind kind, String part) {
    return wrong(
        "says '%s' for the %s. write '*', or numbers from %d to %d: 6, 1-5, 0,30, */15"
            .formatted(part, kind.name(), kind.least(), kind.most()));
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("'%s' %s".formatted(text, what));
  }
}
