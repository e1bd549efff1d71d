package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.text.Table;
import io.provision.console.text.Visible;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunVerb;
import io.provision.step.Change;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What others say in several lines is read by a person: no line feed is shown as two characters.
 */
class ProseTest {
  private static final String SAID = "first:\n\n  second\r\n\tthird\n";

  private static final List<Outcome> OUTCOMES =
      List.of(
          new Outcome.Failed(new Failure(SAID, SAID)),
          new Outcome.Unreachable(new Failure(SAID, SAID)),
          new Outcome.Lost(new Failure(SAID, SAID)),
          new Outcome.Skipped(SAID),
          new Outcome.Pending(SAID, Set.of()),
          new Outcome.Leaving(
              List.of(
                  new Outcome.Left(
                      List.of("host/w3"),
                      List.of(Change.of(Change.Action.REMOVE, "peer")),
                      SAID,
                      SAID,
                      SAID))));

  @ParameterizedTest
  @EnumSource(RunVerb.class)
  void everyKindOfEventIsReadable(RunVerb verb) {
    var hosts = Tale.hosts(OUTCOMES.size());
    var tale = new Tale(verb, hosts);
    for (var i = 0; i < OUTCOMES.size(); i++) {
      tale.started(hosts.get(i), "a", SAID)
          .event(new RunEvent.Progress(hosts.get(i), Tale.step("a", 1), SAID))
          .event(new RunEvent.Note(hosts.get(i), SAID))
          .event(
              new RunEvent.Waiting(
                  hosts.get(i),
                  Optional.of(Tale.step("a", 1)),
                  SAID,
                  SAID,
                  Tale.NOON,
                  Optional.empty()))
          .finished(hosts.get(i), Tale.step("a", 1), OUTCOMES.get(i));
    }
    var stopped =
        new Report(
            "r",
            verb,
            new TreeMap<>(tale.report().targets()),
            Duration.ZERO,
            Optional.of(new Report.Stop.Locked(SAID, SAID)),
            false);
    for (var report : List.of(tale.report(), stopped)) {
      assertReadable(
          shown(display -> {
            tale.events().forEach(display.listener()::on);
            display.end(Optional.of(report), 1, 74);
          }));
    }
  }

  @Test
  void problemsTablesAndRemarksAreReadableToo() {
    var text =
        shown(display -> {
          display.problems(List.of(Problem.error("home.yml:1:1", SAID), Problem.warning("", SAID)));
          display.remark(SAID);
          display.say("  " + SAID);
          display.table("", new Table(List.of("why"), List.of(List.of(SAID))));
        });
    assertReadable(text);
    assertThat(text)
        .contains("home.yml:1:1: error: first:\n  second\n  third\n")
        .contains("\n  first: second third\n");
  }

  @Test
  void valuesStayExactAndOtherCharactersAreStillEscaped() {
    assertThat(Visible.line("a\nb")).isEqualTo("a\\nb");
    assertThat(Visible.prose("a\u001b[31m\n b\t")).isEqualTo("a\\x1b[31m b\\t");
    assertThat(Visible.proseLines("")).containsExactly("");
  }

  private static void assertReadable(String text) {
    assertThat(text).contains("first:", "second", "third").doesNotContain("\\n", "\\r", "\\t");
  }

  private static String shown(java.util.function.Consumer<Display> what) {
    var out = new ByteArrayOutputStream();
    var verbose = new Settings(Settings.PLAIN.format(), true, Optional.empty());
    var display =
        Displays.of(
            verbose, Streams.of(out, out, false), Map.of("TERM", "xterm"), Clock.systemUTC());
    what.accept(display);
    return out.toString(StandardCharsets.UTF_8);
  }
}
