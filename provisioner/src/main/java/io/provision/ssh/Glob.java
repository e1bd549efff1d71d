package io.provision.ssh;

import java.util.List;
import java.util.Locale;

/** The patterns of ssh_config and known_hosts: {@code *}, {@code ?}, and {@code !} to negate. */
final class Glob {
  private Glob() {}

  /** Whether one pattern matches and no negated one does; host names have no case. */
  static boolean matchesAny(List<String> patterns, String host) {
    var found = false;
    for (var pattern : patterns) {
      if (pattern.startsWith("!")) {
        if (matches(pattern.substring(1), host)) {
          return false;
        }
      } else {
        found |= matches(pattern, host);
      }
    }
    return found;
  }

  static boolean isGlob(String pattern) {
    return pattern.contains("*") || pattern.contains("?") || pattern.startsWith("!");
  }

  /** Linear in both lengths times the number of stars: no pattern can make it explode. */
  static boolean matches(String pattern, String text) {
    var p = pattern.toLowerCase(Locale.ROOT);
    var t = text.toLowerCase(Locale.ROOT);
    int at = 0;
    int star = -1;
    int retry = 0;
    int in = 0;
    while (at < t.length()) {
      if (in < p.length()
          && (p.charAt(in) == '?' || p.charAt(in) == t.charAt(at))
          && p.charAt(in) != '*') {
        in++;
        at++;
      } else if (in < p.length() && p.charAt(in) == '*') {
        star = in++;
        retry = at;
      } else if (star >= 0) {
        in = star + 1;
        at = ++retry;
      } else {
        return false;
      }
    }
    while (in < p.length() && p.charAt(in) == '*') {
      in++;
    }
    return in == p.length();
  }
}
