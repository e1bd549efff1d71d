package io.provision.fabric8;

import io.provision.kube.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Under which path the API has the objects of a kind; asked once for each group and version. */
final class ApiPaths {
  private final Function<String, CompletableFuture<Optional<Map<String, Object>>>> find;
  private final Map<String, CompletableFuture<Optional<Map<String, Object>>>> groups =
      new ConcurrentHashMap<>();

  ApiPaths(Function<String, CompletableFuture<Optional<Map<String, Object>>>> find) {
    this.find = find;
  }

  /**
   * One kind.
   *
   * @param base of its group and version, for example {@code /apis/apps/v1}
   * @param plural for example {@code deployments}
   */
  record Kind(String base, String plural, boolean namespaced) {
    /** All objects, of all namespaces. */
    String all() {
      return base + "/" + plural;
    }

    String path(ObjectRef ref) {
      return namespaced
          ? "%s/namespaces/%s/%s/%s"
              .formatted(base, ref.namespace().orElse("default"), plural, ref.name())
          : "%s/%s/%s".formatted(base, plural, ref.name());
    }
  }

  /** The kind, or empty where the API has none of it. */
  CompletableFuture<Optional<Kind>> of(String apiVersion, String kind) {
    var base = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    return groups
        .computeIfAbsent(base, find)
        .thenApply(group -> {
          var found = group.flatMap(list -> in(list, base, kind));
          if (found.isEmpty()) {
            groups.remove(base); // it may be defined before it is asked for again
          }
          return found;
        });
  }

  private static Optional<Kind> in(Map<String, Object> list, String base, String kind) {
    return list.get("resources") instanceof List<?> resources
        ? resources.stream()
            .map(it -> (Map<?, ?>) it)
            .filter(it -> kind.equals(it.get("kind")))
            .filter(it -> !String.valueOf(it.get("name")).contains("/"))
            .map(it ->
                new Kind(
                    base,
                    String.valueOf(it.get("name")),
                    Boolean.TRUE.equals(it.get("namespaced"))))
            .findFirst()
        : Optional.empty();
  }
}
