package io.provision.console.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jline.utils.WCWidth;

/**
 * Lines for a screen of so many columns: what is longer goes on in the next line, a little further
 * in, and nothing is left out. Between words where it can be; a word that is wider than the screen
 * is parted.
 */
public final class Fold {
  /** Where nothing is folded: in a pipe or a file a line is a line. */
  public static final int NEVER = Integer.MAX_VALUE;

  /** A colour begins or ends, which has no width; see {@link Ink}. */
  private static final Pattern PAINT = Pattern.compile("\\G\033\\[[0-9;]*m");

  private static final int FURTHER_IN = 2;

  private final int columns;
  private final String indent;
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private int used;
  private boolean blank;

  private Fold(int columns, String indent) {
    this.columns = columns;
    this.indent = indent;
  }

  public static List<String> lines(List<String> lines, int columns) {
    return columns == NEVER
        ? lines
        : lines.stream().flatMap(line -> line(line, columns).stream()).toList();
  }

  /** One line of text that is safe to show; at least one line, none wider than that. */
  public static List<String> line(String text, int columns) {
    if (columns == NEVER || width(text) <= columns) {
      return List.of(text);
    }
    var bare = PAINT.matcher(text).replaceAll("");
    var in = bare.length() - bare.stripLeading().length() + FURTHER_IN;
    var fold = new Fold(Math.max(1, columns), " ".repeat(in * 2 > columns ? 0 : in));
    fold.words(text);
    return List.copyOf(fold.lines);
  }

  /** Columns of a screen that this text takes. */
  public static int width(String text) {
    return text.replaceAll("\033\\[[0-9;]*m", "").codePoints().map(Fold::width).sum();
  }

  private static int width(int point) {
    return Math.max(0, WCWidth.wcwidth(point));
  }

  private void words(String text) {
    var from = 0;
    while (from < text.length()) {
      var to = from;
      while (to < text.length() && (text.charAt(to) == ' ') == (text.charAt(from) == ' ')) {
        to++;
      }
      word(text.substring(from, to));
      from = to;
    }
    if (!blank || lines.isEmpty()) {
      lines.add(line.toString().stripTrailing());
    }
  }

  /** A word, or the space before one: that is left out where a line ends. */
  private void word(String text) {
    var wide = width(text);
    if (text.startsWith(" ")) {
      if (used + wide < columns) {
        put(text, wide);
      } else {
        next();
      }
      return;
    }
    if (used > 0 && used + wide > columns && !blank) {
      next();
    }
    if (used + wide <= columns) {
      put(text, wide);
      blank = false;
      return;
    }
    part(text);
  }

  private void part(String text) {
    var at = 0;
    var paint = PAINT.matcher(text);
    while (at < text.length()) {
      if (paint.find(at) && paint.start() == at) {
        line.append(paint.group());
        at = paint.end();
        continue;
      }
      var point = text.codePointAt(at);
      if (used + width(point) > columns) {
        next();
      }
      line.appendCodePoint(point);
      used += width(point);
      blank = false;
      at += Character.charCount(point);
    }
  }

  private void put(String text, int wide) {
    line.append(text);
    used += wide;
  }

  private void next() {
    if (blank) {
      return;
    }
    lines.add(line.toString().stripTrailing());
    line.setLength(0);
    line.append(indent);
    used = indent.length();
    blank = true;
  }
}
