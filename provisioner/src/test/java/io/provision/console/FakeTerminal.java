package io.provision.console;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * A terminal that knows the few sequences the live view uses, and fails on any other. It does not
 * fold long lines: a line that is too long is a failure too.
 */
final class FakeTerminal extends Writer {
  private final int rows;
  private final int columns;
  private final List<StringBuilder> screen = new ArrayList<>();
  private int scrolled;
  private int row;
  private int column;

  FakeTerminal(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    screen.add(new StringBuilder());
  }

  @Override
  public void write(char[] text, int offset, int length) {
    for (var at = offset; at < offset + length; at++) {
      if (text[at] == '\033') {
        at = sequence(text, at + 1);
      } else {
        character(text[at]);
      }
    }
  }

  private void character(char c) {
    switch (c) {
      case '\r' -> column = 0;
      case '\n' -> lineFeed();
      default -> {
        var line = screen.get(row);
        line.setLength(column);
        line.append(c);
        column++;
        if (column > columns) {
          throw new AssertionError("a line is longer than %d: %s".formatted(columns, line));
        }
      }
    }
  }

  private void lineFeed() {
    column = 0;
    row++;
    if (row == screen.size()) {
      screen.add(new StringBuilder());
    }
    if (screen.size() > rows) {
      screen.removeFirst();
      scrolled++;
      row--;
    }
  }

  private int sequence(char[] text, int at) {
    if (text[at] != '[') {
      throw new AssertionError("no CSI sequence");
    }
    var end = at + 1;
    while (Character.isDigit(text[end]) || text[end] == ';') {
      end++;
    }
    var number = new String(text, at + 1, end - at - 1);
    switch (text[end]) {
      case 'A' -> up(Integer.parseInt(number));
      case 'K' -> screen.get(row).setLength(column);
      case 'J' -> {
        screen.get(row).setLength(column);
        while (screen.size() > row + 1) {
          screen.removeLast();
        }
      }
      case 'm' -> {}
      default -> throw new AssertionError("an unknown sequence: " + text[end]);
    }
    return end;
  }

  private void up(int lines) {
    row -= lines;
    if (row < 0) {
      throw new AssertionError("the cursor went above the screen");
    }
  }

  /** How many lines have left the screen at its top. */
  int scrolled() {
    return scrolled;
  }

  List<String> lines() {
    return screen.stream().map(StringBuilder::toString).filter(line -> !line.isBlank()).toList();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
