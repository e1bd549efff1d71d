package io.provision.steps.kubeadm.adoption;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings by where they stand, as {@code evictionHard/memory.available}: maps are taken apart, and
 * lists of what has a name and a value (kubeadm's {@code extraArgs}) too; other lists stay whole.
 */
final class Leaves {
  /** Headers may be logins. */
  private static final Pattern SECRET = Pattern.compile("(?i)secret|token|password|header|^auth$");

  /** A URL with a login in it. */
  private static final Pattern LOGIN = Pattern.compile("://[^/]*@");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/%-]*");

  private Leaves() {}

  static SortedMap<String, Object> of(Map<?, ?> settings) {
    var leaves = new TreeMap<String, Object>();
    settings.forEach((key, value) -> add(String.valueOf(key), value, leaves));
    return leaves;
  }

  private static void add(
      String at, @org.jspecify.annotations.Nullable Object value, Map<String, Object> leaves) {
    switch (value) {
      case null -> {} // not set
      case Map<?, ?> map -> map.forEach((key, inner) -> add(at + "/" + key, inner, leaves));
      case List<?> list when isNamed(list) ->
          list.forEach(each -> {
            var pair = (Map<?, ?>) each;
            add(at + "/" + pair.get("name"), pair.get("value"), leaves);
          });
      default -> leaves.put(at, value);
    }
  }

  private static boolean isNamed(List<?> list) {
    return !list.isEmpty()
        && list.stream()
            .allMatch(each ->
                each instanceof Map<?, ?> map
                    && map.containsKey("name")
                    && map.containsKey("value"));
  }

  /**
   * As an inventory would say them, in one line: {@code evictionHard: { memory.available: 1Gi }}.
   */
  static String written(Map<String, Object> leaves) {
    var tree = new TreeMap<String, Object>();
    leaves.forEach((at, value) -> plant(tree, List.of(at.split("/", -1)), value));
    return flow(tree);
  }

  @SuppressWarnings("unchecked")
  private static void plant(Map<String, Object> tree, List<String> path, Object value) {
    if (path.size() == 1) {
      tree.put(path.getFirst(), value);
      return;
    }
    var inner = tree.computeIfAbsent(path.getFirst(), _ -> new TreeMap<String, Object>());
    plant((Map<String, Object>) inner, path.subList(1, path.size()), value);
  }

  private static String flow(Map<?, ?> tree) {
    var words = new ArrayList<String>();
    tree.forEach((key, value) -> words.add(key + ": " + shown(String.valueOf(key), value)));
    return String.join(", ", words);
  }

  private static String shown(String key, Object value) {
    if (SECRET.matcher(key).find()) {
      return "...";
    }
    if (value instanceof Map<?, ?> inner) {
      return "{ %s }".formatted(flow(inner));
    }
    var text = String.valueOf(value);
    if (LOGIN.matcher(text).find()) {
      return "...";
    }
    var isPlain = value instanceof List<?> || PLAIN.matcher(text).matches();
    return isPlain ? text : "'%s'".formatted(text.replace("'", "''"));
  }

  /** Whether two are one: numbers, quoted or not, and durations, which have several spellings. */
  static boolean isSame(Object one, Object other) {
    return one instanceof List<?> first && other instanceof List<?> second
        ? words(first).equals(words(second))
        : word(one).equals(word(other));
  }

  private static List<String> words(List<?> list) {
    var words = new ArrayList<String>();
    list.forEach(each -> words.add(word(Objects.requireNonNullElse(each, ""))));
    return words;
  }

  /** Go writes a duration with all its smaller units: 5m is 5m0s (time.Duration). */
  private static String word(Object value) {
    return String.valueOf(value).replaceFirst("(?<=[hm])0s$", "").replaceFirst("(?<=h)0m$", "");
  }
}
