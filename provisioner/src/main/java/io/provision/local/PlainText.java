package io.provision.local;

/** What others said, as it can be shown in a message: on one line, and not much of it. */
final class PlainText {
  private static final int MOST = 200;

  private PlainText() {}

  static String line(String said) {
    var beginning = said.substring(0, Math.min(said.length(), 2 * MOST));
    var line = beginning.replaceAll("[^\\P{C}\\t\\n\\r]", "?").replaceAll("\\s+", " ").strip();
    return line.length() > MOST || beginning.length() < said.length()
        ? line.substring(0, Math.min(line.length(), MOST)) + "..."
        : line;
  }
}
