package io.provision.console;

import io.provision.console.text.Fold;
import io.provision.console.text.Ink;
import io.provision.console.text.Table;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/**
 * Makes lines fit what they are shown on: a terminal has so many columns; a pipe and a file have no
 * end. The terminal itself is asked only where a line may be too long for it: that takes two
 * processes.
 *
 * @param told how many columns there are, where that is known without asking
 */
record Page(OptionalInt told, IntSupplier asked) {
  /** A pipe, a file: nothing is folded. */
  static final Page ENDLESS = new Page(OptionalInt.of(Fold.NEVER), () -> Fold.NEVER);

  /** What fits on this fits everywhere. */
  private static final int NARROWEST = 40;

  List<String> folded(List<String> lines) {
    return fits(lines) ? lines : Fold.lines(lines, columns());
  }

  List<String> table(Table table, Ink ink) {
    var whole = table.lines(ink);
    return fits(whole) ? whole : table.lines(ink, columns());
  }

  private boolean fits(List<String> lines) {
    return told.isEmpty() && lines.stream().allMatch(line -> Fold.width(line) <= NARROWEST);
  }

  private int columns() {
    return told.orElseGet(asked);
  }
}
