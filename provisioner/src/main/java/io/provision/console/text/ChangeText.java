package io.provision.console.text;

import io.provision.step.Change;
import java.util.ArrayList;
import java.util.List;

/** One difference as lines for a person: a sign, what would be done to what, and the detail. */
public record ChangeText(Ink ink, int mostDiffLines) {
  private static final String INDENT = "    ";

  /** {@code verbose} shows diffs in full. */
  public static ChangeText of(Ink ink, boolean verbose) {
    return new ChangeText(ink, verbose ? Integer.MAX_VALUE : 60);
  }

  List<String> lines(Change change) {
    var head =
        "%s %s %s"
            .formatted(
                OutcomeWords.sign(change.action()),
                OutcomeWords.key(change.action()),
                Visible.line(change.subject()));
    var paint = OutcomeWords.paint(change.action());
    return switch (change.detail()) {
      case Change.Detail.Plain() -> List.of(ink.paint(paint, head));
      case Change.Detail.Value(var from, var to) ->
          List.of(ink.paint(paint, head) + ": " + value(from) + " -> " + value(to));
      case Change.Detail.Hidden(var why) ->
          List.of(
              ink.paint(paint, head)
                  + ink.dim(" (contents hidden: %s)".formatted(Visible.prose(why))));
      case Change.Detail.Text(var from, var to) -> diff(ink.paint(paint, head), from, to);
    };
  }

  private static String value(String value) {
    return value.isEmpty() ? "(none)" : Visible.line(value);
  }

  private List<String> diff(String head, String from, String to) {
    var hunks = Diff.hunks(from, to);
    var lines = new ArrayList<String>();
    lines.add(head);
    hunks.stream().limit(mostDiffLines).forEach(line -> lines.add(INDENT + colored(line)));
    if (hunks.size() > mostDiffLines) {
      lines.add(
          INDENT
              + ink.dim(
                  "... %d more lines, -v shows them".formatted(hunks.size() - mostDiffLines)));
    }
    return lines;
  }

  private String colored(String line) {
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> ink.paint(Ink.Paint.GREEN, line);
      case '-' -> ink.paint(Ink.Paint.RED, line);
      case '@' -> ink.paint(Ink.Paint.CYAN, line);
      default -> line;
    };
  }
}
