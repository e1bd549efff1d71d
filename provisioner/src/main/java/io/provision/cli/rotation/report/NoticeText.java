package io.provision.cli.rotation.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.provision.cli.rotation.report.HostStory.State;
import io.provision.model.rotation.Notification;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is told of a rotation to a webhook. It is bounded, and what nobody told of a host is left
 * out.
 *
 * @param end how it ended; where it has just begun, how it is
 */
record NoticeText(Event event, RunEnd end) {
  private static final JsonFactory JSON = new JsonFactory();

  private static final int MOST_HOSTS = 100;

  /** Of one word of a host. */
  private static final int LONGEST = 300;

  private static final int LONGEST_MESSAGE = 2500;

  /** What it is about. */
  enum Event {
    BEGIN,
    END,
    FAILURE;

    String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  String in(Notification.Form form) {
    return switch (form) {
      case JSON -> object(this::own);
      case SLACK -> object(json -> json.writeStringField("text", escaped(message())));
    };
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static String object(Fields fields) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }

  private void own(JsonGenerator json) throws IOException {
    json.writeStringField("event", event.key());
    json.writeStringField("cluster", end.cluster());
    json.writeStringField("verb", "rotate");
    if (end.run().isPresent()) {
      json.writeStringField("run", end.run().get());
    }
    json.writeStringField("began", time(end.began()));
    if (event != Event.BEGIN) {
      json.writeStringField("ended", time(end.ended()));
      json.writeNumberField("exit_code", end.code().code());
    }
    json.writeStringField("message", message());
    json.writeArrayFieldStart("hosts");
    for (var host : end.hosts().stream().limit(MOST_HOSTS).toList()) {
      host(json, host);
    }
    json.writeEndArray();
    json.writeNumberField("hosts_left_off", Math.max(0, end.hosts().size() - MOST_HOSTS));
  }

  private static void host(JsonGenerator json, HostStory host) throws IOException {
    json.writeStartObject();
    json.writeStringField("host", host.host());
    json.writeStringField("state", host.state().key());
    if (!host.why().isEmpty()) {
      json.writeStringField("why", cut(host.why(), LONGEST));
    }
    if (host.reasons().isPresent()) {
      json.writeArrayFieldStart("reasons");
      for (var reason : host.reasons().get()) {
        json.writeString(cut(reason, LONGEST));
      }
      json.writeEndArray();
    }
    text(json, "out_of_use_from", host.from().map(NoticeText::time));
    text(json, "out_of_use_until", host.until().map(NoticeText::time));
    text(json, "kernel_before", host.kernel().before());
    text(json, "kernel_after", host.kernel().after());
    number(json, "pods_before", host.pods().before().map(Integer::longValue));
    number(json, "pods_after", host.pods().after().map(Integer::longValue));
    number(json, "unhealed_before", host.healing().before());
    number(json, "unhealed_after", host.healing().after());
    number(json, "heal_seconds", host.healing().took().map(it -> it.toSeconds()));
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String key, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(key, cut(value.get(), LONGEST));
    }
  }

  private static void number(JsonGenerator json, String key, Optional<Long> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(key, value.get());
    }
  }

  private String message() {
    var lines = new ArrayList<String>();
    lines.add(
        switch (event) {
          case BEGIN -> "rotation of %s began".formatted(end.cluster());
          case END, FAILURE ->
              "rotation of %s ended with exit code %d (%s)%s"
                  .formatted(
                      end.cluster(),
                      end.code().code(),
                      end.code().meaning(),
                      end.said().isEmpty() ? "" : ": " + cut(end.said(), LONGEST));
        });
    counted().ifPresent(lines::add);
    end.hosts().stream().filter(NoticeText::isWorthALine).map(NoticeText::line).forEach(lines::add);
    return cut(String.join("\n", lines), LONGEST_MESSAGE);
  }

  private Optional<String> counted() {
    var counted =
        List.of(State.values()).stream()
            .filter(state -> count(state) > 0 && event != Event.BEGIN)
            .map(state -> "%d %s".formatted(count(state), state.words()))
            .collect(Collectors.joining(", "));
    return Optional.of(counted).filter(it -> !it.isEmpty());
  }

  private long count(State state) {
    return end.hosts().stream().filter(host -> host.state() == state).count();
  }

  private static boolean isWorthALine(HostStory host) {
    return host.isBegun() || !host.why().isEmpty() && host.state() != State.NOT_WANTED;
  }

  private static String line(HostStory host) {
    var row = HostLines.table(List.of(host)).rows().getFirst();
    var words =
        new ArrayList<String>(List.of("%s: %s".formatted(row.get(0), cut(row.get(1), LONGEST))));
    if (host.isBegun()) {
      words.add("out of use " + row.get(3));
    }
    return String.join(", ", words);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "...";
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Else a name could call all who are there (docs.slack.dev, "Formatting message text"). */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
