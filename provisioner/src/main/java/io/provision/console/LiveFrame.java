package io.provision.console;

import io.provision.console.text.Ink;
import io.provision.console.text.Names;
import io.provision.console.text.Span;
import io.provision.engine.event.TargetName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws a run into a few lines that fit the screen: a header with counts, who works for longest,
 * what failed last. Pure: state, time and size in, lines out.
 *
 * @param rows of the screen; at most one fewer are used
 * @param columns of the screen; at most one fewer are used
 */
record LiveFrame(int rows, int columns, Ink ink) {
  private static final int MOST_LINES = 16;
  private static final int MOST_TROUBLES = 3;
  private static final int BAR = 20;

  /** Up to this width the bar gives way to what it shows. */
  private static final int NARROW = 60;

  List<String> lines(LiveState state, Instant now) {
    if (rows < 2) {
      return List.of();
    }
    var room = Math.min(MOST_LINES, rows - 1);
    var lines = new ArrayList<String>();
    lines.add(header(state, now));
    var troubles = state.troubles();
    var shownTroubles = Math.min(Math.min(troubles.size(), MOST_TROUBLES), Math.max(0, room - 2));
    working(state, now, room - 1 - shownTroubles, lines);
    troubles
        .subList(troubles.size() - shownTroubles, troubles.size())
        .forEach(trouble -> lines.add(trouble(trouble)));
    return lines;
  }

  private String header(LiveState state, Instant now) {
    var line = cut().add(Ink.Paint.BOLD, state.verb() + " ");
    if (columns > NARROW) {
      line.add(Ink.Paint.CYAN, bar(state) + " ");
    }
    line.add("%d/%d done".formatted(state.done(), state.targets()));
    var total = state.total();
    if (total.changed() + total.wouldChange() > 0) {
      line.add(Ink.Paint.YELLOW, "  %d changed".formatted(total.changed() + total.wouldChange()));
    }
    if (state.failed() > 0) {
      line.add(Ink.Paint.RED, "  %d failed".formatted(state.failed()));
    }
    return line.add(Ink.Paint.DIM, "  " + Span.of(since(state.began(), now))).toString();
  }

  private static String bar(LiveState state) {
    var filled = state.targets() == 0 ? 0 : BAR * state.done() / state.targets();
    var bounded = Math.min(BAR, filled);
    return "[" + "#".repeat(bounded) + ".".repeat(BAR - bounded) + "]";
  }

  private void working(LiveState state, Instant now, int room, List<String> lines) {
    var all = state.atWork();
    var shown = state.working(all <= room ? all : Math.max(0, room - 1));
    var width = shown.stream().mapToInt(w -> w.target().toString().length()).max().orElse(0);
    shown.forEach(working ->
        lines.add(working(working, state.at(working.target()), now, Math.min(width, 24))));
    if (shown.size() < all && room > 0) {
      lines.add(
          cut()
              .add(Ink.Paint.DIM, "  and %d more in progress".formatted(all - shown.size()))
              .toString());
    }
  }

  private String working(LiveState.Working working, String at, Instant now, int width) {
    var line =
        cut()
            .add(Ink.Paint.DIM, "  %6s  ".formatted(Span.of(since(working.since(), now))))
            .add(("%-" + Math.max(1, width) + "s  ").formatted(working.target()));
    if (!working.step().isEmpty()) {
      line.add(Ink.Paint.DIM, at.isEmpty() ? "" : at + " ");
      line.add(Ink.Paint.BOLD, working.step() + "  ");
    }
    return line.add(working.text()).toString();
  }

  private String trouble(LiveState.Trouble trouble) {
    return cut()
        .add(Ink.Paint.RED, "! %s: ".formatted(names(trouble.targets())))
        .add(trouble.text())
        .toString();
  }

  /** So short that the failure itself has room beside it. */
  private static String names(List<TargetName> targets) {
    var first = targets.stream().min(Names::naturally).orElseThrow();
    return targets.size() == 1
        ? first.toString()
        : first + " and %d more".formatted(targets.size() - 1);
  }

  private Cut cut() {
    return new Cut(Math.max(1, columns - 1), ink);
  }

  private static Duration since(Instant from, Instant now) {
    return from.equals(Instant.EPOCH) || now.isBefore(from)
        ? Duration.ZERO
        : Duration.between(from, now);
  }
}
