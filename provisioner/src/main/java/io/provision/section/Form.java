package io.provision.section;

import java.util.regex.Pattern;

/** Holds texts to their grammar. */
public final class Form {
  private static final Pattern WHOLE = Pattern.compile("0|[1-9]\\d{0,7}");

  private Form() {}

  /**
   * The text.
   *
   * @throws IllegalArgumentException where it does not match, with what it should be
   */
  public static String required(Pattern pattern, String text, String what) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' is not a valid %s".formatted(text, what));
    }
    return text;
  }

  /**
   * A whole number of at most eight digits.
   *
   * @throws IllegalArgumentException where it is none, or outside of the limits
   */
  public static int number(String text, int min, int max) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' is not a whole number".formatted(text));
    }
    var value = Integer.parseInt(text);
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is out of range: it must be between %d and %d".formatted(text, min, max));
    }
    return value;
  }
}
