package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.text.Ink;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.model.Position;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a pipe too it is seen that something goes on, and what. */
final class HeartbeatTest {
  private static final TargetName W1 = TargetName.of(new HostName("w1"));
  private static final StepRef STEP = new StepRef("packages", 0, new Position("play.yml", 3, 5));
  private static final Instant BEGIN = Instant.EPOCH;

  private final StringWriter out = new StringWriter();
  private final PlainView view = new PlainView(new PrintWriter(out), Page.ENDLESS, Ink.NONE, false);

  @Test
  void anInstallationThatTakesTenMinutesSaysEveryHalfMinuteWhatItIsDoing() {
    view.on(new RunEvent.StepStarted(W1, STEP, "install package containerd"), BEGIN);
    pauses(1, 300);
    view.on(new RunEvent.Progress(W1, STEP, "unpacking\u001b[2J containerd"), after(300));
    pauses(301, 600);
    view.on(
        new RunEvent.StepFinished(W1, STEP, new Outcome.Changed(List.of()), Duration.ofMinutes(10)),
        after(600));
    pauses(601, 700);
    var lines = out.toString().lines().filter(line -> line.contains("still in progress")).toList();
    assertThat(lines).hasSize(20);
    assertThat(lines.getFirst())
        .isEqualTo("w1: packages: still in progress after 30s: install package containerd");
    assertThat(lines.getLast())
        .startsWith("w1: packages: still in progress after 10m")
        .contains("unpacking")
        .doesNotContain("\u001b");
  }

  @Test
  void theLastLineOfACommandStandsBesideWhatIsBeingDone() {
    view.on(new RunEvent.StepStarted(W1, STEP, "install package socat"), BEGIN);
    view.on(new RunEvent.Progress(W1, STEP, "| Get:1 http://deb"), after(5));
    view.on(new RunEvent.Progress(W1, STEP, "| Unpacking socat"), after(6));
    pauses(1, 30);
    assertThat(out.toString())
        .contains(
            "w1: packages: still in progress after 30s: install package socat | Unpacking socat");
  }

  @Test
  void whatIsDoneInTimeIsSaidOnce() {
    view.on(new RunEvent.StepStarted(W1, STEP, "install package socat"), BEGIN);
    pauses(1, 29);
    view.on(new RunEvent.TargetFailed(W1, new Outcome.Skipped("lost")), after(29));
    pauses(30, 100);
    assertThat(out.toString()).doesNotContain("still in progress");
  }

  private void pauses(int from, int to) {
    for (var second = from; second <= to; second++) {
      view.pause(after(second));
    }
  }

  private static Instant after(int seconds) {
    return BEGIN.plusSeconds(seconds);
  }
}
