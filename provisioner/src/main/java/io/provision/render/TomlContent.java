package io.provision.render;

import io.provision.model.Secret;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Data as TOML 1.0 (toml.io/en/v1.0.0): values of a table first, then its tables. */
public final class TomlContent {
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");

  private TomlContent() {}

  /**
   * Plain data without any secret in it.
   *
   * @param values strings, numbers, booleans, and lists and maps of them
   */
  public static String text(Map<String, ?> values) {
    var out = new StringBuilder();
    table("", values, out);
    return out.toString();
  }

  /** The same, where secrets are among the data: they are asked for when the text is. */
  public static Secret secretText(Map<String, ?> values) {
    return Secret.from(
        "(settings that hold one)",
        () -> text(YamlContent.revealed(values)).getBytes(StandardCharsets.UTF_8));
  }

  private static void table(String name, Map<?, ?> values, StringBuilder out) {
    var tables = new LinkedHashMap<String, Map<?, ?>>();
    var lines = new StringBuilder();
    values.forEach((key, value) -> {
      var word = word(String.valueOf(key));
      if (value instanceof Map<?, ?> map) {
        tables.put(name.isEmpty() ? word : name + "." + word, map);
      } else {
        lines.append(word).append(" = ").append(value(value)).append('\n');
      }
    });
    if (!name.isEmpty() && (!lines.isEmpty() || tables.isEmpty())) {
      out.append(out.isEmpty() ? "" : "\n").append('[').append(name).append("]\n");
    }
    out.append(lines);
    tables.forEach((below, map) -> table(below, map, out));
  }

  private static String word(String key) {
    return BARE.matcher(key).matches() ? key : quoted(key);
  }

  private static String value(Object value) {
    return switch (value) {
      case Boolean flag -> flag.toString();
      case BigDecimal number -> number.toPlainString();
      case Number number -> number.toString();
      case Collection<?> list ->
          "[" + String.join(", ", list.stream().map(TomlContent::value).toList()) + "]";
      case Map<?, ?> map ->
          map.isEmpty()
              ? "{}"
              : "{ "
                  + String.join(
                      ", ",
                      map.entrySet().stream()
                          .map(it ->
                              word(String.valueOf(it.getKey())) + " = " + value(it.getValue()))
                          .toList())
                  + " }";
      default -> quoted(String.valueOf(value));
    };
  }

  /** A basic string: what TOML does not allow in one is written as an escape. */
  private static String quoted(String text) {
    var out = new StringBuilder("\"");
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            default -> {
              if (point < 0x20 || point == 0x7f) {
                out.append("\\u%04x".formatted(point));
              } else {
                out.appendCodePoint(point);
              }
            }
          }
        });
    return out.append('"').toString();
  }
}
