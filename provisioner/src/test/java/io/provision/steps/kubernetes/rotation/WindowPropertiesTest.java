package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.window.Occurrence;
import io.provision.model.window.Window;
import io.provision.model.window.Windows;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Windows against a clock that is read every minute. It never goes back: what it has shown once has
 * come, so that a time in a gap comes with the first minute behind it, and one that comes twice
 * with its first. Nothing here asks a zone for its changes.
 */
class WindowPropertiesTest {
  private static final List<String> ZONES =
      List.of("Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC");

  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
  private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth");

  /** A window with what it means, said once more and in another way. */
  private record Meant(
      String text, Predicate<LocalDate> days, String begin, String end, long minutes) {
    Window window() {
      return new WindowText(text).window();
    }

    LocalDateTime begin(LocalDate date) {
      return date.atTime(LocalTime.parse(begin));
    }

    /** By the clock on the wall. */
    LocalDateTime end(LocalDate date) {
      return end.compareTo(begin) > 0
          ? date.atTime(LocalTime.parse(end))
          : date.plusDays(1).atTime(LocalTime.parse(end));
    }

    boolean lasts() {
      return minutes > 0;
    }
  }

  @Provide
  Arbitrary<Meant> windows() {
    var quarter =
        Arbitraries.integers().between(0, 95).map(it -> "%02d:%02d".formatted(it / 4, it % 4 * 15));
    var early =
        Arbitraries.integers().between(0, 15).map(it -> "%02d:%02d".formatted(it / 4, it % 4 * 15));
    var times = Arbitraries.oneOf(quarter, early);
    var zone = Arbitraries.of(ZONES);
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of(DAYS).set().ofMinSize(1), times, times, zone)
            .filter((_, begin, end, _) -> !begin.equals(end))
            .as(WindowPropertiesTest::weekly),
        Combinators.combine(
                Arbitraries.integers().between(0, 4),
                Arbitraries.integers().between(0, 6),
                times,
                times,
                zone)
            .filter((_, _, begin, end, _) -> !begin.equals(end))
            .as(WindowPropertiesTest::monthly),
        Combinators.combine(
                Arbitraries.integers().between(0, 7),
                times,
                Arbitraries.integers().between(15, 1440),
                zone)
            .as(WindowPropertiesTest::cron));
  }

  private static Meant weekly(Set<String> days, String begin, String end, String zone) {
    Predicate<LocalDate> on =
        date ->
            days.stream()
                .anyMatch(it ->
                    date.getDayOfWeek().name().startsWith(it.toUpperCase(java.util.Locale.ROOT)));
    return new Meant(
        "%s %s-%s %s".formatted(String.join(",", days), begin, end, zone), on, begin, end, 0);
  }

  private static Meant monthly(int ordinal, int day, String begin, String end, String zone) {
    var name = DAYS.get(day);
    var word = ordinal == 4 ? "last" : ORDINALS.get(ordinal);
    Predicate<LocalDate> on =
        date -> {
          var which = new ArrayList<LocalDate>();
          for (var each = 1; each <= date.lengthOfMonth(); each++) {
            if (date.withDayOfMonth(each).getDayOfWeek() == DayOfWeek.of(day + 1)) {
              which.add(date.withDayOfMonth(each));
            }
          }
          return date.equals(ordinal == 4 ? which.getLast() : which.get(ordinal));
        };
    return new Meant(
        "%s %s of the month %s-%s %s".formatted(word, name, begin, end, zone), on, begin, end, 0);
  }

  /** Zero for every day. */
  private static Meant cron(int day, String begin, int minutes, String zone) {
    var fields = begin.split(":");
    var text =
        "cron %d %d * * %s for %dm %s"
            .formatted(
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[0]),
                day == 0 ? "*" : String.valueOf(day),
                minutes,
                zone);
    return new Meant(
        text, date -> day == 0 || date.getDayOfWeek().getValue() == day, begin, begin, minutes);
  }

  /** The days on which something is done to a clock, and others. */
  @Provide
  Arbitrary<LocalDate> dates() {
    var changes =
        List.of(
            "2026-03-08",
            "2026-03-29",
            "2026-04-05",
            "2026-10-04",
            "2026-10-25",
            "2026-11-01",
            "2028-02-29",
            "2026-12-31");
    return Arbitraries.oneOf(
        Arbitraries.of(changes).map(LocalDate::parse),
        Arbitraries.integers().between(0, 3650).map(it -> LocalDate.of(2025, 1, 1).plusDays(it)));
  }

  @Property(tries = 40)
  void isOpenIsWhatAClockSaysThatIsReadEveryMinute(
      @ForAll("windows") Meant meant, @ForAll("dates") LocalDate around) {
    var window = meant.window();
    var zone = window.zone();
    var from = around.minusDays(3).atStartOfDay(zone).toInstant();
    var until = from.plus(Duration.ofHours(90));
    var all = new Windows(List.of(window));
    var shown = LocalDateTime.MIN;
    var opened = new TreeSet<LocalDate>();
    var openUntil = Instant.MIN;
    for (var minute = from; minute.isBefore(until); minute = minute.plusSeconds(60)) {
      var reads = LocalDateTime.ofInstant(minute, zone);
      shown = reads.isAfter(shown) ? reads : shown;
      var open = false;
      for (var back = 0; back <= 2; back++) {
        var date = shown.toLocalDate().minusDays(back);
        if (meant.days().test(date) && !shown.isBefore(meant.begin(date))) {
          open |= !meant.lasts() && shown.isBefore(meant.end(date));
          if (opened.add(date) && meant.lasts()) {
            openUntil = minute.plus(Duration.ofMinutes(meant.minutes()));
          }
        }
      }
      open |= meant.lasts() && minute.isBefore(openUntil);
      // before that the clock here does not know what it had shown, or which began long ago
      if (minute.isAfter(from.plus(Duration.ofHours(50)))) {
        assertThat(all.isOpen(minute))
            .as("%s at %s, %s", meant.text(), minute, reads)
            .isEqualTo(open);
      }
    }
  }

  @Property(tries = 25)
  void onceOnEachDayThatIsDeclaredOneAfterTheOther(
      @ForAll("windows") Meant meant, @ForAll("dates") LocalDate day) {
    var window = meant.window();
    var year = Year.of(day.getYear());
    var from = year.atDay(1).atStartOfDay(window.zone()).toInstant();
    var until = year.plusYears(1).atDay(1).atStartOfDay(window.zone()).toInstant();
    var openings = new ArrayList<Occurrence>();
    for (var next = window.next(from).orElseThrow();
        next.begin().isBefore(until);
        next = window.next(next.begin().plusNanos(1)).orElseThrow()) {
      openings.add(next);
    }
    for (var i = 0; i < openings.size(); i++) {
      var opening = openings.get(i);
      assertThat(opening.end()).isAfter(opening.begin());
      assertThat(opening.end()).isBeforeOrEqualTo(opening.begin().plus(25, ChronoUnit.HOURS));
      if (i > 0) {
        assertThat(opening.begin()).as(meant.text()).isAfterOrEqualTo(openings.get(i - 1).end());
      }
      assertThat(window.at(opening.begin())).contains(opening);
      assertThat(window.at(opening.end().minusNanos(1))).contains(opening);
      assertThat(window.at(opening.end()).filter(opening::equals)).isEmpty();
    }
    var declared =
        year.atDay(1)
            .datesUntil(year.plusYears(1).atDay(1))
            .filter(meant.days())
            .filter(date -> meant.lasts() || !inOneGap(meant, date, window.zone()))
            .toList();
    assertThat(openings.stream().map(it -> it.begin().atZone(window.zone()).toLocalDate()).toList())
        .as(meant.text())
        .isEqualTo(declared);
  }

  /** From its begin to its end no minute is ever shown. */
  private static boolean inOneGap(Meant meant, LocalDate date, ZoneId zone) {
    var minute = date.atStartOfDay(zone).toInstant();
    for (var i = 0; i < 3 * 1440; i++) {
      var shown = LocalDateTime.ofInstant(minute.plusSeconds(60L * i), zone);
      if (!shown.isBefore(meant.begin(date)) && shown.isBefore(meant.end(date))) {
        return false;
      }
    }
    return true;
  }

  @Property(tries = 100)
  void theNextOneBeginsThenOrLaterAndNoneBegunBetween(
      @ForAll("windows") Meant meant, @ForAll("dates") LocalDate day) {
    var window = meant.window();
    var from = day.atTime(LocalTime.of(1, 37)).toInstant(java.time.ZoneOffset.UTC);
    var next = window.next(from).orElseThrow();
    assertThat(next.begin()).isAfterOrEqualTo(from);
    assertThat(window.next(next.begin())).contains(next);
    for (var between = from;
        between.isBefore(next.begin());
        between = between.plus(7, ChronoUnit.HOURS)) {
      assertThat(window.next(between)).contains(next);
    }
  }
}
