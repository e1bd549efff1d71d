package io.provision.fabric8;

import io.provision.kube.ClusterException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A list that can be long, page by page; see
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
record PagedList(ApiHttp http) {
  /** As kubectl asks. */
  private static final int PAGE = 500;

  /** No cluster has so many: what goes on for ever ends. */
  private static final int MOST_PAGES = 400;

  /** All that a path lists; nothing where there is no such path. */
  List<Map<String, Object>> all(String path, String selector) throws ClusterException {
    return http.now(ask(path, selector));
  }

  /** As {@link #all}; whoever set which fields, which is as much again, is left out. */
  CompletableFuture<List<Map<String, Object>>> ask(String path, String selector) {
    var query =
        "?limit=%d%s"
            .formatted(PAGE, ApiHttp.query("labelSelector", selector).replaceFirst("^[?]", "&"));
    return more(path + query, "", new ArrayList<>(), 0);
  }

  private CompletableFuture<List<Map<String, Object>>> more(
      String path, String next, List<Map<String, Object>> items, int pages) {
    return http.find(path + ApiHttp.query("continue", next).replaceFirst("^[?]", "&"))
        .thenCompose(found -> {
          var list = found.orElse(Map.of());
          add(items, list);
          var then = next(list);
          if (then.isEmpty()) {
            return CompletableFuture.completedFuture(List.copyOf(items));
          }
          if (pages >= MOST_PAGES) {
            throw new CompletionException(
                new ClusterException(
                    "GET %s goes on after %d pages".formatted(path, pages),
                    "look at what serves the API there",
                    null));
          }
          return more(path, then.get(), items, pages + 1);
        });
  }

  private static void add(List<Map<String, Object>> items, Map<String, Object> list) {
    if (list.get("items") instanceof List<?> all) {
      for (var item : all) {
        if (item instanceof Map<?, ?> object) {
          var copy = new LinkedHashMap<String, Object>();
          object.forEach((key, value) -> copy.put(String.valueOf(key), value));
          if (copy.get("metadata") instanceof Map<?, ?> metadata) {
            var kept = new LinkedHashMap<>(metadata);
            kept.remove("managedFields");
            copy.put("metadata", kept);
          }
          items.add(copy);
        }
      }
    }
  }

  private static Optional<String> next(Map<String, Object> list) {
    return list.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("continue") instanceof String next
            && !next.isEmpty()
        ? Optional.of(next)
        : Optional.empty();
  }
}
