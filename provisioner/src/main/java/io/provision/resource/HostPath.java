package io.provision.resource;

import java.util.regex.Pattern;

/** The grammar of paths on hosts. */
public final class HostPath {
  private static final Pattern GRAMMAR = Pattern.compile("(/[^/\\\\\\p{Cntrl}]+)+");

  private HostPath() {}

  /**
   * The path itself, if it is absolute and plain: no {@code ..}, no empty part, no backslash and no
   * control character.
   */
  public static String require(String path) {
    if (!GRAMMAR.matcher(path).matches()
        || (path + "/").contains("/../")
        || (path + "/").contains("/./")) {
      throw new IllegalArgumentException(
          "'%s' is not a path on a host: absolute, without '..', '//', backslash or line break"
              .formatted(
                  path.codePoints()
                      .map(c -> Character.isISOControl(c) ? '?' : c)
                      .collect(
                          StringBuilder::new,
                          StringBuilder::appendCodePoint,
                          StringBuilder::append)));
    }
    return path;
  }
}
