package io.provision.kube;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amounts of memory, disk and CPU: {@code 1Gi}, {@code 1024Mi}, {@code 500m}. The API writes them
 * its own way. Grammar:
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
public final class Quantity {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "([+-]?(?:\\d{1,40}(?:\\.\\d{0,40})?|\\.\\d{1,40}))([eE][+-]?\\d{1,2}|Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])?");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.valueOf(1, 9)),
          Map.entry("u", BigDecimal.valueOf(1, 6)),
          Map.entry("m", BigDecimal.valueOf(1, 3)),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("P", BigDecimal.TEN.pow(15)),
          Map.entry("E", BigDecimal.TEN.pow(18)),
          Map.entry("Ki", BigDecimal.TWO.pow(10)),
          Map.entry("Mi", BigDecimal.TWO.pow(20)),
          Map.entry("Gi", BigDecimal.TWO.pow(30)),
          Map.entry("Ti", BigDecimal.TWO.pow(40)),
          Map.entry("Pi", BigDecimal.TWO.pow(50)),
          Map.entry("Ei", BigDecimal.TWO.pow(60)));

  private Quantity() {}

  /** The amount, or empty where the text is none. */
  public static Optional<BigDecimal> amount(String text) {
    var parts = GRAMMAR.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var number =
        new BigDecimal(parts.group(1).startsWith(".") ? "0" + parts.group(1) : parts.group(1));
    var unit = parts.group(2);
    if (unit == null) {
      return Optional.of(number);
    }
    var factor = UNITS.get(unit);
    return Optional.of(
        factor != null
            ? number.multiply(factor)
            : number.scaleByPowerOfTen(Integer.parseInt(unit.substring(1))));
  }

  public static boolean same(String one, String other) {
    var amount = amount(one);
    return amount.isPresent()
        && amount(other).map(it -> it.compareTo(amount.get()) == 0).orElse(false);
  }
}
