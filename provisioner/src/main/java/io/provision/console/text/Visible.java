package io.provision.console.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Text from elsewhere, made safe to show: what a terminal would act on, or a reader would not see,
 * becomes an escape such as {@code \x1b} or {@code \u202e}.
 */
public final class Visible {
  /** An end of a line with the space around it, however many there are. */
  private static final Pattern BREAK = Pattern.compile("[ \\t]*[\\r\\n][ \\t\\r\\n]*");

  private static final Pattern END = Pattern.compile(BREAK.pattern() + "\\z");

  private Visible() {}

  /** One line; a line feed or a tab in it is shown as an escape as well. */
  public static String line(String text) {
    return shown(text, false);
  }

  /**
   * A sentence, which may come from elsewhere and there have had several lines: they become one, so
   * that nothing in it looks like a line of ours.
   */
  public static String prose(String text) {
    return line(BREAK.matcher(END.matcher(text).replaceFirst("")).replaceAll(" "));
  }

  /**
   * As {@link #prose}, each of its lines on one of its own; lines with nothing on them are left
   * out.
   */
  public static List<String> proseLines(String text) {
    return BREAK.splitAsStream(END.matcher(text).replaceFirst("")).map(Visible::line).toList();
  }

  /** As {@link #line}, but a tab stays: it is harmless, and files are made of them. */
  public static String fileLine(String text) {
    return shown(text, true);
  }

  private static String shown(String text, boolean keepsTabs) {
    if (text.chars().allMatch(unit -> unit >= ' ' && unit < 0x7f)) {
      return text;
    }
    var out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(point -> {
          if (point == '\t' && keepsTabs) {
            out.append('\t');
          } else if (isHidden(point)) {
            out.append(escape(point));
          } else {
            out.appendCodePoint(point);
          }
        });
    return out.toString();
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static String escape(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> point < 0x100 ? "\\x%02x".formatted(point) : "\\u%04x".formatted(point);
    };
  }
}
