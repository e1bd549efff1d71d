package io.provision.engine.session;

import java.util.List;
import java.util.stream.Stream;

/** The last lines of something printed. */
final class Lines {
  private static final int KEPT = 20;

  /** Of stdout, where stderr says something as well. */
  private static final int FEW = 5;

  private Lines() {}

  static List<String> last(String text) {
    return last(text, KEPT);
  }

  /** The last of both streams of a command; what it printed on stderr comes last. */
  static List<String> ofBoth(String stdout, String stderr) {
    var errors = last(stderr, KEPT);
    var others = last(stdout, errors.isEmpty() ? KEPT : FEW);
    return Stream.concat(others.stream(), errors.stream()).toList();
  }

  private static List<String> last(String text, int most) {
    var lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - most), lines.size());
  }
}
