package io.provision.steps.gluster.volume;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a volume option means. Gluster keeps what was typed: {@code 10sec} beside {@code 10}, {@code
 * true} beside {@code on}. Used to compare only; what is set is what the inventory says.
 */
final class OptionValue {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)([a-z]*)");

  /** Sizes in bytes and times in seconds, as gluster's gf_string2bytesize and gf_string2time. */
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("kb", 1L << 10),
          Map.entry("mb", 1L << 20),
          Map.entry("gb", 1L << 30),
          Map.entry("tb", 1L << 40),
          Map.entry("pb", 1L << 50),
          Map.entry("s", 1L),
          Map.entry("sec", 1L),
          Map.entry("m", 60L),
          Map.entry("min", 60L),
          Map.entry("h", 3600L),
          Map.entry("hr", 3600L),
          Map.entry("d", 86400L),
          Map.entry("days", 86400L),
          Map.entry("w", 604800L),
          Map.entry("wk", 604800L));

  private OptionValue() {}

  static boolean same(String first, String second) {
    return canonical(first).equals(canonical(second));
  }

  private static String canonical(String value) {
    var text = value.strip().toLowerCase(Locale.ROOT);
    return switch (text) {
      case "on", "yes", "true", "enable" -> "on";
      case "off", "no", "false", "disable" -> "off";
      default -> amount(text, value);
    };
  }

  private static String amount(String text, String otherwise) {
    var amount = AMOUNT.matcher(text);
    if (!amount.matches() || !UNITS.containsKey(amount.group(2))) {
      return otherwise.strip();
    }
    return new BigDecimal(amount.group(1))
        .multiply(BigDecimal.valueOf(UNITS.get(amount.group(2))))
        .stripTrailingZeros()
        .toPlainString();
  }
}
