package io.provision.steps.kubernetes.placement;

import io.provision.steps.kubernetes.Fields;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What keeps pods off a node that do not tolerate it, as its Node has it. */
record NodeTaint(String key, String value, String effect) {
  /** Whoever runs there already may stay, or not: none of these is gone to. */
  private static final Set<String> KEEP_OFF = Set.of("NoSchedule", "NoExecute");

  /** Of a node that is cordoned; whether it is, is asked otherwise. */
  private static final String CORDON = "node.kubernetes.io/unschedulable";

  /** Those that keep pods off. */
  static List<NodeTaint> read(@Nullable Object raw) {
    return Fields.maps(raw).stream()
        .map(it -> new NodeTaint(text(it, "key"), text(it, "value"), text(it, "effect")))
        .filter(it -> KEEP_OFF.contains(it.effect()) && !it.key().equals(CORDON))
        .toList();
  }

  private static String text(Map<String, Object> raw, String key) {
    return Objects.toString(raw.get(key), "");
  }

  /** A pod's own word; see {@code Toleration} of core/v1. */
  record Toleration(String key, String operator, String value, String effect) {
    static List<Toleration> read(@Nullable Object raw) {
      return Fields.maps(raw).stream()
          .map(it ->
              new Toleration(
                  text(it, "key"), text(it, "operator"), text(it, "value"), text(it, "effect")))
          .toList();
    }

    boolean tolerates(NodeTaint taint) {
      if (!effect.isEmpty() && !effect.equals(taint.effect)) {
        return false;
      }
      return switch (operator) {
        case "Exists" -> key.isEmpty() || key.equals(taint.key);
        case "", "Equal" -> key.equals(taint.key) && value.equals(taint.value);
        default -> false;
      };
    }
  }

  boolean isToleratedBy(List<Toleration> tolerations) {
    return tolerations.stream().anyMatch(it -> it.tolerates(this));
  }

  /** {@code key=value:effect}. */
  @Override
  public String toString() {
    return "%s%s:%s".formatted(key, value.isEmpty() ? "" : "=" + value, effect);
  }
}
