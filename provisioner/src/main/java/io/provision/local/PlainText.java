package io.provision.local;

import java.util.regex.Pattern;

/** What others said, as it can be shown in a message: on one line, and not much of it. */
final class PlainText {
  private static final int MOST = 200;

  /** Colours, and what moves a cursor (ECMA-48, CSI). */
  private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]");

  private PlainText() {}

  static String line(String said) {
    var beginning = said.substring(0, Math.min(said.length(), 2 * MOST));
    var plain = CONTROL.matcher(beginning).replaceAll("");
    var line = plain.replaceAll("[^\\P{C}\\t\\n\\r]", "?").replaceAll("\\s+", " ").strip();
    return line.length() > MOST || beginning.length() < said.length()
        ? line.substring(0, Math.min(line.length(), MOST)) + "..."
        : line;
  }
}
