package io.provision.steps.kubernetes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of a status, which is whatever an API says: what has another shape is not there. */
public final class Fields {
  /** Longer messages end here: a status is one screen. */
  private static final int LONGEST = 200;

  private Fields() {}

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  public static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  public static List<Map<String, Object>> maps(@Nullable Object value) {
    return value instanceof List<?> list
        ? list.stream().filter(Map.class::isInstance).map(Fields::map).toList()
        : List.of();
  }

  public static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }

  /** {@code Reason: message}, on one line, or what there is of it. */
  public static String reason(Map<String, Object> of) {
    var reason = text(of.get("reason"));
    var message = text(of.get("message")).strip().replaceAll("\\s*\\R\\s*", " ");
    var all = reason.isEmpty() || message.isEmpty() ? reason + message : reason + ": " + message;
    return all.length() > LONGEST ? all.substring(0, LONGEST) + " ..." : all;
  }
}
