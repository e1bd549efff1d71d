package io.provision.kube;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a workload runs as declared. No record, so that its text is its own. */
public final class Readiness {
  private final boolean done;
  private final String why;

  private Readiness(boolean done, String why) {
    this.done = done;
    this.why = why;
  }

  /** Whether the newest generation is there and available. */
  public boolean done() {
    return done;
  }

  /** What the status says of it, for people. */
  public String why() {
    return why;
  }

  /** Nothing: it changes by itself, so no plan may rest on it. */
  @Override
  public String toString() {
    return "";
  }

  /** Of a Deployment, as {@code kubectl rollout status} sees it; empty for all other kinds. */
  static Optional<Readiness> of(Map<String, Object> raw) {
    if (!"Deployment".equals(raw.get("kind"))) {
      return Optional.empty();
    }
    var status = RawObject.map(raw.get("status"));
    var wanted = number(RawObject.map(raw.get("spec")).getOrDefault("replicas", 1));
    var seen = number(status.getOrDefault("observedGeneration", 0));
    var generation = number(RawObject.map(raw.get("metadata")).getOrDefault("generation", 0));
    var updated = number(status.getOrDefault("updatedReplicas", 0));
    var available = number(status.getOrDefault("availableReplicas", 0));
    var all = number(status.getOrDefault("replicas", 0));
    var done = seen >= generation && updated >= wanted && available >= updated && all <= updated;
    return Optional.of(
        new Readiness(
            done, "%d of %d available%s".formatted(available, wanted, conditions(status))));
  }

  private static String conditions(Map<String, Object> status) {
    var text = new StringBuilder();
    if (status.get("conditions") instanceof List<?> conditions) {
      for (var condition : conditions) {
        var each = RawObject.map(condition);
        if (!"True".equals(each.get("status")) && each.get("message") != null) {
          text.append("; ").append(each.get("message"));
        }
      }
    }
    return text.toString();
  }

  private static long number(Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
