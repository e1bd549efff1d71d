package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.text.Ink;
import io.provision.engine.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A wait is shown wherever a run is: what for, whose run is in the way, since and until when. */
class WaitingTest {
  private static final String OWNER = "ann@laptop, run r0, since 2026-11-26T11:50:00Z";
  private static final RunEvent.Waiting EVENT =
      new RunEvent.Waiting(
          Tale.hosts(1).getFirst(),
          Optional.empty(),
          "its lock",
          OWNER,
          Tale.NOON,
          Optional.of(Tale.NOON.plusSeconds(600)));
  private static final String TEXT =
      "waiting for its lock, held by "
          + OWNER
          + " (until "
          + Tale.NOON.plusSeconds(600)
          + " at the latest)";

  @Test
  void aPipeSeesIt() {
    var out = new StringWriter();
    var view = new PlainView(new PrintWriter(out), Page.ENDLESS, Ink.NONE, false);
    view.on(EVENT, Tale.NOON);
    assertThat(out.toString().strip()).isEqualTo("w1: " + TEXT);
  }

  @Test
  void aTerminalKeepsALineOfItHoweverNarrowItsFrameIs() {
    var out = new StringWriter();
    var view = new LiveView(new PrintWriter(out), Ink.NONE, () -> new Screen(24, 40));
    view.on(EVENT, Tale.NOON);
    assertThat(out.toString().replaceAll("\\s+", " ")).contains("w1: " + TEXT);
  }

  @Test
  void aTerminalShowsWhatEverybodyWaitsForUntilTheyHaveIt() {
    var state = new LiveState();
    state.on(EVENT, Tale.NOON);
    assertThat(state.working(9)).extracting(LiveState.Working::text).containsExactly(TEXT);
    state.on(new RunEvent.Locked(Set.of(EVENT.target())), Tale.NOON);
    assertThat(state.working(9)).isEmpty();
  }

  @Test
  void aProgramGetsItInParts() throws Exception {
    var out = new ByteArrayOutputStream();
    var display =
        Displays.of(
            new Settings(Settings.Format.JSON, false, Optional.empty()),
            Streams.of(out, OutputStream.nullOutputStream(), false),
            Map.of(),
            Clock.fixed(Tale.NOON, ZoneOffset.UTC));
    display.listener().on(EVENT);
    display.end(Optional.empty(), 0, 0);
    var line = out.toString(StandardCharsets.UTF_8).lines().toList().getFirst();
    assertThat(List.of(line.replaceAll("[{}]", "").split(",\"")))
        .contains("target\":\"w1\"", "what\":\"its lock\"", "holder\":\"" + OWNER + "\"")
        .anyMatch(each -> each.startsWith("since"))
        .anyMatch(each -> each.startsWith("until"));
  }
}
