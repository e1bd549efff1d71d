package io.provision.console.text;

import io.provision.engine.event.TargetName;
import java.util.Collection;
import java.util.stream.Collectors;

/** Targets by name, few of them in full and many of them as a count. */
public final class Names {
  private static final int MOST = 6;

  private Names() {}

  /** For example {@code cp1, w1, w2} or {@code w1, w2, w3, w4, w5, w6 and 994 more}. */
  static String of(Collection<TargetName> targets) {
    var named =
        targets.stream()
            .sorted(Names::naturally)
            .limit(targets.size() == MOST + 1 ? MOST + 1 : MOST)
            .map(TargetName::toString)
            .collect(Collectors.joining(", "));
    var more = targets.size() - (targets.size() == MOST + 1 ? MOST + 1 : MOST);
    return more > 0 ? "%s and %d more".formatted(named, more) : named;
  }

  /** w2 before w10. */
  public static int naturally(TargetName one, TargetName other) {
    return key(one).compareTo(key(other));
  }

  private static String key(TargetName target) {
    var out = new StringBuilder();
    var text = target.toString();
    for (var at = 0; at < text.length(); ) {
      var end = at;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      if (end > at) {
        out.append("0".repeat(Math.max(0, 12 - (end - at)))).append(text, at, end);
        at = end;
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.append(' ').append(text).toString();
  }
}
