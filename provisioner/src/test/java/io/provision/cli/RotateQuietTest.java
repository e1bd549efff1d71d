package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskException;
import io.provision.desk.Prometheus;
import io.provision.steps.kubernetes.rotation.WindowText;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows that are proposed by what a Prometheus says, and that nothing is done about it. */
final class RotateQuietTest {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
  private static final String URL = "--propose-windows=http://prom.home:9090/x";

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();
  private final Metrics metrics = new Metrics();

  /** Busy but on Sundays from three to six in Seoul. */
  private static final class Metrics implements Prometheus {
    private final List<Range> asked = new ArrayList<>();
    private final List<String> queries = new ArrayList<>();
    private int series = 1;
    private double quiet = 0.25;
    private List<String> warnings = List.of();
    private Optional<DeskException> fault = Optional.empty();

    @Override
    public Answer<Sample> query(Server server, String query) {
      throw new AssertionError("it is asked for weeks");
    }

    @Override
    public Answer<Series> range(Server server, String query, Range range) throws DeskException {
      if (fault.isPresent()) {
        throw fault.get();
      }
      asked.add(range);
      queries.add(server.base() + " " + query);
      var points = new ArrayList<Point>();
      for (var at = range.from(); !at.isAfter(range.until()); at = at.plus(range.step())) {
        points.add(new Point(at, isQuiet(at) ? quiet : 4));
      }
      var all = new ArrayList<Series>();
      for (var i = 0; i < series; i++) {
        all.add(new Series(Map.of("instance", "n" + i), points));
      }
      return new Answer<>(all, warnings);
    }

    private static boolean isQuiet(Instant at) {
      var there = at.minusSeconds(900).atZone(SEOUL); // of the quarter of an hour before it
      return there.getDayOfWeek() == DayOfWeek.SUNDAY
          && there.getHour() >= 3
          && there.getHour() < 6;
    }
  }

  private Session type(String... options) {
    program.prometheus = metrics;
    var line = new ArrayList<>(List.of("rotate", "a.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  @Test
  void aWindowIsProposedAsTheInventoryWouldHaveItAndNothingElseIsDone() {
    var typed = type(URL, "--zone=Asia/Seoul");
    assertThat(typed.err()).isEmpty();
    assertThat(typed.exit()).isZero();
    assertThat(typed.out())
        .contains("nothing was changed", "rotation: { windows: ['Sun 03:00-06:00 Asia/Seoul'] }")
        .containsPattern("proposed +Sun 03:00-06:00 Asia/Seoul +0.25 +0.25 +4 +0")
        .containsPattern("all the time +3.93");
    assertThat(program.requests).as("no run").isEmpty();
    assertThat(metrics.queries)
        .containsExactly(
            "http://prom.home:9090/x sum(rate(node_cpu_seconds_total{mode!~\"idle|iowait|steal\"}[15m]))");
    assertThat(metrics.asked)
        .containsExactly(
            new Prometheus.Range(
                Instant.parse("2025-12-05T12:00:00Z"),
                Instant.parse("2026-01-02T12:00:00Z"),
                Duration.ofMinutes(15)));
  }

  /** What is proposed is read from an inventory as what was tried. */
  @Test
  void whatIsProposedCanBeWrittenThere() throws Exception {
    for (var lasting : List.of("30m", "90m", "5h", "23h")) {
      metrics.quiet = 0;
      var typed = type(URL, "--zone=Asia/Seoul", "--lasting=" + lasting);
      var text = typed.out().lines().filter(it -> it.contains("windows: ['")).findFirst();
      var window = text.orElseThrow().replaceAll(".*\\['|'\\].*", "");
      assertThat(new WindowText(window).text()).as(lasting).isEqualTo(window);
    }
  }

  @Test
  void weeksLengthAndQueryAreThoseThatAreAskedFor() {
    var typed = type(URL, "--zone=Asia/Seoul", "--weeks=6", "--lasting=90m", "--query=sum(up)");
    assertThat(typed.out()).contains("of 'sum(up)', over 6 weeks", "Sun 03:00-04:30 Asia/Seoul");
    assertThat(metrics.queries).containsExactly("http://prom.home:9090/x sum(up)");
    assertThat(metrics.asked.getFirst().from()).isEqualTo(Instant.parse("2025-11-21T12:00:00Z"));
  }

  @Test
  void whatTheInventoryHasIsMeasuredTooAndTellsTheZone() {
    var _ =
        FakeProgram.write(
            directory.resolve("w.yml"),
            """
            cluster:
              name: home
              distribution: none
              rotation: { windows: ['Sun 02:00-05:00 Asia/Seoul', 'first Mon of the month 02:00-03:00 UTC'] }
            hosts:
              w1: { address: 192.0.2.1 }
            """);
    program.prometheus = metrics;
    var typed = Session.type(program, directory, "rotate", "w.yml", URL);
    assertThat(typed.out())
        .contains("Sun 03:00-06:00 Asia/Seoul")
        .containsPattern("in the inventory +Sun 02:00-05:00 Asia/Seoul +1.5 +1.5 +4")
        .containsPattern("in the inventory +first Mon of the month 02:00-03:00 UTC +unknown");
  }

  @Test
  void whereNoTimeIsQuietNoneIsProposed() {
    metrics.quiet = 4;
    var typed = type(URL);
    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.err()).contains("no 3 hours of a week were below the mean");
    assertThat(typed.out()).doesNotContain("rotation:");
  }

  @Test
  void whatCannotBeToldIsSaid() {
    metrics.quiet = Double.NaN;
    metrics.warnings = List.of("a store was not reached");
    assertThat(type(URL).err()).contains("a store was not reached");
    metrics.series = 0;
    assertThat(type(URL).err()).contains("has measured nothing since 2025-12-05", "--query");
    metrics.series = 2;
    var two = type(URL);
    assertThat(two.exit()).isEqualTo(1);
    assertThat(two.err()).contains("gives 2 series", "sum(...)");
    metrics.fault = Optional.of(new DeskException("it is silent", "look at it", null));
    assertThat(type(URL).err()).contains("it is silent", "look at it");
  }

  @Test
  void whatNothingWouldCarryOutIsRefused() {
    for (var wrong :
        List.of(
            "--propose-windows=ftp://prom.home",
            "--propose-windows=http://u:hidden@prom.home",
            "--propose-windows=http://prom.home/?hidden=1",
            "--propose-windows=hidden words")) {
      var typed = type(wrong);
      assertThat(typed.exit()).as(wrong).isEqualTo(2);
      assertThat(typed.err()).as(wrong).contains("not the URL").doesNotContain("hidden");
    }
    for (var wrong :
        List.of(
            "--lasting=20m",
            "--lasting=1d",
            "--lasting=soon",
            "--weeks=1",
            "--weeks=13",
            "--zone=Berlin",
            "--zone=+09:00",
            "--dry-run",
            "--now",
            "--advise",
            "--install-timer",
            "--remove-timer",
            "--without-room",
            "--older-than=9d")) {
      var typed = type(URL, wrong);
      assertThat(typed.exit()).as(wrong).isEqualTo(2);
      assertThat(typed.err()).as(wrong).isNotEmpty();
    }
    for (var alone : List.of("--lasting=3h", "--weeks=4", "--zone=UTC", "--query=x")) {
      var typed = type(alone);
      assertThat(typed.exit()).as(alone).isEqualTo(2);
      assertThat(typed.err()).as(alone).contains("--propose-windows");
    }
    assertThat(metrics.asked).isEmpty();
    assertThat(program.requests).isEmpty();
  }
}
