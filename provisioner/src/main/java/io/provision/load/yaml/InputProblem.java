package io.provision.load.yaml;

import io.provision.model.Position;

/**
 * Something wrong with the input, or worth a warning.
 *
 * @param reason what is wrong and what to do; control characters are shown as escapes, so that it
 *     can go to a terminal
 */
public record InputProblem(Position at, String reason) {
  private static final int LONGEST = 500;

  public InputProblem {
    reason = shown(reason);
  }

  private static String shown(String text) {
    var out = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(point -> {
          if (isHidden(point)) {
            out.append("\\u%04x".formatted(point));
          } else {
            out.appendCodePoint(point);
          }
        });
    return text.codePointCount(0, text.length()) > LONGEST
        ? out.append("...").toString()
        : out.toString();
  }

  /** Whether a terminal would act on it, or a reader would not see it. */
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

  @Override
  public String toString() {
    return shown(at.toString()) + ": " + reason;
  }
}
