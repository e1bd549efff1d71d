package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.desk.Outside;
import io.provision.desk.Prometheus;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.OwnCheck.Metric;
import io.provision.model.rotation.OwnCheck.Wanted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks and runs from this machine. */
public final class LocalOutside implements Outside {
  /** Nobody looks at what stands behind it; a server may want to say it all the same. */
  private static final int BODY = 64 << 10;

  private static final int SHOWN = 3;

  private final WebQuestion web;
  private final Prometheus prometheus;
  private final LocalProgram programs;

  /**
   * @param environment ours: what programs find, and proxies
   */
  public LocalOutside(Map<String, String> environment) {
    this.web = new WebQuestion(environment);
    this.prometheus = new HttpPrometheus(web);
    this.programs = new LocalProgram(Map.copyOf(environment));
  }

  @Override
  public Optional<String> missing(OwnCheck check, Occasion occasion) throws InterruptedException {
    return switch (check.asked()) {
      case OwnCheck.Web asked -> missing(asked, check.within());
      case OwnCheck.Program(var command) ->
          missing(run(command, check.within(), occasion), check.within());
      case Metric asked -> missing(asked, check.within());
    };
  }

  private Optional<String> missing(OwnCheck.Web asked, Duration within)
      throws InterruptedException {
    try {
      var answer = web.ask(asked.url(), BODY, within);
      var status = answer.status();
      var passes = asked.status().map(it -> it == status).orElse(status >= 200 && status <= 299);
      return passes
          ? Optional.empty()
          : Optional.of(
              "%s answers with status %d%s, not %s"
                  .formatted(
                      asked.url(),
                      status,
                      answer.beside(),
                      asked.status().map(Object::toString).orElse("200 to 299")));
    } catch (IOException e) {
      return Optional.of("%s does not answer (%s)".formatted(asked.url(), DeskFault.reason(e)));
    } catch (DeskException e) {
      return Optional.of(e.what());
    }
  }

  private static Optional<String> missing(Ended ended, Duration within) {
    return switch (ended) {
      case Ended.Exited(var status, _) when status == 0 -> Optional.empty();
      case Ended.Exited(var status, var lines) ->
          Optional.of("it exits %d%s".formatted(status, last(lines)));
      case Ended.Late(var lines) ->
          Optional.of("it has not ended within %d s%s".formatted(within.toSeconds(), last(lines)));
      case Ended.Unstarted(var why) -> Optional.of(why);
    };
  }

  private static String last(List<String> lines) {
    return lines.isEmpty() ? " without a word" : " (%s)".formatted(lines.getLast());
  }

  private Optional<String> missing(Metric asked, Duration within) throws InterruptedException {
    try {
      var answer = prometheus.query(new Prometheus.Server(asked.server(), within), asked.query());
      if (!answer.warnings().isEmpty()) {
        return Optional.of(
            "Prometheus warns that its answer may not be all (%s)"
                .formatted(String.join("; ", answer.warnings())));
      }
      return missing(asked.wanted(), answer.series());
    } catch (DeskException e) {
      return Optional.of(e.what());
    }
  }

  private static Optional<String> missing(Wanted wanted, List<Prometheus.Sample> all) {
    return switch (wanted) {
      case Wanted.Nothing _ ->
          all.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  "the query gives %d series, and is to give none: %s"
                      .formatted(all.size(), few(all)));
      case Wanted.Below(var limit) ->
          missing(all, all.stream().filter(it -> !(it.value() < limit)).toList(), "below", limit);
      case Wanted.Above(var limit) ->
          missing(all, all.stream().filter(it -> !(it.value() > limit)).toList(), "above", limit);
    };
  }

  /** What gives no value is not known to be so. */
  private static Optional<String> missing(
      List<Prometheus.Sample> all, List<Prometheus.Sample> wrong, String how, double limit) {
    if (all.isEmpty()) {
      return Optional.of("the query gives no value, and is to be %s %s".formatted(how, limit));
    }
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of("it is %s, and is to be %s %s".formatted(few(wrong), how, limit));
  }

  private static String few(List<Prometheus.Sample> samples) {
    var some =
        samples.stream()
            .limit(SHOWN)
            .map(it -> PlainText.line(it.value() + labels(it)))
            .collect(Collectors.joining(", "));
    return samples.size() > SHOWN
        ? "%s, and %d more".formatted(some, samples.size() - SHOWN)
        : some;
  }

  private static String labels(Prometheus.Sample sample) {
    return sample.labels().isEmpty()
        ? ""
        : new TreeMap<>(sample.labels())
            .entrySet().stream()
                .map(it -> "%s=\"%s\"".formatted(it.getKey(), it.getValue()))
                .collect(Collectors.joining(", ", " {", "}"));
  }

  @Override
  public Ended run(List<String> command, Duration within, Occasion occasion)
      throws InterruptedException {
    return programs.run(command, within, occasion);
  }

  @Override
  public Optional<String> unstartable(String program, Path directory) {
    return programs.unstartable(program, directory);
  }
}
