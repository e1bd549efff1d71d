package io.provision.resource.kernel;

/** How the kernel writes the keys and the values of sysctl. */
final class SysctlWords {
  private SysctlWords() {}

  /** Its path under /proc/sys: where the first separator is a dot, dots and slashes swap. */
  static String path(String key) {
    var dot = key.indexOf('.');
    var slash = key.indexOf('/');
    if (slash >= 0 && (dot < 0 || slash < dot)) {
      return key;
    }
    var path = new StringBuilder();
    key.chars().forEach(c -> path.append((char) (c == '.' ? '/' : c == '/' ? '.' : c)));
    return path.toString();
  }

  /** Values are compared by their words: the kernel separates them by tabs. */
  static String normal(String value) {
    return value.strip().replaceAll("\\s+", " ");
  }
}
