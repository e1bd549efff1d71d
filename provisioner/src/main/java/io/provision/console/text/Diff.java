package io.provision.console.text;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.List;

/** Unified diffs of file contents, each line of them safe to show. */
public final class Diff {
  private static final int CONTEXT = 3;
  private static final int LONGEST_INPUT = 20_000;

  private Diff() {}

  /**
   * The hunks without the two lines that name files. Contents that differ only in the newline at
   * their end, or are too long to compare line by line, say so instead.
   */
  public static List<String> hunks(String from, String to) {
    var before = lines(from);
    var after = lines(to);
    if (before.size() > LONGEST_INPUT || after.size() > LONGEST_INPUT) {
      return List.of(
          "(%d lines now, %d lines then: too long to compare here)"
              .formatted(before.size(), after.size()));
    }
    var patch = DiffUtils.diff(before, after);
    var unified = UnifiedDiffUtils.generateUnifiedDiff("", "", before, patch, CONTEXT);
    var hunks =
        new ArrayList<>(
            unified.stream().skip(Math.min(2, unified.size())).map(Visible::fileLine).toList());
    if (endsOpen(from) != endsOpen(to)) {
      hunks.add(
          endsOpen(to)
              ? "\\ No newline at end of file any more"
              : "\\ Newline at end of file added");
    }
    return List.copyOf(hunks);
  }

  private static boolean endsOpen(String text) {
    return !text.isEmpty() && !text.endsWith("\n");
  }

  private static List<String> lines(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    var whole = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    return List.of(whole.split("\n", -1));
  }
}
