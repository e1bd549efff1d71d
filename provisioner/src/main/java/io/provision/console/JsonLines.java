package io.provision.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.provision.console.text.OutcomeWords;
import io.provision.engine.event.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes JSON Lines. A line is written whole or not at all. For one thread at a time. */
final class JsonLines {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
  private static final int LAST_PRINTABLE_ASCII = 0x7e;

  private final PrintWriter out;

  JsonLines(PrintWriter out) {
    this.out = out;
  }

  /** The fields of one event. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  void write(String event, Instant at, Fields fields) {
    var line = new StringWriter();
    try (var json = JSON.createGenerator(line)) {
      json.setHighestNonEscapedChar(LAST_PRINTABLE_ASCII);
      json.writeStartObject();
      json.writeStringField("event", event);
      json.writeStringField("at", at.toString());
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    out.print(line + "\n");
  }

  void problem(Problem problem, Instant at) {
    write(
        "problem",
        at,
        json -> {
          json.writeStringField("level", OutcomeWords.key(problem.level()));
          json.writeStringField("where", problem.where());
          json.writeStringField("what", problem.what());
        });
  }

  /**
   * The last line of every output, also where no run was started.
   *
   * @param unknown steps that were left in the middle
   */
  void summary(Optional<Report> report, int exit, List<String> unknown, Instant at) {
    write(
        "summary",
        at,
        json -> {
          tally(json, report.map(Report::total).orElse(Report.Tally.NONE));
          json.writeNumberField("exit", exit);
          json.writeNumberField("took_ms", report.map(r -> r.took().toMillis()).orElse(0L));
          json.writeBooleanField("interrupted", report.map(Report::interrupted).orElse(false));
          if (!unknown.isEmpty()) {
            json.writeArrayFieldStart("unknown");
            for (var step : unknown) {
              json.writeString(step);
            }
            json.writeEndArray();
          }
          if (report.isPresent()) {
            rest(json, report.get());
          }
        });
    flush();
  }

  private static void rest(JsonGenerator json, Report report) throws IOException {
    json.writeStringField("run", report.run());
    if (report.stopped().isPresent()) {
      var stop = report.stopped().get();
      json.writeObjectFieldStart("stopped");
      json.writeStringField("why", why(stop));
      json.writeStringField("what", stop.what());
      json.writeStringField("remedy", stop.remedy());
      json.writeEndObject();
    }
    json.writeObjectFieldStart("targets");
    for (var target : report.targets().entrySet()) {
      json.writeObjectFieldStart(target.getKey().toString());
      tally(json, target.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static String why(Report.Stop stop) {
    return switch (stop) {
      case Report.Stop.Locked _ -> "locked";
      case Report.Stop.PlanMoved _ -> "plan_moved";
      case Report.Stop.NothingLeaves _ -> "nothing_leaves";
      case Report.Stop.NotAgreed _ -> "not_agreed";
    };
  }

  void flush() {
    out.flush();
  }

  /** The counts of a report. */
  static void tally(JsonGenerator json, Report.Tally tally) throws IOException {
    json.writeNumberField("ok", tally.ok());
    json.writeNumberField("changed", tally.changed());
    json.writeNumberField("would_change", tally.wouldChange());
    json.writeNumberField("pending", tally.pending());
    json.writeNumberField("leaving", tally.leaving());
    json.writeNumberField("skipped", tally.skipped());
    json.writeNumberField("failed", tally.failed());
    json.writeNumberField("unreachable", tally.unreachable());
  }
}
