package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.provision.console.text.Table;
import io.provision.engine.event.RunVerb;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private static final Clock CLOCK = Clock.fixed(Tale.NOON, ZoneOffset.UTC);
  private static final Settings JSON = new Settings(Settings.Format.JSON, false, Optional.empty());
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Display display =
      Displays.of(JSON, Streams.of(out, OutputStream.nullOutputStream(), false), Map.of(), CLOCK);

  private List<JsonNode> parsed() throws Exception {
    var nodes = new ArrayList<JsonNode>();
    for (var line : out.toString(StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isEmpty()) {
        nodes.add(JsonMapper.builder().build().readTree(line));
      }
    }
    return nodes;
  }

  @Test
  void everyEventIsAnObjectOnALineOfItsOwnAndTheSummaryIsTheLast() throws Exception {
    var tale = Tale.everywhere("\033[31m漢\n");
    var listener = display.listener();
    tale.events().forEach(listener::on);

    display.end(Optional.of(tale.report()), 1, 74);

    var events = parsed();
    assertThat(events).hasSize(tale.events().size() + 1).allMatch(JsonNode::isObject);
    assertThat(events.getFirst().get("event").asText()).isEqualTo("started");
    var summary = events.getLast();
    assertThat(summary.get("event").asText()).isEqualTo("summary");
    assertThat(summary.get("exit").asInt()).isEqualTo(1);
    assertThat(summary.get("changed").asInt()).isEqualTo(1);
    assertThat(summary.get("unreachable").asInt()).isEqualTo(1);
    assertThat(summary.get("targets").get("w1").get("failed").asInt()).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).matches("[\\n -~]*");
  }

  @Test
  void textArrivesUnchangedInSpiteOfTheEscapes() throws Exception {
    display.say("\033[31m漢\u202e\n");
    display.end(Optional.empty(), 0, 74);

    assertThat(parsed().getFirst().get("text").asText()).isEqualTo("\033[31m漢\u202e\n");
  }

  @Test
  void theSummaryIsTheLastLineAlsoWhereNothingWasStarted() throws Exception {
    display.problems(List.of(Problem.error("a.yml:1:2", "no host")));
    display.end(Optional.empty(), 2, 74);

    assertThat(parsed())
        .extracting(node -> node.get("event").asText())
        .containsExactly("problem", "summary");
    assertThat(parsed().getLast().get("exit").asInt()).isEqualTo(2);
  }

  @Test
  void everyEventThatIsWrittenIsInTheSchema() throws Exception {
    var schema =
        JsonMapper.builder()
            .build()
            .readTree(getClass().getResourceAsStream("/schema/events.json"));
    var known = new ArrayList<String>();
    schema
        .get("oneOf")
        .forEach(kind -> known.add(kind.get("properties").get("event").get("const").asText()));
    var tale = Tale.everywhere("x");
    var listener = display.listener();
    tale.events().forEach(listener::on);
    display.problems(List.of(Problem.warning("", "w")));
    display.table("t", new Table(List.of("a"), List.of(List.of("1"))));
    display.say("m");
    display.examined(
        List.of(new Examined("n1", "disk", List.of(Diagnosis.warning("is slow", "buy another")))));
    display.end(Optional.of(tale.report()), 1, 74);

    for (var node : parsed()) {
      var name = node.get("event").asText();
      assertThat(known).contains(name);
      var kind = schema.get("oneOf").get(known.indexOf(name));
      kind.get("required")
          .forEach(key -> assertThat(node.has(key.asText())).as(name + "." + key).isTrue());
      if (kind.get("additionalProperties") == null) {
        node.fieldNames()
            .forEachRemaining(
                key -> assertThat(kind.get("properties").has(key)).as(name + "." + key).isTrue());
      }
    }
  }

  @Test
  void leavingInTheMiddleNamesWhatIsUnknown() throws Exception {
    var hosts = Tale.hosts(2);
    var listener = display.listener();
    new Tale(RunVerb.APPLY, hosts)
        .started(hosts.get(1), "packages", "installing").events().stream()
            .limit(2)
            .forEach(listener::on);

    display.abandon(130);

    assertThat(parsed().getLast().get("unknown").get(0).asText()).isEqualTo("w2: packages");
    assertThat(parsed().getLast().get("exit").asInt()).isEqualTo(130);
  }
}
