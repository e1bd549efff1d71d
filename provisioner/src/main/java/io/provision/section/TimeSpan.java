package io.provision.section;

import java.time.Duration;
import java.util.regex.Pattern;

/** A length of time in one unit. */
@Text(kind = "length of time such as 90s, 5m, 12h, 30d or 2w", sample = "5m")
public record TimeSpan(String text) {
  static final Pattern GRAMMAR = Pattern.compile("[1-9]\\d{0,4}[smhdw]");

  public TimeSpan {
    Form.required(GRAMMAR, text, "length of time: write 90s, 5m, 12h, 30d or 2w");
  }

  public Duration duration() {
    var number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      case 'd' -> Duration.ofDays(number);
      default -> Duration.ofDays(7 * number);
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
