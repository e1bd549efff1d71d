package io.provision.section;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What was probably meant by a word that is not known. */
public final class DidYouMean {
  /** Beyond these a guess takes longer than it helps. */
  private static final int MOST_KNOWN = 1000;

  private DidYouMean() {}

  /** A sentence to be put behind the reason, or nothing. */
  public static String sentence(String word, Collection<String> known) {
    return nearest(word, known).map(" did you mean '%s'?"::formatted).orElse("");
  }

  /** The nearest of the known words, if one is near. */
  public static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > 60 || known.size() > MOST_KNOWN) {
      return Optional.empty();
    }
    var normal = normal(word);
    return known.stream()
        .filter(
            candidate -> distance(normal, normal(candidate)) <= Math.max(1, normal.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(normal, normal(candidate))));
  }

  /** A sentence that names the file or directory beside the one that is not there, or nothing. */
  public static String beside(Path missing) {
    var directory = missing.toAbsolutePath().getParent();
    var name = missing.getFileName();
    if (directory == null || name == null) {
      return "";
    }
    try (var names = Files.list(directory)) {
      return sentence(
          name.toString(),
          names.limit(MOST_KNOWN + 1).map(each -> each.getFileName().toString()).toList());
    } catch (IOException | UncheckedIOException _) {
      return ""; // what cannot be listed gives no hint
    }
  }

  private static String normal(String word) {
    return word.toLowerCase(java.util.Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** Insertions, deletions, replacements and swapped neighbours between two words. */
  static int distance(String a, String b) {
    var rows = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        var replace = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        rows[i][j] = Math.min(replace, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[a.length()][b.length()];
  }
}
