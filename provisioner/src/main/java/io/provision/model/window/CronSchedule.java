package io.provision.model.window;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * When windows begin, as one line of cron that a CronJob of Kubernetes takes: at each of them, and
 * where cron cannot say that, at other times as well. Whoever is started looks himself whether a
 * window is open. See
 * https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 *
 * @param schedule five fields
 * @param zone its {@code timeZone}, by name
 * @param exact whether it fires when a window begins, and at no other time
 */
public record CronSchedule(String schedule, String zone, boolean exact) {
  /** All offsets from UTC that are in use are quarters of an hour. */
  private static final CronSchedule QUARTERS = new CronSchedule("*/15 * * * *", "Etc/UTC", false);

  private static final int MONTHS = 12;
  private static final int DAYS_OF_MONTH = 31;

  /** One for all of them. */
  public static CronSchedule of(Windows windows) {
    var all = windows.all();
    var zones = all.stream().map(Window::zone).distinct().toList();
    if (zones.size() > 1 || !ZoneId.getAvailableZoneIds().contains(zones.getFirst().getId())) {
      return QUARTERS;
    }
    var zone = zones.getFirst().getId();
    var lines = all.stream().map(it -> line(it, zone)).distinct().toList();
    if (lines.size() == 1) {
      return lines.getFirst();
    }
    return sameTimes(all)
        ? new CronSchedule(
            "%s * * %s".formatted(times(all.getFirst()), days(weekly(all))),
            zone,
            lines.stream().allMatch(CronSchedule::exact))
        : new CronSchedule("%s * * * *".formatted(minutes(all)), zone, false);
  }

  /** Cron takes days of the month and of the week one or the other, and a window wants both. */
  private static CronSchedule line(Window window, String zone) {
    var times = times(window);
    return switch (window.days()) {
      case Days.OfWeek(var days) ->
          new CronSchedule("%s * * %s".formatted(times, days(days)), zone, true);
      case Days.OfMonth(var _, var day) ->
          new CronSchedule("%s * * %s".formatted(times, days(Set.of(day))), zone, false);
      case Days.Cron(var months, var daysOfMonth, var days) -> {
        var weekly = days.size() < DayOfWeek.values().length;
        yield new CronSchedule(
            "%s %s %s %s"
                .formatted(
                    times,
                    weekly ? "*" : numbers(daysOfMonth, DAYS_OF_MONTH),
                    numbers(months, MONTHS),
                    days(days)),
            zone,
            !weekly || daysOfMonth.size() == DAYS_OF_MONTH);
      }
    };
  }

  private static boolean sameTimes(List<Window> all) {
    return all.stream().map(Window::begins).distinct().count() == 1
        && all.stream().noneMatch(it -> it.days() instanceof Days.Cron);
  }

  private static Set<DayOfWeek> weekly(List<Window> all) {
    var days = new TreeSet<DayOfWeek>();
    for (var window : all) {
      switch (window.days()) {
        case Days.OfWeek(var some) -> days.addAll(some);
        case Days.OfMonth(var _, var day) -> days.add(day);
        case Days.Cron(var _, var _, var some) -> days.addAll(some);
      }
    }
    return days;
  }

  /** Each minute with each hour, as a window of cron has them. */
  private static String times(Window window) {
    return "%s %s"
        .formatted(
            listed(window.begins().stream().mapToInt(LocalTime::getMinute)),
            listed(window.begins().stream().mapToInt(LocalTime::getHour)));
  }

  private static String minutes(List<Window> all) {
    return listed(all.stream().flatMap(it -> it.begins().stream()).mapToInt(LocalTime::getMinute));
  }

  /** Sunday is 0. */
  private static String days(Collection<DayOfWeek> days) {
    return days.size() == DayOfWeek.values().length
        ? "*"
        : listed(days.stream().mapToInt(it -> it.getValue() % DayOfWeek.values().length));
  }

  private static String numbers(Collection<Integer> numbers, int all) {
    return numbers.size() == all ? "*" : listed(numbers.stream().mapToInt(it -> it));
  }

  private static String listed(IntStream numbers) {
    return numbers.distinct().sorted().mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  /** For people. */
  @Override
  public String toString() {
    return Stream.of(schedule, zone).collect(Collectors.joining("' by the clocks of ", "'", ""));
  }
}
