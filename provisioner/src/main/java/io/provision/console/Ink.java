package io.provision.console;

/** Colours text, or leaves it plain. What it is given must be safe to show already. */
record Ink(boolean colored) {
  static final Ink NONE = new Ink(false);

  /** How to set off a piece of text; {@code code} is the SGR parameter of ECMA-48. */
  enum Paint {
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

  String paint(Paint paint, String text) {
    return colored && paint != Paint.PLAIN && !text.isEmpty()
        ? "\033[%sm%s\033[0m".formatted(paint.code, text)
        : text;
  }

  String bold(String text) {
    return paint(Paint.BOLD, text);
  }

  String dim(String text) {
    return paint(Paint.DIM, text);
  }
}
