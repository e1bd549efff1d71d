package io.provision.load.bind;

import io.provision.load.yaml.Problems;
import io.provision.section.Node.Scalar;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the text of one scalar means, given the kind of value that is expected. */
public final class Scalars {
  private static final Set<String> BOOLEANS = Set.of("true", "false", "yes", "no", "on", "off");
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d{0,17})");
  public static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

  private Scalars() {}

  /** Text as data; refuses what other readers of YAML would take for a boolean. */
  public static Optional<String> text(Scalar scalar, Problems problems) {
    var text = scalar.text();
    if (scalar.plain() && BOOLEANS.contains(text.toLowerCase(Locale.ROOT))) {
      problems.add(
          scalar.position(),
          "%s without quotes is a boolean in YAML. write \"%s\" if the text is meant."
              .formatted(text, text));
      return Optional.empty();
    }
    if (text.codePoints().anyMatch(Scalars::isControl)) {
      problems.add(scalar.position(), "the text holds a control character. take it out.");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  private static boolean isControl(int point) {
    return Character.isISOControl(point) && point != '\n' && point != '\t';
  }

  static Optional<Boolean> flag(Scalar scalar, Problems problems) {
    if (scalar.plain()) {
      switch (scalar.text().toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on":
          return Optional.of(true);
        case "false", "no", "off":
          return Optional.of(false);
        default:
          break;
      }
    }
    problems.add(
        scalar.position(), "'%s' is not a boolean. write true or false.".formatted(scalar.text()));
    return Optional.empty();
  }

  static Optional<Long> whole(Scalar scalar, long min, long max, Problems problems) {
    var text = scalar.text();
    if (!WHOLE.matcher(text).matches()) {
      problems.add(scalar.position(), "'%s' is not a whole number.".formatted(text));
      return Optional.empty();
    }
    var value = Long.parseLong(text);
    if (value < min || value > max) {
      problems.add(
          scalar.position(),
          "%s is out of range: it must be between %d and %d.".formatted(text, min, max));
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /** Reads {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h} or {@code 1d}. */
  static Duration duration(String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a duration such as 10s, 5m or 2h.".formatted(text));
    }
    var amount = Long.parseLong(matcher.group(1));
    if (amount == 0) {
      throw new IllegalArgumentException(
          "'%s' is not a time in which anything can be done. write for example 10s."
              .formatted(text));
    }
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
