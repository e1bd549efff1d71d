package io.provision.steps.kubernetes.rotation;

import io.provision.model.window.Days;
import io.provision.model.window.Length;
import io.provision.model.window.Window;
import io.provision.section.DidYouMean;
import io.provision.section.ZoneName;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a window as it is written in an inventory, or says what there can be. */
record WindowReader(String text) {
  private static final String DAY =
      "(Mon(day)?|Tue(sday)?|Wed(nesday)?|Thu(rsday)?|Fri(day)?|Sat(urday)?|Sun(day)?)";
  private static final String TIME = "([01]\\d|2[0-3]):[0-5]\\d";
  private static final String RANGE = TIME + "-(" + TIME + "|24:00)";
  private static final String LENGTH =
      "([1-9]|1\\d|2[0-4])h|([1-9]\\d{0,2}|1[0-3]\\d\\d|14[0-3]\\d|1440)m";
  private static final String ZONE = "[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*";

  /** In which days and zones are words of their own, and fields of cron any. */
  static final String FORM =
      "(daily|%1$s(-%1$s)?(,%1$s(-%1$s)?)*|(first|second|third|fourth|last) +%1$s +of +the +month) +%2$s +%4$s|cron( +[0-9A-Za-z*,/-]+){5} +for +(%3$s) +%4$s"
          .formatted(DAY, RANGE, LENGTH, ZONE);

  private static final String FORMS =
      "write 'Sat,Sun 02:00-05:00 Asia/Seoul', 'daily 01:00-04:00 Europe/Berlin',"
          + " 'last Sunday of the month 02:00-05:00 Europe/Berlin' (or first to fourth),"
          + " or 'cron 0 2 * * 6 for 3h Asia/Seoul'";

  private static final String CRON =
      "write 'cron MINUTE HOUR DAY MONTH WEEKDAY for LENGTH ZONE', such as 'cron 0 2 * * 6 for 3h Asia/Seoul'";

  private static final Map<String, Integer> ORDINALS =
      Map.of("first", 1, "second", 2, "third", 3, "fourth", 4, "last", Days.OfMonth.LAST);

  private static final Pattern RANGE_FORM = Pattern.compile(RANGE);
  private static final Pattern LIKE_A_RANGE = Pattern.compile("\\d+:.*");
  private static final Pattern LENGTH_FORM = Pattern.compile(LENGTH);

  Window window() {
    var words = List.of(text.split(" +", -1));
    return words.getFirst().equals("cron") ? cron(words) : onDays(words);
  }

  private Window onDays(List<String> words) {
    if (LIKE_A_RANGE.matcher(words.getLast()).matches()) {
      throw wrong("names no time zone. write one behind it, such as Europe/Berlin");
    }
    if (words.size() < 3) {
      throw wrong("is not a window. " + FORMS);
    }
    var range = words.get(words.size() - 2);
    if (!LIKE_A_RANGE.matcher(range).matches()) {
      throw wrong("is not a window. " + FORMS);
    }
    if (!RANGE_FORM.matcher(range).matches()) {
      throw wrong(
          "says '%s', which is not a time of a day until another. write it as 02:00-05:00"
              .formatted(range));
    }
    var times = range.split("-");
    if (times[0].equals(times[1])) {
      throw wrong("ends when it begins. write 00:00-24:00 for a whole day");
    }
    var end = times[1].equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(times[1]);
    return new Window(
        text,
        days(words.subList(0, words.size() - 2)),
        List.of(LocalTime.parse(times[0])),
        new Length.Until(end),
        zone(words.getLast()));
  }

  private Days days(List<String> words) {
    if (words.size() == 1) {
      return new Days.OfWeek(ofWeek(words.getFirst()));
    }
    if (words.size() != 5 || !words.subList(2, 5).equals(List.of("of", "the", "month"))) {
      throw wrong("names no days. " + FORMS);
    }
    var ordinal = words.getFirst();
    if (!ORDINALS.containsKey(ordinal)) {
      throw wrong(
          "says '%s', which is none of first, second, third, fourth, last.%s"
              .formatted(ordinal, DidYouMean.sentence(ordinal, ORDINALS.keySet())));
    }
    return new Days.OfMonth(ORDINALS.get(ordinal), day(words.get(1)));
  }

  private Set<DayOfWeek> ofWeek(String words) {
    if (words.equals("daily")) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    var days = EnumSet.noneOf(DayOfWeek.class);
    for (var word : words.split(",", -1)) {
      var ends = word.split("-", -1);
      var first = day(ends[0]);
      var last = ends.length == 2 ? day(ends[1]) : first;
      if (ends.length > 2) {
        throw wrong("says '%s', which is not a day. write Mon-Fri".formatted(word));
      }
      days.add(first);
      for (var day = first; day != last; day = day.plus(1)) {
        days.add(day.plus(1));
      }
    }
    return days;
  }

  private DayOfWeek day(String word) {
    var known = new ArrayList<String>();
    for (var day : DayOfWeek.values()) {
      for (var style : List.of(TextStyle.SHORT, TextStyle.FULL)) {
        var name = day.getDisplayName(style, Locale.ENGLISH);
        if (name.equals(word)) {
          return day;
        }
        known.add(name);
      }
    }
    throw wrong(
        "says '%s', which is not a day. write Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily.%s"
            .formatted(word, DidYouMean.sentence(word, known)));
  }

  private Window cron(List<String> words) {
    if (words.indexOf("for") != 6) {
      throw wrong("has not five fields of cron and 'for' behind them. " + CRON);
    }
    if (words.size() == 8) {
      throw wrong("names no time zone. write one behind it, such as Europe/Berlin");
    }
    if (words.size() != 9) {
      throw wrong("has not a length and a time zone behind 'for'. " + CRON);
    }
    var fields = new CronFields(text, words.subList(1, 6));
    return new Window(
        text,
        fields.days(),
        fields.times(),
        new Length.Lasting(length(words.get(7))),
        zone(words.get(8)));
  }

  private Duration length(String word) {
    if (!LENGTH_FORM.matcher(word).matches()) {
      throw wrong(
          "says '%s', which is not a length of a day at most. write 3h or 90m".formatted(word));
    }
    var number = Integer.parseInt(word.substring(0, word.length() - 1));
    return word.endsWith("h") ? Duration.ofHours(number) : Duration.ofMinutes(number);
  }

  private ZoneId zone(String name) {
    try {
      return ZoneName.known(name);
    } catch (IllegalArgumentException e) {
      throw wrong("names no time zone: " + e.getMessage());
    }
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("'%s' %s".formatted(text, what));
  }
}
