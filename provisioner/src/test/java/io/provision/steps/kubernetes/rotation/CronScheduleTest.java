package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.window.CronSchedule;
import io.provision.model.window.Days;
import io.provision.model.window.Length;
import io.provision.model.window.Window;
import io.provision.model.window.Windows;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a CronJob is told of windows: it starts with each of them, and says whether also else. */
final class CronScheduleTest {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
  private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");
  private static final Set<DayOfWeek> DAILY = Set.of(DayOfWeek.values());
  private static final Days WEEKEND = new Days.OfWeek(Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY));
  private static final Days MONDAY = new Days.OfWeek(Set.of(DayOfWeek.MONDAY));
  private static final Days LAST_SUNDAY = new Days.OfMonth(Days.OfMonth.LAST, DayOfWeek.SUNDAY);
  private static final Days FRIDAY_13 =
      new Days.Cron(numbers(12), Set.of(13), Set.of(DayOfWeek.FRIDAY));
  private static final Days TWICE_A_YEAR = new Days.Cron(Set.of(1, 7), Set.of(1), DAILY);

  private static Window window(Days days, String begin, ZoneId zone) {
    return new Window(
        "as written",
        days,
        List.of(LocalTime.parse(begin)),
        new Length.Lasting(Duration.ofHours(2)),
        zone);
  }

  private static CronSchedule of(Window... windows) {
    return CronSchedule.of(new Windows(List.of(windows)));
  }

  private static Set<Integer> numbers(int last) {
    return IntStream.rangeClosed(1, last).boxed().collect(Collectors.toSet());
  }

  @Test
  void daysOfTheWeekAreSaidAsTheyAre() {
    assertThat(of(window(WEEKEND, "02:00", SEOUL)))
        .isEqualTo(new CronSchedule("0 2 * * 0,6", "Asia/Seoul", true));
  }

  @Test
  void oneDayOfTheMonthIsLookedForEachWeek() {
    assertThat(of(window(LAST_SUNDAY, "02:30", SEOUL)))
        .isEqualTo(new CronSchedule("30 2 * * 0", "Asia/Seoul", false));
  }

  /** Cron starts on either, a window wants both. */
  @Test
  void daysOfMonthAndWeekTogetherAreLookedFor() {
    assertThat(of(window(FRIDAY_13, "02:00", SEOUL)))
        .isEqualTo(new CronSchedule("0 2 * * 5", "Asia/Seoul", false));
    assertThat(of(window(TWICE_A_YEAR, "02:00", SEOUL)))
        .isEqualTo(new CronSchedule("0 2 1 1,7 *", "Asia/Seoul", true));
  }

  @Test
  void severalAreOneLineWhereTheyBeginAtOneTime() {
    var weekend = window(WEEKEND, "02:00", SEOUL);
    assertThat(of(weekend, window(MONDAY, "02:00", SEOUL)))
        .isEqualTo(new CronSchedule("0 2 * * 0,1,6", "Asia/Seoul", true));
    assertThat(of(weekend, window(MONDAY, "03:30", SEOUL)))
        .isEqualTo(new CronSchedule("0,30 * * * *", "Asia/Seoul", false));
    assertThat(of(weekend, window(MONDAY, "03:00", LORD_HOWE)))
        .isEqualTo(new CronSchedule("*/15 * * * *", "Etc/UTC", false));
  }

  /** But where clocks are set forward over it, which cron leaves out. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void itStartsWithEachWindow(int which) {
    var all =
        switch (which) {
          case 0 -> List.of(window(WEEKEND, "04:30", LORD_HOWE));
          case 1 -> List.of(window(LAST_SUNDAY, "04:30", LORD_HOWE));
          case 2 -> List.of(window(FRIDAY_13, "04:30", LORD_HOWE));
          case 3 -> List.of(window(TWICE_A_YEAR, "04:30", LORD_HOWE));
          case 4 -> List.of(window(WEEKEND, "01:00", SEOUL), window(LAST_SUNDAY, "04:30", SEOUL));
          default ->
              List.of(window(WEEKEND, "05:15", SEOUL), window(LAST_SUNDAY, "06:30", LORD_HOWE));
        };
    var schedule = CronSchedule.of(new Windows(all));
    var from = Instant.parse("2026-01-01T00:00:00Z");
    var found = 0;
    for (var quarter = 0; quarter < 500 * 96; quarter++) {
      var at = from.plus(15L * quarter, ChronoUnit.MINUTES);
      var begins =
          all.stream()
              .flatMap(it -> it.at(at).stream())
              .anyMatch(opening -> opening.begin().equals(at));
      found += begins ? 1 : 0;
      if (begins || schedule.exact()) {
        assertThat(starts(schedule, at)).as("%s at %s", schedule, at).isEqualTo(begins);
      }
    }
    assertThat(found).isPositive();
  }

  /** As the controller of CronJobs reads it. */
  private static boolean starts(CronSchedule schedule, Instant at) {
    var fields = schedule.schedule().split(" ");
    var time = ZonedDateTime.ofInstant(at, ZoneId.of(schedule.zone()));
    var ofMonth = has(fields[2], time.getDayOfMonth());
    var ofWeek = has(fields[4], time.getDayOfWeek().getValue() % 7);
    var both = fields[2].equals("*") || fields[4].equals("*");
    return has(fields[0], time.getMinute())
        && has(fields[1], time.getHour())
        && has(fields[3], time.getMonthValue())
        && (both ? ofMonth && ofWeek : ofMonth || ofWeek);
  }

  private static boolean has(String field, int value) {
    return field.equals("*")
        || field.equals("*/15") && value % 15 == 0
        || Set.of(field.split(",")).contains(Integer.toString(value));
  }
}
