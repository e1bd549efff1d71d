package io.provision.cli;

import java.util.Collection;
import java.util.Comparator;

/** What was probably meant. */
final class Suggestion {
  private Suggestion() {}

  /** For example {@code (did you mean 'apply'?)}, or nothing where nothing is near. */
  static String of(String typed, Collection<String> known) {
    return known.stream()
        .filter(name -> distance(typed, name) <= Math.max(1, typed.length() / 3))
        .min(Comparator.comparingInt(name -> distance(typed, name)))
        .map(" (did you mean '%s'?)"::formatted)
        .orElse("");
  }

  /** Levenshtein's. */
  static int distance(String one, String other) {
    var above = new int[other.length() + 1];
    for (var i = 0; i < above.length; i++) {
      above[i] = i;
    }
    for (var i = 1; i <= one.length(); i++) {
      var row = new int[above.length];
      row[0] = i;
      for (var j = 1; j < row.length; j++) {
        var same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(above[j - 1] + same, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[other.length()];
  }
}
