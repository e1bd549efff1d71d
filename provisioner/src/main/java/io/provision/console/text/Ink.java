package io.provision.console.text;

/** Colours text, or leaves it plain. What it is given must be safe to show already. */
public record Ink(boolean colored) {
  public static final Ink NONE = new Ink(false);

  /** How to set off a piece of text; {@code code} is the SGR parameter of ECMA-48. */
  public enum Paint {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Paint(String code) {
      this.code = code;
    }
  }

  public String paint(Paint paint, String text) {
    return colored && paint != Paint.PLAIN && !text.isEmpty()
        ? "\033[%sm%s\033[0m".formatted(paint.code, text)
        : text;
  }

  public String bold(String text) {
    return paint(Paint.BOLD, text);
  }

  String dim(String text) {
    return paint(Paint.DIM, text);
  }
}
