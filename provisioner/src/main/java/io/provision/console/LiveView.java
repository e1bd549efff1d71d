package io.provision.console;

import io.provision.console.text.Fold;
import io.provision.console.text.Ink;
import io.provision.console.text.OutcomeWords;
import io.provision.console.text.View;
import io.provision.console.text.Visible;
import io.provision.engine.event.RunEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jline.utils.WCWidth;

/** Draws the run anew over itself, a few times a second. Leaves nothing behind when it ends. */
final class LiveView implements View {
  private static final Duration BETWEEN_FRAMES = Duration.ofMillis(100);

  private final LiveState state = new LiveState();
  private final PrintWriter out;
  private final Ink ink;
  private final Supplier<Screen> screen;
  private Instant next = Instant.MIN;
  private List<String> drawn = List.of();
  private boolean running;

  LiveView(PrintWriter out, Ink ink, Supplier<Screen> screen) {
    this.out = out;
    this.ink = ink;
    this.screen = screen;
  }

  @Override
  public void on(RunEvent event, Instant at) {
    state.on(event, at);
    switch (event) {
      case RunEvent.Started _ -> running = true;
      case RunEvent.Finished _ -> {
        running = false;
        clear();
        out.flush();
      }
      case RunEvent.Note(var target, var text) ->
          above(target + ": " + ink.paint(Ink.Paint.YELLOW, "note: ") + Visible.prose(text));
      case RunEvent.Waiting waiting when !waiting.holder().isEmpty() ->
          above(waiting.target() + ": " + Visible.prose(OutcomeWords.waiting(waiting)));
      default -> {}
    }
    if (!at.isBefore(next)) {
      pause(at);
    }
  }

  @Override
  public void pause(Instant now) {
    if (!running || now.isBefore(next)) {
      return;
    }
    next = now.plus(BETWEEN_FRAMES);
    var size = screen.get();
    var frame = new LiveFrame(size.rows(), size.columns(), ink).lines(state, now);
    clear(size);
    frame.forEach(line -> out.print(line + "\033[K\n"));
    out.print("\033[J");
    out.flush();
    drawn = frame;
  }

  /** Takes the frame away, so that something else can be printed in its place. */
  void clear() {
    clear(screen.get());
    out.print("\033[J");
  }

  private void above(String line) {
    clear();
    Fold.line(line, screen.get().columns()).forEach(out::println);
    next = Instant.MIN;
  }

  /** Up to where the frame begins; a screen that was narrowed meanwhile has folded its lines. */
  private void clear(Screen size) {
    var lines = drawn.stream().mapToInt(line -> folded(line, size.columns())).sum();
    var up = Math.min(lines, size.rows() - 1);
    out.print(up > 0 ? "\r\033[" + up + "A" : "");
    drawn = List.of();
  }

  private static int folded(String line, int columns) {
    var bare = line.replaceAll("\033\\[[0-9;]*m", "");
    var width = bare.codePoints().map(point -> Math.max(0, WCWidth.wcwidth(point))).sum();
    return Math.max(1, Math.ceilDiv(width, Math.max(1, columns)));
  }
}
