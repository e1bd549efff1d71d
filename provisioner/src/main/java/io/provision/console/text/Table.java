package io.provision.console.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of cells in columns; the first column is set to the left, numbers to the right. On a screen
 * that is too narrow cells go on below themselves, and where even that has no room each row is a
 * paragraph of its own. No cell is cut.
 */
public record Table(List<String> header, List<List<String>> rows) {
  private static final int BETWEEN = 2;

  /** A cell of text that is narrower than this is no pleasure to read. */
  private static final int NARROWEST = 12;

  public Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** As wide as it is. */
  public List<String> lines(Ink ink) {
    return lines(ink, Fold.NEVER);
  }

  /** No line of it is wider than that many columns. */
  public List<String> lines(Ink ink, int columns) {
    var shown = rows.stream().map(row -> row.stream().map(Visible::prose).toList()).toList();
    var widths = widths(shown);
    if (!shrink(widths, columns)) {
      return paragraphs(ink, shown, columns);
    }
    var lines = new ArrayList<String>();
    row(header, widths).forEach(line -> lines.add(ink.dim(line)));
    shown.forEach(row -> lines.addAll(row(row, widths)));
    return lines;
  }

  private int[] widths(List<List<String>> shown) {
    return IntStream.range(0, header.size())
        .map(i -> Math.max(Fold.width(header.get(i)), widest(shown, i)))
        .toArray();
  }

  private static int widest(List<List<String>> shown, int column) {
    return shown.stream().mapToInt(row -> Fold.width(row.get(column))).max().orElse(0);
  }

  /** Takes from the widest column of text, again and again; false where there is no room. */
  private boolean shrink(int[] widths, int columns) {
    var gaps = (long) BETWEEN * (widths.length - 1);
    var floors =
        IntStream.range(0, widths.length)
            .map(i ->
                isNumber(i)
                    ? widths[i]
                    : Math.min(widths[i], Math.max(NARROWEST, Fold.width(header.get(i)))))
            .toArray();
    while (Arrays.stream(widths).sum() + gaps > columns) {
      var widest =
          IntStream.range(0, widths.length)
              .filter(i -> widths[i] > floors[i])
              .reduce((one, other) -> widths[other] > widths[one] ? other : one);
      if (widest.isEmpty()) {
        return false;
      }
      widths[widest.getAsInt()]--;
    }
    return true;
  }

  private List<String> row(List<String> cells, int[] widths) {
    var folded =
        IntStream.range(0, widths.length)
            .mapToObj(i -> Fold.line(cells.get(i), Math.max(1, widths[i])))
            .toList();
    var height = folded.stream().mapToInt(List::size).max().orElse(1);
    var lines = new ArrayList<String>();
    for (var at = 0; at < height; at++) {
      var line = new StringBuilder();
      for (var i = 0; i < widths.length; i++) {
        var text = at < folded.get(i).size() ? folded.get(i).get(at) : "";
        var pad = " ".repeat(Math.max(0, widths[i] - Fold.width(text)));
        line.append(i == 0 ? "" : " ".repeat(BETWEEN));
        line.append(isNumber(i) ? pad + text : text + pad);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** The first cell, and below it each other one that is not empty, by its header. */
  private List<String> paragraphs(Ink ink, List<List<String>> shown, int columns) {
    var lines = new ArrayList<String>();
    for (var row : shown) {
      lines.addAll(Fold.line(row.getFirst(), columns));
      var numbers = new ArrayList<String>();
      for (var i = 1; i < row.size(); i++) {
        if (isNumber(i)) {
          numbers.add(row.get(i) + " " + header.get(i));
        } else if (!row.get(i).isEmpty()) {
          lines.addAll(Fold.line("  " + ink.dim(header.get(i) + ":") + " " + row.get(i), columns));
        }
      }
      if (!numbers.isEmpty()) {
        lines.addAll(Fold.line("  " + String.join(", ", numbers), columns));
      }
    }
    return lines;
  }

  private boolean isNumber(int column) {
    return column > 0
        && !rows.isEmpty()
        && rows.stream().allMatch(row -> row.get(column).matches("\\d+|-"));
  }
}
