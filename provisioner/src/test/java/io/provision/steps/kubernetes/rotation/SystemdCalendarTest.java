package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.provision.model.window.SystemdCalendar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Begins of windows as systemd has them, by systemd itself where it is there. */
class SystemdCalendarTest {
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
  private static final Pattern ELAPSE =
      Pattern.compile("(?:Next elapse|Iter\\. #\\d+): \\w{3} (\\S+ \\S+) UTC");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Sun,Sat 02:00-05:00 Asia/Seoul                       | Sat,Sun *-*-* 02:00:00 Asia/Seoul
          Mon-Fri 22:30-04:00 Asia/Seoul                       | Mon,Tue,Wed,Thu,Fri *-*-* 22:30:00 Asia/Seoul
          daily 01:00-04:00 UTC                                | *-*-* 01:00:00 UTC
          first Sunday of the month 02:00-05:00 Asia/Seoul     | Sun *-*-01..07 02:00:00 Asia/Seoul
          fourth Tue of the month 02:00-05:00 Asia/Seoul       | Tue *-*-22..28 02:00:00 Asia/Seoul
          last Sunday of the month 02:00-05:00 Asia/Seoul      | Sun *-*~07/1 02:00:00 Asia/Seoul
          cron 0 2 * * 6 for 3h Asia/Seoul                     | Sat *-*-* 02:00:00 Asia/Seoul
          cron */30 2,4 1,15 jan-mar * for 10m Asia/Seoul      | *-01,02,03-01,15 02,04:00,30:00 Asia/Seoul
          """)
  void asItIsWritten(String window, String line) {
    assertThat(new SystemdCalendar(new WindowText(window).window()).lines(NOW))
        .containsExactly(line);
  }

  /** Ten years of days on which systemd would not start it. */
  @Test
  void aBeginInAGapIsWrittenByItsDate() {
    var lines =
        new SystemdCalendar(new WindowText("daily 02:30-05:00 Europe/Berlin").window()).lines(NOW);
    assertThat(lines)
        .hasSize(11)
        .startsWith("*-*-* 02:30:00 Europe/Berlin", "2027-03-28 03:00:00 Europe/Berlin");
    assertThat(
            new SystemdCalendar(new WindowText("daily 02:10-02:50 Europe/Berlin").window())
                .lines(NOW))
        .as("an opening all of which is in the gap is none")
        .hasSize(1);
    assertThat(
            new SystemdCalendar(new WindowText("daily 03:00-05:00 Europe/Berlin").window())
                .lines(NOW))
        .hasSize(1);
    assertThat(
            new SystemdCalendar(new WindowText("Mon 02:30-05:00 Europe/Berlin").window())
                .lines(NOW))
        .as("clocks are changed on Sundays")
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sat,Sun 02:00-05:00 Asia/Seoul",
        "daily 02:30-05:00 Europe/Berlin",
        "Sat 22:00-04:00 America/New_York",
        "last Sunday of the month 02:00-05:00 Europe/Berlin",
        "third Wed of the month 02:00-05:00 Europe/Berlin",
        "daily 02:15-03:30 Australia/Lord_Howe",
        "cron 0,30 1-3 * * sun for 20m Europe/Berlin",
        "cron 0 2 29 2 * for 1h UTC",
        "cron 15 1 1 */3 * for 1h Australia/Lord_Howe"
      })
  void systemdStartsItWhenItsWindowBegins(String text) throws Exception {
    assumeTrue(Files.isExecutable(ANALYZE), "systemd-analyze is not here");
    var window = new WindowText(text).window();
    for (var from :
        List.of(
            Instant.parse("2027-03-10T12:00:00Z"),
            Instant.parse("2027-09-30T12:00:00Z"),
            Instant.parse("2027-10-29T12:00:00Z"))) {
      var expected = new ArrayList<Instant>();
      for (var next = window.next(from).orElseThrow();
          expected.size() < 6;
          next = window.next(next.begin().plusNanos(1)).orElseThrow()) {
        expected.add(next.begin());
      }
      var elapses = new TreeSet<Instant>();
      for (var line : new SystemdCalendar(window).lines(from)) {
        elapses.addAll(elapses(line, from));
      }
      assertThat(elapses.stream().limit(expected.size()).toList())
          .as("%s from %s", text, from)
          .isEqualTo(expected);
    }
  }

  private static List<Instant> elapses(String line, Instant from) throws IOException {
    var builder =
        new ProcessBuilder(
                ANALYZE.toString(),
                "calendar",
                "--iterations=8",
                "--base-time=" + TIME.format(from.atOffset(ZoneOffset.UTC)) + " UTC",
                line)
            .redirectErrorStream(true);
    builder.environment().put("TZ", "UTC");
    builder.environment().put("LC_ALL", "C");
    var process = builder.start();
    var said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    var elapses = new ArrayList<Instant>();
    var matcher = ELAPSE.matcher(said);
    while (matcher.find()) {
      elapses.add(LocalDateTime.parse(matcher.group(1), TIME).toInstant(ZoneOffset.UTC));
    }
    assertThat(said).as(line).contains("Normalized form");
    return elapses;
  }
}
