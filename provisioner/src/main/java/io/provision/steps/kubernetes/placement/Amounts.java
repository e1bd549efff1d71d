package io.provision.steps.kubernetes.placement;

import io.provision.kube.Quantity;
import io.provision.steps.kubernetes.Fields;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How much of each resource, by its name: {@code cpu} in cores, {@code memory} in bytes, {@code
 * pods} and what else a node has. What is not named is nothing.
 */
record Amounts(Map<String, BigDecimal> each) {
  static final Amounts NOTHING = new Amounts(Map.of());

  /** Of these a node has so many bytes. */
  private static final BigDecimal MEBIBYTE = BigDecimal.TWO.pow(20);

  private static final BigDecimal GIBIBYTE = BigDecimal.TWO.pow(30);

  Amounts {
    each = Collections.unmodifiableMap(new TreeMap<>(each));
  }

  /** One resource. */
  static Amounts of(String resource, long amount) {
    return new Amounts(Map.of(resource, BigDecimal.valueOf(amount)));
  }

  /** A list of resources as the API gives it; what is not an amount, or less than nothing, is 0. */
  static Amounts read(@Nullable Object raw) {
    var each = new TreeMap<String, BigDecimal>();
    Fields.map(raw)
        .forEach((name, value) ->
            Quantity.amount(String.valueOf(value))
                .filter(it -> it.signum() > 0)
                .ifPresent(it -> each.put(name, it)));
    return new Amounts(each);
  }

  BigDecimal of(String resource) {
    return each.getOrDefault(resource, BigDecimal.ZERO);
  }

  Amounts plus(Amounts more) {
    return merged(more, BigDecimal::add);
  }

  Amounts minus(Amounts less) {
    var negated = new TreeMap<String, BigDecimal>();
    less.each.forEach((name, amount) -> negated.put(name, amount.negate()));
    return plus(new Amounts(negated));
  }

  /** Of each the larger one. */
  Amounts max(Amounts other) {
    return merged(other, BigDecimal::max);
  }

  /** Without what is below nothing. */
  Amounts atLeastNothing() {
    var all = new TreeMap<>(each);
    all.replaceAll((_, amount) -> amount.max(BigDecimal.ZERO));
    return new Amounts(all);
  }

  private Amounts merged(Amounts other, BinaryOperator<BigDecimal> how) {
    var all = new TreeMap<>(each);
    other.each.forEach((name, amount) -> all.merge(name, amount, how));
    return new Amounts(all);
  }

  /** These in place of those of the same name. */
  Amounts replacedBy(Amounts others) {
    return merged(others, (_, other) -> other);
  }

  boolean isEmpty() {
    return each.values().stream().allMatch(it -> it.signum() <= 0);
  }

  /**
   * The first resource of which this is less than what is wanted; what is not wanted counts not.
   */
  Optional<String> lacks(Amounts wanted) {
    return wanted.each.entrySet().stream()
        .filter(it -> it.getValue().signum() > 0)
        .filter(it -> it.getValue().compareTo(of(it.getKey())) > 0)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** For people: {@code 1.5}, {@code 250m}, {@code 512Mi}, {@code 3Gi}. */
  String text(String resource) {
    var amount = of(resource).max(BigDecimal.ZERO);
    if (resource.equals("cpu") && amount.compareTo(BigDecimal.ONE) < 0 && amount.signum() > 0) {
      return plain(amount.movePointRight(3), 0) + "m";
    }
    var bytes =
        resource.equals("memory")
            || resource.equals("ephemeral-storage")
            || resource.startsWith("hugepages-");
    if (bytes && amount.signum() > 0) {
      return amount.compareTo(GIBIBYTE) >= 0
          ? plain(amount.divide(GIBIBYTE), 2) + "Gi"
          : plain(amount.divide(MEBIBYTE), 0) + "Mi";
    }
    return plain(amount, 2);
  }

  private static String plain(BigDecimal amount, int scale) {
    return amount.setScale(scale, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
  }
}
