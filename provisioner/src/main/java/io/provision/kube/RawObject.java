package io.provision.kube;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** JSON of the API as maps and lists. */
public final class RawObject {
  private RawObject() {}

  /** A value as an object; empty where it is none. */
  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  public static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** Whether two values are the same; of numbers it is the amount that counts. */
  public static boolean equal(@Nullable Object one, @Nullable Object other) {
    return one instanceof Number a && other instanceof Number b
        ? new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0
        : Objects.equals(one, other);
  }
}
