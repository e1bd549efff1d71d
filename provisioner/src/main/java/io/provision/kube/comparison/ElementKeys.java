package io.provision.kube.comparison;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys by which managedFields names an element of a list: {@code k:{"name":"web"}}. */
public final class ElementKeys {
  private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*+)\"";
  private static final Pattern PAIR =
      Pattern.compile(TEXT + ":(?:" + TEXT + "|(-?[0-9.eE+-]{1,40})|(true|false|null))");

  private ElementKeys() {}

  /** The keys with their values; empty where it names no element by keys. */
  public static Optional<Map<String, Object>> of(String name) {
    if (!name.startsWith("k:{")) {
      return Optional.empty();
    }
    var keys = new LinkedHashMap<String, Object>();
    var pairs = PAIR.matcher(name);
    while (pairs.find()) {
      keys.put(plain(pairs.group(1)), value(pairs));
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
  }

  /** A scalar as {@code v:} writes it. */
  public static String scalar(Object value) {
    return value instanceof String text
        ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
        : String.valueOf(value);
  }

  private static Object value(java.util.regex.Matcher pair) {
    if (pair.group(2) != null) {
      return plain(pair.group(2));
    }
    if (pair.group(3) != null) {
      try {
        return new BigDecimal(pair.group(3));
      } catch (NumberFormatException _) {
        return pair.group(3);
      }
    }
    return Boolean.parseBoolean(pair.group(4));
  }

  private static String plain(String escaped) {
    return escaped.indexOf('\\') < 0 ? escaped : escaped.replaceAll("\\\\(.)", "$1");
  }
}
