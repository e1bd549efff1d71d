package io.provision.cli.rotation.report;

import io.provision.cli.rotation.report.HostStory.State;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a rotation ended, in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). All series name their cluster: a
 * collector refuses two files with the same series, and a machine can rotate more than one.
 *
 * @param succeeded when one last ended well, as far as that is known
 */
record MetricsText(RunEnd end, Optional<BigDecimal> succeeded) {
  private static final String SUCCESS = "provision_rotation_last_success_timestamp_seconds";

  /** A label is no place for a story. */
  private static final int LONGEST = 200;

  /** When a rotation of this cluster last ended well, as a file of before tells; empty if not. */
  static Optional<BigDecimal> succeeded(String before, String cluster) {
    var series =
        Pattern.compile(
            "(?m)^"
                + Pattern.quote(SUCCESS + labels(Map.of("cluster", cluster)))
                + " (\\d{1,12}(\\.\\d{1,9})?)$");
    var found = series.matcher(before);
    return found.find() ? Optional.of(new BigDecimal(found.group(1))) : Optional.empty();
  }

  String text() {
    var text = new Families();
    text.family(
        "provision_rotation_last_run_timestamp_seconds",
        "When the last rotation ended, however it did.");
    text.series(seconds(end.ended()));
    var success = end.isDone() ? Optional.of(seconds(end.ended())) : succeeded;
    success.ifPresent(at -> {
      text.family(SUCCESS, "When the last rotation with exit code 0 ended.");
      text.series(at);
    });
    text.family("provision_rotation_duration_seconds", "How long the last rotation took.");
    text.series(seconds(Duration.between(end.began(), end.ended())));
    text.family("provision_rotation_exit_code", "The exit code of the last rotation.");
    text.series(BigDecimal.valueOf(end.code().code()));
    text.family(
        "provision_rotation_hosts", "How many hosts of the last rotation ended in which way.");
    for (var state : State.values()) {
      var count = end.hosts().stream().filter(host -> host.state() == state).count();
      text.series(BigDecimal.valueOf(count), "state", state.key());
    }
    perHost(text);
    return text.toString();
  }

  private void perHost(Families text) {
    text.family(
        "provision_rotation_out_of_use_seconds",
        "How long the last rotation had a host out of use, so far where it still is.");
    for (var host : end.hosts()) {
      host.from()
          .map(from -> Duration.between(from, host.until().orElse(end.ended())))
          .ifPresent(away -> text.series(seconds(away), "host", host.host()));
    }
    text.family(
        "provision_rotation_left_out_of_use", "Whether the last rotation left a host out of use.");
    for (var host : end.hosts()) {
      if (host.isBegun()) {
        var left = host.until().isEmpty() ? BigDecimal.ONE : BigDecimal.ZERO;
        text.series(left, "host", host.host());
      }
    }
    text.family(
        "provision_rotation_heal_seconds",
        "How long after the reboot of a host nothing waited to be healed any more.");
    for (var host : end.hosts()) {
      host.healing().took().ifPresent(it -> text.series(seconds(it), "host", host.host()));
    }
    text.family(
        "provision_rotation_wanted", "Hosts that want a reboot and did not have it, and why.");
    for (var host : end.hosts()) {
      if (host.isWanting()) {
        host.reasons().orElseThrow().stream()
            .map(reason -> reason.substring(0, Math.min(reason.length(), LONGEST)))
            .distinct()
            .forEach(reason -> text.series(BigDecimal.ONE, "host", host.host(), "reason", reason));
      }
    }
  }

  private static BigDecimal seconds(Instant at) {
    return BigDecimal.valueOf(at.toEpochMilli(), 3).stripTrailingZeros();
  }

  private static BigDecimal seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3)
        .setScale(3, RoundingMode.DOWN)
        .stripTrailingZeros();
  }

  private static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(each -> "%s=\"%s\"".formatted(each.getKey(), escaped(each.getValue())))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** What would end the value, or the line; and what only a terminal would show. */
  private static String escaped(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replaceAll("\\p{Cc}|\\p{Cs}", "?");
  }

  /** Families with their series; one without any is left out. */
  private final class Families {
    private final StringBuilder text = new StringBuilder();
    private String name = "";
    private String head = "";

    void family(String named, String help) {
      name = named;
      head = "# HELP %s %s\n# TYPE %s gauge\n".formatted(named, help, named);
    }

    void series(BigDecimal value, String... pairs) {
      var labels = new LinkedHashMap<String, String>();
      labels.put("cluster", end.cluster());
      for (var i = 0; i < pairs.length; i += 2) {
        labels.put(pairs[i], pairs[i + 1]);
      }
      text.append(head).append(name).append(labels(labels));
      text.append(' ').append(value.toPlainString()).append('\n');
      head = "";
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
