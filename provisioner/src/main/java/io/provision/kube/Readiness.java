package io.provision.kube;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a workload runs as declared. No record, so that its text is its own. */
public final class Readiness {
  private final boolean done;
  private final String why;
  private final long running;

  private Readiness(boolean done, String why, long running) {
    this.done = done;
    this.why = why;
    this.running = running;
  }

  /** Whether the newest generation is there and available. */
  public boolean done() {
    return done;
  }

  /** What the status says of it, for people. */
  public String why() {
    return why;
  }

  /** How many of its pods are available; 0 for what has none. Of a pod, 1 until it has ended. */
  public long running() {
    return running;
  }

  /** Nothing: it changes by itself, so no plan may rest on it. */
  @Override
  public String toString() {
    return "";
  }

  /** Of what comes up after it was applied; empty for all other kinds. */
  static Optional<Readiness> of(Map<String, Object> raw) {
    return switch (String.valueOf(raw.get("kind"))) {
      case "Deployment" -> Optional.of(deployment(raw));
      case "DaemonSet" -> Optional.of(daemonSet(raw));
      case "Pod" -> Optional.of(ofPod(raw));
      case "CustomResourceDefinition" -> Optional.of(definition(raw));
      case "TigeraStatus" -> Optional.of(verdict(raw));
      case "Namespace" -> isGoing(raw) ? Optional.of(ending(raw)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isGoing(Map<String, Object> raw) {
    return RawObject.map(raw.get("metadata")).get("deletionTimestamp") != null;
  }

  /** What is left in it, and whose finalizers hold that (NamespaceConditionType of core/v1). */
  private static Readiness ending(Map<String, Object> raw) {
    var said = new LinkedHashSet<String>();
    if (RawObject.map(raw.get("status")).get("conditions") instanceof List<?> conditions) {
      for (var each : conditions) {
        var condition = RawObject.map(each);
        if ("True".equals(condition.get("status")) && condition.get("message") != null) {
          said.add(String.valueOf(condition.get("message")));
        }
      }
    }
    return new Readiness(false, String.join("; ", said), 0);
  }

  /** Its kind is served; see {@code Established} in the conditions of a definition. */
  private static Readiness definition(Map<String, Object> raw) {
    var status = RawObject.map(raw.get("status"));
    var done =
        status.get("conditions") instanceof List<?> conditions
            && conditions.stream()
                .map(RawObject::map)
                .anyMatch(
                    it -> "Established".equals(it.get("type")) && "True".equals(it.get("status")));
    return new Readiness(done, "it is not served yet" + conditions(status), 0);
  }

  /**
   * It runs somewhere: a node that is down must not hold up what has nothing to do with it, and
   * whether each node is as it should be is asked of the nodes.
   */
  private static Readiness daemonSet(Map<String, Object> raw) {
    var status = RawObject.map(raw.get("status"));
    var seen = number(status.getOrDefault("observedGeneration", 0));
    var generation = number(RawObject.map(raw.get("metadata")).getOrDefault("generation", 0));
    var wanted = number(status.getOrDefault("desiredNumberScheduled", 0));
    var available = number(status.getOrDefault("numberAvailable", 0));
    return new Readiness(
        seen >= generation && (wanted == 0 || available > 0),
        "available on %d of %d nodes%s".formatted(available, wanted, conditions(status)),
        available);
  }

  /**
   * Nothing waits for a pod as such; why it is not placed, or what its containers wait for, is what
   * a workload does not say of its pods (PodStatus of core/v1).
   */
  static Readiness ofPod(Map<String, Object> raw) {
    var status = RawObject.map(raw.get("status"));
    var ended = Set.of("Failed", "Succeeded").contains(String.valueOf(status.get("phase")));
    return new Readiness(true, String.join("; ", keeping(status)), ended ? 0 : 1);
  }

  private static Set<String> keeping(Map<String, Object> status) {
    var said = new LinkedHashSet<String>();
    if (status.get("message") != null) {
      said.add(String.valueOf(status.get("message")));
    }
    if (status.get("conditions") instanceof List<?> conditions) {
      conditions.stream()
          .map(RawObject::map)
          .filter(it -> "PodScheduled".equals(it.get("type")) && "False".equals(it.get("status")))
          .map(it -> String.valueOf(it.get("message")))
          .forEach(said::add);
    }
    for (var key : List.of("initContainerStatuses", "containerStatuses")) {
      if (status.get(key) instanceof List<?> containers) {
        containers.stream()
            .map(it -> RawObject.map(RawObject.map(RawObject.map(it).get("state")).get("waiting")))
            .filter(it -> it.get("reason") != null)
            .map(it ->
                it.get("message") == null
                    ? String.valueOf(it.get("reason"))
                    : "%s: %s".formatted(it.get("reason"), it.get("message")))
            .forEach(said::add);
      }
    }
    return said;
  }

  /** As {@code kubectl rollout status} sees it. */
  private static Readiness deployment(Map<String, Object> raw) {
    var status = RawObject.map(raw.get("status"));
    var wanted = number(RawObject.map(raw.get("spec")).getOrDefault("replicas", 1));
    var seen = number(status.getOrDefault("observedGeneration", 0));
    var generation = number(RawObject.map(raw.get("metadata")).getOrDefault("generation", 0));
    var updated = number(status.getOrDefault("updatedReplicas", 0));
    var available = number(status.getOrDefault("availableReplicas", 0));
    var all = number(status.getOrDefault("replicas", 0));
    var done = seen >= generation && updated >= wanted && available >= updated && all <= updated;
    return new Readiness(
        done, "%d of %d available%s".formatted(available, wanted, conditions(status)), available);
  }

  /**
   * What Calico's operator says of all that it runs for an object: Available, Progressing and
   * Degraded, each with its message
   * (https://docs.tigera.io/calico/latest/reference/installation/api, TigeraStatus).
   */
  private static Readiness verdict(Map<String, Object> raw) {
    var done = false;
    var said = new LinkedHashSet<String>();
    if (RawObject.map(raw.get("status")).get("conditions") instanceof List<?> conditions) {
      for (var each : conditions) {
        var condition = RawObject.map(each);
        var isTrue = "True".equals(condition.get("status"));
        var type = String.valueOf(condition.get("type"));
        if (type.equals("Available")) {
          done = isTrue;
        } else if (isTrue && condition.get("message") != null) {
          said.add("%s: %s".formatted(type.toLowerCase(Locale.ROOT), condition.get("message")));
        }
      }
    }
    var why = said.isEmpty() ? "its operator does not say why" : String.join("; ", said);
    return new Readiness(done, why, 0);
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
