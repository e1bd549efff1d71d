package io.provision.console.text;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells in columns; the first column is set to the left, numbers to the right. */
public record Table(List<String> header, List<List<String>> rows) {
  public Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
  }

  public List<String> lines(Ink ink) {
    var shown = new ArrayList<List<String>>();
    shown.add(header);
    rows.forEach(row -> shown.add(row.stream().map(Visible::prose).toList()));
    var widths = new int[header.size()];
    shown.forEach(row -> {
      for (var i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    });
    var lines = new ArrayList<String>();
    for (var at = 0; at < shown.size(); at++) {
      var line = new StringBuilder();
      for (var i = 0; i < widths.length; i++) {
        var pad = " ".repeat(widths[i] - shown.get(at).get(i).length());
        line.append(i == 0 ? "" : "  ");
        line.append(isNumber(i) ? pad + shown.get(at).get(i) : shown.get(at).get(i) + pad);
      }
      lines.add(
          at == 0 ? ink.dim(line.toString().stripTrailing()) : line.toString().stripTrailing());
    }
    return lines;
  }

  private boolean isNumber(int column) {
    return column > 0
        && !rows.isEmpty()
        && rows.stream().allMatch(row -> row.get(column).matches("\\d+|-"));
  }
}
