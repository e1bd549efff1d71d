package io.provision.fabric8;

import io.provision.kube.ClusterApi.Eviction;
import io.provision.kube.ClusterException;
import io.provision.kube.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the API says to an eviction; see pkg/registry/core/pod/storage/eviction.go of Kubernetes:
 * 429 where a budget forbids it now, 500 where two budgets hold one pod, 403 while its namespace
 * ends, 404 where it has gone.
 */
final class Evictions {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int INTERNAL_ERROR = 500;

  private Evictions() {}

  /**
   * @param status the Status object of the answer
   */
  static Eviction of(ObjectRef pod, int code, Map<String, Object> status) throws ClusterException {
    var message = String.valueOf(status.getOrDefault("message", "no reason given"));
    if (code == 200
        || code == 201
        || code == NOT_FOUND
        || code == FORBIDDEN && reasons(status).contains("NamespaceTerminating")) {
      return new Eviction.Going();
    }
    if (code == TOO_MANY_REQUESTS) {
      return new Eviction.Blocked(causes(status, message));
    }
    if (code == INTERNAL_ERROR && message.contains("PodDisruptionBudget")) {
      return new Eviction.Never(message);
    }
    throw Refusals.of(pod.toString(), code, status);
  }

  /** Which budget, and why; the message names neither. */
  private static String causes(Map<String, Object> status, String otherwise) {
    var causes =
        list(status).stream()
            .map(cause -> String.valueOf(cause.getOrDefault("message", "")))
            .filter(text -> !text.isBlank())
            .collect(Collectors.joining("; "));
    return causes.isEmpty() ? otherwise : causes;
  }

  private static List<String> reasons(Map<String, Object> status) {
    return list(status).stream().map(cause -> String.valueOf(cause.get("reason"))).toList();
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private static List<Map<String, Object>> list(Map<String, Object> status) {
    return status.get("details") instanceof Map<?, ?> details
            && details.get("causes") instanceof List<?> causes
        ? causes.stream()
            .filter(Map.class::isInstance)
            .map(cause -> (Map<String, Object>) cause)
            .toList()
        : List.of();
  }
}
