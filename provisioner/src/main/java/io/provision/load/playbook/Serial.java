package io.provision.load.playbook;

import java.util.regex.Pattern;

/**
 * How many hosts of a play are repaired at a time: {@code 2}, or {@code 30%} of them.
 *
 * @param isPercent whether the amount is in hundredths of all hosts
 */
public record Serial(int amount, boolean isPercent) {
  private static final Pattern GRAMMAR = Pattern.compile("([1-9]\\d{0,4})(%?)");

  public Serial {
    if (amount < 1 || (isPercent && amount > 100)) {
      throw new IllegalArgumentException("serial is at least 1, and at most 100%");
    }
  }

  public static Serial parse(String text) {
    var matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a serial such as 1 or \"30%%\"".formatted(text));
    }
    return new Serial(Integer.parseInt(matcher.group(1)), !matcher.group(2).isEmpty());
  }

  /** The size of a batch out of so many hosts: at least one. */
  public int of(int hosts) {
    return isPercent ? (int) Math.max(1, (long) hosts * amount / 100) : amount;
  }
}
