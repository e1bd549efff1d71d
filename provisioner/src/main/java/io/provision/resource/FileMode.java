package io.provision.resource;

import java.util.regex.Pattern;

/** The permission bits of a file, 0 to 07777. */
public record FileMode(int bits) {
  public static final FileMode PRIVATE = new FileMode(0600);
  public static final FileMode PUBLIC = new FileMode(0644);
  public static final FileMode DIRECTORY = new FileMode(0755);
  public static final FileMode PROGRAM = new FileMode(0755);
  private static final Pattern GRAMMAR = Pattern.compile("0?[0-7]{3,4}");

  public FileMode {
    if (bits < 0 || bits > 07777) {
      throw new IllegalArgumentException("mode %o is not between 0 and 7777".formatted(bits));
    }
  }

  /** Reads an octal mode such as {@code 0644}. */
  public static FileMode parse(String text) {
    if (!GRAMMAR.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' is not a mode such as \"0644\"".formatted(text));
    }
    return new FileMode(Integer.parseInt(text, 8));
  }

  /** Whether only the owner may do anything with it. */
  public boolean isPrivate() {
    return (bits & 0077) == 0;
  }

  /** Whether anybody may write it. */
  public boolean isOpenToAll() {
    return (bits & 0002) != 0;
  }

  /** The same, but that others may not write. */
  public FileMode closed() {
    return new FileMode(bits & ~0002);
  }

  @Override
  public String toString() {
    return "%04o".formatted(bits);
  }
}
