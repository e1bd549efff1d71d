package io.provision.fabric8;

import io.provision.kube.ObjectStates;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** A list of the API, for its objects as they are now. */
final class StateList {
  private StateList() {}

  /**
   * @param list as the API gives it; one that goes on elsewhere says where
   */
  static ObjectStates of(Map<String, Object> list) {
    var items = list.get("items") instanceof List<?> all ? all : List.of();
    var more =
        list.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("continue") instanceof String next
            && !next.isEmpty();
    return new ObjectStates.Seen(
        items.stream()
            .filter(Map.class::isInstance)
            .map(item -> ObjectStates.State.of(named((Map<?, ?>) item)))
            .sorted(Comparator.comparing(ObjectStates.State::title))
            .toList(),
        !more);
  }

  private static Map<String, Object> named(Map<?, ?> item) {
    var named = new LinkedHashMap<String, Object>();
    item.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }

  /** Why a list was not heard within its budget. */
  static String why(String server, Duration budget, Throwable e) {
    var cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return cause instanceof TimeoutException
        ? "the cluster's API at %s timed out after %d s".formatted(server, budget.toSeconds())
        : Refusals.unanswered(server, cause).what();
  }
}
