package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** What a program came to. */
record Result(List<String> command, int exit, List<String> out, List<String> err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** By what a line of JSON says that something failed, or was done where nothing should be. */
  private static final List<String> TELLING =
      List.of(
          "\"event\":\"target_failed\"",
          "\"result\":\"failed\"",
          "\"result\":\"unreachable\"",
          "\"result\":\"lost\"",
          "\"result\":\"changed\"",
          "\"event\":\"summary\"");

  /** Fails with all that was printed where the exit code is another one. */
  Result exits(int expected) {
    assertThat(exit).as("%s", this).isEqualTo(expected);
    return this;
  }

  List<JsonNode> events(String name) {
    return out.stream()
        .map(Result::json)
        .filter(event -> event.path("event").asText().equals(name))
        .toList();
  }

  /** The last line, which is there whatever happened. */
  JsonNode summary() {
    var last = json(out.getLast());
    assertThat(last.path("event").asText()).as("%s", this).isEqualTo("summary");
    return last;
  }

  int total(String outcome) {
    return summary().required(outcome).asInt();
  }

  /** How many steps of one target came to this. */
  int total(String target, String outcome) {
    return summary().required("targets").required(target).required(outcome).asInt();
  }

  /** The verdicts on steps, without what differs from run to run. */
  List<String> verdicts() {
    return events("step_finished").stream()
        .map(event ->
            "%s %s %s %s"
                .formatted(
                    event.path("target").asText(),
                    event.path("index"),
                    event.path("result").asText().replace("would_change", "changed"),
                    event.path("changes")))
        .sorted()
        .toList();
  }

  String text() {
    return String.join("\n", out) + "\n" + String.join("\n", err);
  }

  /** What tells most comes first: a report of tests may be cut after its beginning. */
  @Override
  public String toString() {
    var first =
        TELLING.stream()
            .flatMap(word -> out.stream().filter(line -> line.contains(word)))
            .distinct()
            .toList();
    return "%s exited %d%n%s%n-- all of it:%n%s"
        .formatted(command, exit, String.join("\n", first), text());
  }

  static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }
}
