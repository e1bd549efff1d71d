package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.window.Occurrence;
import io.provision.model.window.Windows;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What windows mean, by examples; {@link WindowPropertiesTest} has the rest. */
class WindowTest {
  private static Instant at(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # 2026-11-29 is a Sunday
          Sat,Sun 02:00-05:00 Asia/Seoul                  | 2026-11-30T12:00+09:00 | 2026-12-05T02:00+09:00 | 2026-12-05T05:00+09:00
          Sat-Mon 02:00-05:00 Asia/Seoul                  | 2026-11-29T12:00+09:00 | 2026-11-30T02:00+09:00 | 2026-11-30T05:00+09:00
          Fri-Mon 02:00-05:00 Asia/Seoul                  | 2026-11-30T12:00+09:00 | 2026-12-04T02:00+09:00 | 2026-12-04T05:00+09:00
          Saturday 22:00-04:00 Asia/Seoul                 | 2026-11-30T12:00+09:00 | 2026-12-05T22:00+09:00 | 2026-12-06T04:00+09:00
          daily 00:00-24:00 UTC                           | 2026-11-30T12:00Z      | 2026-12-01T00:00Z      | 2026-12-02T00:00Z
          last Sunday of the month 02:00-05:00 Asia/Seoul | 2026-11-29T12:00+09:00 | 2026-12-27T02:00+09:00 | 2026-12-27T05:00+09:00
          first Sun of the month 02:00-05:00 Asia/Seoul   | 2026-11-29T12:00+09:00 | 2026-12-06T02:00+09:00 | 2026-12-06T05:00+09:00
          fourth Tue of the month 02:00-05:00 Asia/Seoul  | 2026-11-29T12:00+09:00 | 2026-12-22T02:00+09:00 | 2026-12-22T05:00+09:00
          cron 0 2 * * 6 for 3h Asia/Seoul                | 2026-11-29T12:00+09:00 | 2026-12-05T02:00+09:00 | 2026-12-05T05:00+09:00
          cron 30 23 1 jan,jul * for 90m UTC              | 2026-11-29T12:00Z      | 2027-01-01T23:30Z      | 2027-01-02T01:00Z
          cron */20 1-3 * * mon-fri for 10m UTC           | 2026-12-01T01:21Z      | 2026-12-01T01:40Z      | 2026-12-01T01:50Z
          cron 0 2 * * 7 for 1h UTC                       | 2026-11-30T12:00Z      | 2026-12-06T02:00Z      | 2026-12-06T03:00Z
          cron 0 2 29 2 * for 1h UTC                      | 2026-11-29T12:00Z      | 2028-02-29T02:00Z      | 2028-02-29T03:00Z
          # no opening reaches into the next one
          cron 0 * * * * for 90m UTC                      | 2026-11-30T12:30Z      | 2026-11-30T13:00Z      | 2026-11-30T14:00Z
          cron 0 3 * * * for 24h Europe/Berlin            | 2026-03-27T12:00+01:00 | 2026-03-28T03:00+01:00 | 2026-03-29T03:00+02:00
          # a begin that does not exist, an end that does not exist, both
          daily 02:30-05:00 Europe/Berlin                 | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 | 2026-03-29T05:00+02:00
          daily 01:00-02:30 Europe/Berlin                 | 2026-03-28T12:00+01:00 | 2026-03-29T01:00+01:00 | 2026-03-29T03:00+02:00
          daily 02:10-02:50 Europe/Berlin                 | 2026-03-28T12:00+01:00 | 2026-03-30T02:10+02:00 | 2026-03-30T02:50+02:00
          cron 30 2 * * * for 1h Europe/Berlin            | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 | 2026-03-29T04:00+02:00
          # what comes twice is the first
          daily 02:30-05:00 Europe/Berlin                 | 2026-10-24T12:00+02:00 | 2026-10-25T02:30+02:00 | 2026-10-25T05:00+01:00
          daily 01:00-02:30 Europe/Berlin                 | 2026-10-24T12:00+02:00 | 2026-10-25T01:00+02:00 | 2026-10-25T02:30+02:00
          cron 0 1 * * * for 3h Europe/Berlin             | 2026-10-24T12:00+02:00 | 2026-10-25T01:00+02:00 | 2026-10-25T03:00+01:00
          # half an hour
          daily 02:15-03:00 Australia/Lord_Howe           | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00 | 2026-10-04T03:00+11:00
          daily 01:45-03:00 Australia/Lord_Howe           | 2027-04-03T12:00+11:00 | 2027-04-04T01:45+11:00 | 2027-04-04T03:00+10:30
          """)
  void theNextOpening(String text, String from, String begin, String end) {
    var next = new WindowText(text.strip()).window().next(at(from)).orElseThrow();
    assertThat(next.begin()).isEqualTo(at(begin));
    assertThat(next.end()).isEqualTo(at(end));
    assertThat(Pattern.matches(WindowText.FORM, text.strip())).as("the schema takes it").isTrue();
  }

  /** kured takes the day of the moment, and refuses this. */
  @Test
  void overMidnightItBelongsToTheDayOnWhichItBegins() {
    var windows = new Windows(List.of(new WindowText("Sat 22:00-04:00 Asia/Seoul").window()));
    assertThat(windows.isOpen(at("2026-12-06T03:59+09:00"))).as("Sunday morning").isTrue();
    assertThat(windows.isOpen(at("2026-12-06T04:00+09:00"))).isFalse();
    assertThat(windows.isOpen(at("2026-12-05T00:30+09:00"))).as("Friday night").isFalse();
    assertThat(windows.isOpen(at("2026-12-05T22:00+09:00"))).isTrue();
    assertThat(windows.isOpen(at("2026-12-05T21:59:59+09:00"))).isFalse();
  }

  @Test
  void severalAreOpenWhileOneOfThemIs() {
    var windows =
        new Windows(
            List.of(
                new WindowText("Sat 02:00-05:00 Asia/Seoul").window(),
                new WindowText("Sat 05:00-06:00 Asia/Seoul").window(),
                new WindowText("Sat 20:30-22:00 UTC").window()));
    assertThat(windows.end(at("2026-12-05T02:00+09:00"))).contains(at("2026-12-05T06:00+09:00"));
    assertThat(windows.end(at("2026-12-05T06:00+09:00"))).isEmpty();
    assertThat(windows.next(at("2026-12-05T06:00+09:00")).orElseThrow().begin())
        .isEqualTo(at("2026-12-05T20:30Z"));
    assertThat(windows.calendar(at("2026-12-05T04:00+09:00"), 3))
        .extracting(Occurrence::begin)
        .containsExactly(
            at("2026-12-05T02:00+09:00"), at("2026-12-05T05:00+09:00"), at("2026-12-05T20:30Z"));
  }

  @Test
  void whatIsAlwaysOpenEndsInAWeekOrLater() {
    var windows =
        new Windows(
            List.of(
                new WindowText("daily 00:00-12:00 UTC").window(),
                new WindowText("daily 12:00-24:00 UTC").window()));
    assertThat(windows.end(at("2026-12-05T04:00Z")).orElseThrow())
        .isAfterOrEqualTo(at("2026-12-12T04:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sat 02:00-05:00|names no time zone",
        "cron 0 2 * * 6 for 3h|names no time zone",
        "Sat 02:00-05:00 Berlin|did you mean 'Europe/Berlin'",
        "Sat 02:00-05:00 europe/berlin|did you mean 'Europe/Berlin'",
        "Sat 02:00-05:00 +09:00|there is no time zone '+09:00'",
        "Sat 02:00-05:00 KST|there is no time zone 'KST'",
        "Sam 02:00-05:00 Asia/Seoul|'Sam', which is not a day",
        "sat 02:00-05:00 Asia/Seoul|did you mean 'Sat'",
        "Sat, Sun 02:00-05:00 Asia/Seoul|names no days",
        "Mon-Wed-Fri 02:00-05:00 Asia/Seoul|'Mon-Wed-Fri', which is not a day",
        "Sat 2:00-05:00 Asia/Seoul|'2:00-05:00', which is not a time",
        "Sat 02:00-25:00 Asia/Seoul|'02:00-25:00', which is not a time",
        "Sat 02:00 Asia/Seoul|'02:00', which is not a time",
        "Sat 02:00-02:00 Asia/Seoul|ends when it begins",
        "fifth Sunday of the month 02:00-05:00 Asia/Seoul|'fifth', which is none of first",
        "last Sunday 02:00-05:00 Asia/Seoul|names no days",
        "weekends|is not a window",
        "a b c|is not a window",
        "cron 0 2 * * for 3h Asia/Seoul|has not five fields",
        "cron 0 2 * * 6 Asia/Seoul|has not five fields",
        "cron 0 2 * * 6 for 3h Asia Seoul|has not a length and a time zone",
        "cron 0 2 * * 6 for 3 Asia/Seoul|'3', which is not a length",
        "cron 0 2 * * 6 for 25h Asia/Seoul|'25h', which is not a length of a day at most",
        "cron 60 2 * * 6 for 3h Asia/Seoul|'60' for the minute",
        "cron 0 2-1 * * 6 for 3h Asia/Seoul|'2-1' for the hour",
        "cron 0 2 * foo * for 3h Asia/Seoul|'foo' for the month",
        "cron 0 2 * * 8 for 3h Asia/Seoul|'8' for the day of the week",
        "cron 0 2 1,, * * for 3h Asia/Seoul|'' for the day of the month",
        "cron 0 2 1 * 6 for 3h Asia/Seoul|of which cron takes either",
        "cron 0 2 30 2 * for 3h Asia/Seoul|is never",
      })
  void whatIsNoneIsRefusedWithTheReason(String line) {
    var parts = line.split("\\|");
    assertThatThrownBy(() -> new WindowText(parts[0]).window())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + parts[0] + "' ")
        .hasMessageContaining(parts[1]);
  }
}
