package io.provision.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which objects are meant, by their labels: {@code matchLabels} and {@code matchExpressions} of
 * meta/v1, all of which must hold. One without any means all.
 */
public record LabelSelector(List<Requirement> requirements) {

  /**
   * One of what must hold.
   *
   * @param operator {@code In}, {@code NotIn}, {@code Exists}, {@code DoesNotExist}; any other one
   *     holds of nothing
   */
  public record Requirement(String key, String operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    boolean holds(Map<String, Object> labels) {
      var there = labels.get(key);
      return switch (operator) {
        case "In" -> there != null && values.contains(there.toString());
        case "NotIn" -> there == null || !values.contains(there.toString());
        case "Exists" -> there != null;
        case "DoesNotExist" -> there == null;
        default -> false;
      };
    }

    /** As {@code kubectl -l} takes it. */
    private String query() {
      return switch (operator) {
        case "In" -> "%s in (%s)".formatted(key, String.join(",", values));
        case "NotIn" -> "%s notin (%s)".formatted(key, String.join(",", values));
        case "DoesNotExist" -> "!" + key;
        default -> key;
      };
    }
  }

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** Reads one as the API gives it. */
  public static LabelSelector of(@Nullable Object selector) {
    var raw = RawObject.map(selector);
    var requirements = new ArrayList<>(labels(raw.get("matchLabels")));
    if (raw.get("matchExpressions") instanceof List<?> expressions) {
      expressions.stream()
          .map(RawObject::map)
          .map(LabelSelector::requirement)
          .forEach(requirements::add);
    }
    return new LabelSelector(requirements);
  }

  /** One that is nothing but labels, as that of a ReplicationController. */
  static LabelSelector ofLabels(@Nullable Object labels) {
    return new LabelSelector(labels(labels));
  }

  private static List<Requirement> labels(@Nullable Object labels) {
    return new TreeMap<>(RawObject.map(labels))
        .entrySet().stream()
            .map(it -> new Requirement(it.getKey(), "In", List.of(String.valueOf(it.getValue()))))
            .toList();
  }

  /** Reads an element of {@code matchExpressions}. */
  public static Requirement requirement(Map<String, Object> raw) {
    return new Requirement(
        String.valueOf(raw.get("key")),
        String.valueOf(raw.get("operator")),
        raw.get("values") instanceof List<?> values
            ? values.stream().map(String::valueOf).toList()
            : List.of());
  }

  /** Whether an object with these labels is meant. */
  public boolean matches(Map<String, Object> labels) {
    return requirements.stream().allMatch(it -> it.holds(labels));
  }

  /** As a request takes it; empty for all. */
  String query() {
    return requirements.stream().map(Requirement::query).collect(Collectors.joining(","));
  }
}
