package io.provision.steps.k3s;

import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes plain values as YAML that a person likes to read and compare: block style, the order
 * given, strings quoted unless they are plain words that no YAML version takes for anything else.
 */
final class PlainYaml {
  private static final Pattern WORD = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");
  private static final Pattern NOT_A_STRING =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

  private PlainYaml() {}

  /** A document. Values are strings, numbers, booleans, and lists and maps of them. */
  static String of(Map<String, ?> values) {
    var text = new StringBuilder();
    mapping(values, "", text);
    return text.toString();
  }

  private static void mapping(Map<?, ?> values, String indent, StringBuilder text) {
    values.forEach((key, value) -> {
      text.append(indent).append(scalar(String.valueOf(key))).append(':');
      below(value, indent + "  ", text);
    });
  }

  private static void below(Object value, String indent, StringBuilder text) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        text.append('\n');
        mapping(map, indent, text);
      }
      case Collection<?> list when !list.isEmpty() -> {
        text.append('\n');
        for (var item : list) {
          text.append(indent).append('-');
          below(item, indent + "  ", text);
        }
      }
      case Map<?, ?> _ -> text.append(" {}\n");
      case Collection<?> _ -> text.append(" []\n");
      default -> text.append(' ').append(scalar(value)).append('\n');
    }
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> string(String.valueOf(value));
    };
  }

  private static String string(String text) {
    if (WORD.matcher(text).matches() && !NOT_A_STRING.matcher(text).matches()) {
      return text;
    }
    var quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            default -> {
              if (c < 0x20 || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            }
          }
        });
    return quoted.append('"').toString();
  }
}
