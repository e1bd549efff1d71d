package io.provision.remote;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last line that a running command has printed, to be told every now and then where it is
 * another one than was told before: what takes ten minutes shows that it lives. A line is told
 * behind {@link #PRINTED}, so that nothing that a program prints is taken for a word of ours.
 */
final class LastLine {
  static final String PRINTED = "| ";

  /** Enough for any screen. */
  private static final int LONGEST = 300;

  /** Colours, and what moves a cursor: ECMA-48, CSI and OSC. */
  private static final Pattern CONTROL =
      Pattern.compile("\033(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\007\033]*(?:\007|\033\\\\)|.)");

  private final StringBuilder begun = new StringBuilder();
  private String last = "";
  private String told = "";

  /** A whole line. */
  synchronized void line(String text) {
    var line = text.stripTrailing();
    var shown = CONTROL.matcher(line.substring(line.lastIndexOf('\r') + 1)).replaceAll("").strip();
    if (!shown.isEmpty() && !shown.startsWith("@@")) {
      last = shown.length() > LONGEST ? shown.substring(0, LONGEST) : shown;
    }
  }

  /** A part of a stream, which may end within a line, or a character of it. */
  synchronized void part(String text) {
    begun.append(text);
    var end = Math.max(begun.lastIndexOf("\n"), begun.lastIndexOf("\r"));
    if (end >= 0) {
      for (var each : begun.substring(0, end).split("[\r\n]")) {
        line(each);
      }
      begun.delete(0, end + 1);
    }
    if (begun.length() > 2 * LONGEST) {
      begun.setLength(LONGEST); // what is not shown need not be kept
    }
  }

  /** What was printed so far is not told any more: another command runs now. */
  synchronized void forget() {
    last = told;
    begun.setLength(0);
  }

  /** What is to be told, where it is new. */
  synchronized Optional<String> news() {
    if (last.equals(told)) {
      return Optional.empty();
    }
    told = last;
    return Optional.of(PRINTED + last);
  }
}
