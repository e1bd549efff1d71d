package io.provision.cli.rotation;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.console.text.Table;
import io.provision.desk.DeskException;
import io.provision.desk.Prometheus;
import io.provision.desk.Prometheus.Answer;
import io.provision.desk.Prometheus.Point;
import io.provision.desk.Prometheus.Range;
import io.provision.desk.Prometheus.Series;
import io.provision.model.quiet.Load;
import io.provision.model.quiet.QuietHours;
import io.provision.model.quiet.Quietness;
import io.provision.model.window.Window;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Proposes windows by when least was going on over the last weeks; takes none.
 *
 * @param written the windows that the inventory has
 * @param inventory where a proposal would be written
 */
record QuietProposal(Asked asked, List<Window> written, Path inventory) {
  /** As node_exporter counts it: all but what waits, in cores. */
  static final String CPU = "sum(rate(node_cpu_seconds_total{mode!~\"idle|iowait|steal\"}[15m]))";

  private static final String WHERE = "--propose-windows";
  private static final Duration STEP = Duration.ofMinutes(15);

  /** What is wanted. */
  record Asked(
      Prometheus.Server server, String query, Duration lasting, Duration since, ZoneId zone) {}

  /**
   * Asks, and prints the proposal.
   *
   * @throws Refused where there is none, with the reason
   */
  void print(Context context) throws Refused {
    var hours = new QuietHours(load(context), asked.lasting(), asked.zone());
    var found = Stream.concat(hours.weekly().stream(), hours.daily().stream()).toList();
    var display = context.display();
    display.say(
        "of '%s', over %d weeks, in every one of which a time has to be quiet:"
            .formatted(asked.query(), asked.since().toDays() / 7));
    display.table("windows", table(hours, found));
    if (found.isEmpty()) {
      throw none(
          "no %s of a week were below the mean in each of these weeks"
              .formatted(words(asked.lasting())));
    }
    display.say(
        "nothing was changed. to take one, write in %s below 'cluster':".formatted(inventory));
    found.forEach(
        it -> display.say("  rotation: { windows: ['%s'] }".formatted(it.window().text())));
  }

  private Table table(QuietHours hours, List<Quietness> found) {
    var rows = new ArrayList<List<String>>();
    found.forEach(it -> rows.add(row("proposed", it.window(), Optional.of(it))));
    written.forEach(it -> rows.add(row("in the inventory", it, hours.of(it))));
    rows.add(
        List.of(
            "all the time",
            "",
            hours.mean().stream().mapToObj(QuietProposal::number).findFirst().orElse(""),
            "",
            "",
            ""));
    return new Table(
        List.of("", "window", "mean", "mean of its loudest time", "times", "not measured"), rows);
  }

  private static List<String> row(String what, Window window, Optional<Quietness> quietness) {
    return List.of(
        what,
        window.text(),
        quietness.map(it -> number(it.mean())).orElse("unknown"),
        quietness.map(it -> number(it.worst())).orElse("unknown"),
        quietness.map(it -> String.valueOf(it.times())).orElse("-"),
        quietness.map(it -> String.valueOf(it.unmeasured())).orElse("-"));
  }

  private Load load(Context context) throws Refused {
    var until =
        Instant.ofEpochSecond(context.now().getEpochSecond() / STEP.toSeconds() * STEP.toSeconds());
    var from = until.minus(asked.since());
    Answer<Series> answer;
    try {
      answer =
          context
              .conversation()
              .interrupt()
              .idle(
                  () -> {},
                  () ->
                      context
                          .program()
                          .prometheus()
                          .range(asked.server(), asked.query(), new Range(from, until, STEP)));
    } catch (DeskException e) {
      throw none("%s. %s".formatted(e.what(), e.remedy()));
    } catch (InterruptedException e) {
      throw new Refused(List.of(Problem.error(WHERE, "interrupted")), ExitCode.INTERRUPTED);
    }
    answer.warnings().forEach(it -> context.display().remark("Prometheus warns: " + it));
    if (answer.series().size() > 1) {
      throw none(
          "'%s' gives %d series, and has to give one: put 'sum(...)' around it"
              .formatted(asked.query(), answer.series().size()));
    }
    var points = answer.series().stream().flatMap(it -> it.points().stream());
    var load =
        Load.of(
            from,
            until,
            STEP,
            points.collect(Collectors.toMap(Point::at, Point::value, (one, _) -> one)));
    if (load.samples().isEmpty()) {
      throw none(
          "'%s' has measured nothing since %s. see whether it is what this Prometheus scrapes (node_exporter), or write another one behind --query"
              .formatted(asked.query(), from));
    }
    return load;
  }

  private static Refused none(String why) {
    return new Refused(List.of(Problem.error(WHERE, why)), ExitCode.FAILED);
  }

  private static String words(Duration length) {
    return length.toMinutesPart() == 0
        ? "%d hours".formatted(length.toHours())
        : "%d minutes".formatted(length.toMinutes());
  }

  private static String number(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
