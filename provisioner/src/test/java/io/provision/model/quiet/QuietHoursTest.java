package io.provision.model.quiet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.window.Days;
import io.provision.model.window.Length;
import io.provision.model.window.Window;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuietHoursTest {
  private static final Duration STEP = Duration.ofMinutes(15);
  private static final Duration LONG = Duration.ofHours(3);
  private static final Instant NOW = Instant.parse("2026-11-29T20:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final List<ZoneId> ZONES =
      List.of(
          BERLIN,
          ZoneId.of("Asia/Seoul"),
          ZoneId.of("America/New_York"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("UTC"));

  /** What went on for some weeks, as the clocks of a zone tell it. */
  private static Load load(
      Instant now, int weeks, ZoneId zone, ToDoubleFunction<ZonedDateTime> went) {
    var from = now.minus(Duration.ofDays(7L * weeks));
    var samples = new TreeMap<Instant, Double>();
    for (var at = from; at.isBefore(now); at = at.plus(STEP)) {
      samples.put(at.plus(STEP), went.applyAsDouble(at.atZone(zone)));
    }
    return Load.of(from, now, STEP, samples);
  }

  private static QuietHours berlin(ToDoubleFunction<ZonedDateTime> went) {
    return new QuietHours(load(NOW, 4, BERLIN, went), LONG, BERLIN);
  }

  private static boolean within(ZonedDateTime at, DayOfWeek day, int from, int to) {
    return at.getDayOfWeek() == day && at.getHour() >= from && at.getHour() < to;
  }

  @Test
  void theQuietHoursOfTheWeekAndOfTheDayAreFound() {
    var hours =
        berlin(at ->
            within(at, DayOfWeek.SUNDAY, 3, 6)
                ? 1
                : at.getHour() >= 1 && at.getHour() < 4 ? 2 : 10);
    assertThat(hours.weekly())
        .hasValueSatisfying(it -> {
          assertThat(it.window().text()).isEqualTo("Sun 03:00-06:00 Europe/Berlin");
          assertThat(it.worst()).isEqualTo(1);
          assertThat(it.times()).isEqualTo(4);
          assertThat(it.unmeasured()).isZero();
        });
    assertThat(hours.daily())
        .hasValueSatisfying(it -> {
          assertThat(it.window().text()).isEqualTo("daily 01:00-04:00 Europe/Berlin");
          assertThat(it.times()).isEqualTo(28);
        });
    assertThat(hours.mean().orElseThrow()).isBetween(8.0, 10.0);
  }

  /** Over years of zones, be the clocks changed within those weeks or not. */
  @Property(tries = 60)
  void itIsFoundWhereverAndWheneverItIs(
      @ForAll @IntRange(max = 4) int zone,
      @ForAll DayOfWeek day,
      @ForAll @IntRange(max = 47) int half,
      @ForAll @IntRange(max = 35000) int hour) {
    var where = ZONES.get(zone);
    var begin = LocalTime.MIDNIGHT.plusMinutes(30L * half);
    var quiet =
        new Window(
            "it",
            new Days.OfWeek(Set.of(day)),
            List.of(begin),
            new Length.Until(begin.plus(LONG)),
            where);
    var until = Instant.parse("2024-01-01T00:00:00Z").plus(Duration.ofHours(hour));
    var hours =
        new QuietHours(
            load(until, 6, where, at -> quiet.at(at.toInstant()).isPresent() ? 1 : 10),
            LONG,
            where);
    assertThat(hours.weekly())
        .hasValueSatisfying(it -> {
          assertThat(it.window().begins()).containsExactly(begin);
          assertThat(it.window().days()).isEqualTo(quiet.days());
          assertThat(it.worst()).isEqualTo(1);
        });
  }

  @Test
  void overMidnightItBelongsToTheDayOnWhichItBegins() {
    var hours =
        berlin(at ->
            within(at, DayOfWeek.SATURDAY, 22, 24) || within(at, DayOfWeek.SUNDAY, 0, 1) ? 1 : 10);
    assertThat(hours.weekly())
        .hasValueSatisfying(
            it -> assertThat(it.window().text()).isEqualTo("Sat 22:00-01:00 Europe/Berlin"));
    var before = berlin(at -> within(at, DayOfWeek.SATURDAY, 21, 24) ? 1 : 10);
    assertThat(before.weekly())
        .hasValueSatisfying(
            it -> assertThat(it.window().text()).isEqualTo("Sat 21:00-24:00 Europe/Berlin"));
  }

  /** What runs every other week runs. */
  @Test
  void aTimeIsAsQuietAsItsLoudestWeek() {
    var backup = Instant.parse("2026-11-22T02:00:00Z");
    var hours =
        berlin(at -> {
          var runs =
              !at.toInstant().isBefore(backup)
                  && at.toInstant().isBefore(backup.plus(Duration.ofHours(3)));
          return runs
              ? 5
              : within(at, DayOfWeek.SUNDAY, 3, 6)
                  ? 0.5
                  : within(at, DayOfWeek.TUESDAY, 4, 7) ? 2 : 10;
        });
    assertThat(hours.weekly())
        .hasValueSatisfying(it -> assertThat(it.window().text()).startsWith("Tue 04:00-07:00"));
  }

  @Test
  void whereItIsTheSameAllTheTimeNoneIsQuiet() {
    assertThat(berlin(_ -> 5).weekly()).isEmpty();
    assertThat(berlin(_ -> 0).daily()).isEmpty();
  }

  /** One that is quiet on some days is not quiet daily. */
  @Test
  void daysThatDifferHaveNoQuietHourOfEveryDay() {
    var hours = berlin(at -> at.getDayOfWeek().getValue() % 2 == 0 == (at.getHour() < 12) ? 1 : 10);
    assertThat(hours.weekly()).isPresent();
    assertThat(hours.daily()).isEmpty();
  }

  @Test
  void whatWasNotMeasuredIsNotQuiet() {
    var whole = load(NOW, 4, BERLIN, at -> within(at, DayOfWeek.SUNDAY, 3, 6) ? 1 : 10);
    var gaps = new TreeMap<>(whole.samples());
    gaps.keySet().removeIf(at -> within(at.minus(STEP).atZone(BERLIN), DayOfWeek.SUNDAY, 0, 12));
    var load = Load.of(whole.from(), whole.to(), STEP, gaps);
    assertThat(new QuietHours(load, LONG, BERLIN).weekly()).isEmpty();
  }

  /** Of each of its times some may be missing, and not most. */
  @Test
  void timesOfWhichPartsWereNotMeasured() {
    var whole = load(NOW, 4, BERLIN, at -> within(at, DayOfWeek.SUNDAY, 3, 6) ? 1 : 10);
    for (var minutes : List.of(30, 60)) {
      var gaps = new TreeMap<>(whole.samples());
      gaps.keySet()
          .removeIf(at -> {
            var there = at.minus(STEP).atZone(BERLIN);
            return there.getHour() % 3 == 0 && there.getMinute() < minutes;
          });
      var hours = new QuietHours(Load.of(whole.from(), whole.to(), STEP, gaps), LONG, BERLIN);
      assertThat(hours.weekly().isPresent()).as("%d minutes", minutes).isEqualTo(minutes == 30);
    }
  }

  @Test
  void aWeekThatWasNotMeasuredIsCounted() {
    var whole = load(NOW, 4, BERLIN, at -> within(at, DayOfWeek.SUNDAY, 3, 6) ? 1 : 10);
    var gaps = new TreeMap<>(whole.samples());
    gaps.headMap(NOW.minus(Duration.ofDays(21))).replaceAll((_, _) -> Double.NaN);
    var hours = new QuietHours(Load.of(whole.from(), whole.to(), STEP, gaps), LONG, BERLIN);
    assertThat(hours.weekly())
        .hasValueSatisfying(it -> {
          assertThat(it.window().text()).startsWith("Sun 03:00");
          assertThat(it.times()).isEqualTo(3);
          assertThat(it.unmeasured()).isEqualTo(1);
        });
    gaps.headMap(NOW.minus(Duration.ofDays(14))).replaceAll((_, _) -> Double.NaN);
    var half = new QuietHours(Load.of(whole.from(), whole.to(), STEP, gaps), LONG, BERLIN);
    assertThat(half.weekly()).as("two of four").isEmpty();
  }

  @Test
  void oneWeekIsChance() {
    var hours =
        new QuietHours(
            load(NOW, 1, BERLIN, at -> within(at, DayOfWeek.SUNDAY, 3, 6) ? 1 : 10), LONG, BERLIN);
    assertThat(hours.weekly()).isEmpty();
    assertThat(hours.daily()).as("seven days").isEmpty();
  }

  @Test
  void lengthsAreThoseOfWindows() {
    for (var no : List.of("PT0S", "PT-1H", "PT20M", "PT24H", "P2D", "PT1H0.5S")) {
      assertThat(QuietHours.isLength(Duration.parse(no))).as(no).isFalse();
    }
    assertThat(QuietHours.isLength(Duration.ofMinutes(90))).isTrue();
    assertThatThrownBy(
            () -> new QuietHours(load(NOW, 1, BERLIN, _ -> 1), Duration.ofDays(1), BERLIN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
