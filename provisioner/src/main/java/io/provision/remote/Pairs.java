package io.provision.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * What was printed in lines of {@code key=value}; what is no such line counts for nothing.
 *
 * @param values of each key, in the order of their lines; never an empty list
 */
public record Pairs(Map<String, List<String>> values) {
  public Pairs {
    values = Map.copyOf(values);
  }

  public static Pairs of(Frame frame) {
    return of(frame.output());
  }

  public static Pairs of(String lines) {
    return read(lines, value -> value);
  }

  /** Without the blanks around values. */
  public static Pairs stripped(Frame frame) {
    return read(frame.output(), String::strip);
  }

  private static Pairs read(String lines, UnaryOperator<String> value) {
    var values = new LinkedHashMap<String, List<String>>();
    for (var line : lines.split("\n")) {
      var equals = line.indexOf('=');
      if (equals > 0) {
        values
            .computeIfAbsent(line.substring(0, equals), _ -> new ArrayList<>())
            .add(value.apply(line.substring(equals + 1)));
      }
    }
    values.replaceAll((_, list) -> List.copyOf(list));
    return new Pairs(values);
  }

  /** Whether there is such a line, whatever its value. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  public List<String> all(String key) {
    return values.getOrDefault(key, List.of());
  }

  /** Empty where there is none. */
  public String first(String key) {
    return has(key) ? all(key).getFirst() : "";
  }

  /** Empty where there is none. */
  public String last(String key) {
    return has(key) ? all(key).getLast() : "";
  }

  /** The text that the last one is in base64; empty where it is not, such as one that was cut. */
  public String decoded(String key) {
    try {
      return new String(Base64.getDecoder().decode(last(key)), UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  /** The first one, where it is a whole number of at most 15 digits. */
  public OptionalLong number(String key) {
    var text = first(key);
    return text.matches("\\d{1,15}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
