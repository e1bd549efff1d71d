package io.provision.steps.doctor;

import io.provision.remote.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Answers in lines of {@code key=value}. */
final class Answers {
  private Answers() {}

  /** Of several lines of one key the first counts. */
  static Map<String, String> of(Frame frame) {
    var values = new LinkedHashMap<String, String>();
    for (var line : frame.output().split("\n")) {
      var equals = line.indexOf('=');
      if (equals > 0) {
        values.putIfAbsent(line.substring(0, equals), line.substring(equals + 1).strip());
      }
    }
    return Collections.unmodifiableMap(values);
  }

  /** The values of all lines of one key, without those that are empty. */
  static List<String> all(Frame frame, String key) {
    var values = new ArrayList<String>();
    for (var line : frame.output().split("\n")) {
      if (line.startsWith(key + "=") && line.length() > key.length() + 1) {
        values.add(line.substring(key.length() + 1).strip());
      }
    }
    return List.copyOf(values);
  }

  static OptionalLong number(Map<String, String> values, String key) {
    var text = values.getOrDefault(key, "");
    return text.matches("\\d{1,15}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
