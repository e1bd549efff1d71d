package io.provision.engine;

import java.util.List;

/** The last lines of something printed. */
final class Lines {
  private static final int KEPT = 20;

  private Lines() {}

  static List<String> last(String text) {
    var lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - KEPT), lines.size());
  }
}
