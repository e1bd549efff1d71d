package io.provision.remote;

/**
 * The one place where a value becomes a word of a POSIX shell. The property test sends any Unicode
 * string through a real shell and gets it back byte for byte.
 */
public final class Quote {
  private Quote() {}

  /**
   * The value as a single word.
   *
   * @throws IllegalArgumentException for a NUL character, which no argument can hold
   */
  public static String word(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("an argument cannot hold a NUL character");
    }
    return "'" + value.replace("'", "'\\''") + "'";
  }
}
