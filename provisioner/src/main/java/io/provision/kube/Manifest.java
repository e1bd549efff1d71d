package io.provision.kube;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object as it should be: only the fields that somebody declared.
 *
 * @param content maps, lists, strings, numbers and booleans; without {@code status} and nulls
 */
public record Manifest(ObjectRef ref, Map<String, Object> content) {
  /** Who the fields that we set belong to. */
  public static final String MANAGER = "provision";

  public Manifest {
    content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
  }

  /**
   * Reads one document of a manifest file.
   *
   * @throws IllegalArgumentException where it is no object of Kubernetes
   */
  public static Manifest of(Map<?, ?> document) {
    var content = new LinkedHashMap<String, Object>();
    document.forEach((key, value) -> {
      if (value != null && !"status".equals(key)) {
        content.put(String.valueOf(key), withoutNulls(value));
      }
    });
    var metadata = content.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
    var ref =
        new ObjectRef(
            required(content, "apiVersion"),
            required(content, "kind"),
            Optional.ofNullable(metadata.get("namespace")).map(String::valueOf),
            required(metadata, "name"));
    if (isSecret(ref)) {
      encodeStringData(content);
    }
    return new Manifest(ref, content);
  }

  /**
   * Whether it declares anything that can be owned: a name alone leaves no trace of who gave it.
   */
  public boolean declaresFields() {
    var own = new LinkedHashMap<>(content);
    own.keySet().removeAll(List.of("apiVersion", "kind", "metadata"));
    var metadata = new LinkedHashMap<>(RawObject.map(content.get("metadata")));
    metadata.keySet().removeAll(List.of("name", "namespace"));
    return !own.isEmpty() || !metadata.isEmpty();
  }

  /** Whether its data must not be shown. */
  public boolean isSecret() {
    return isSecret(ref);
  }

  static boolean isSecret(ObjectRef ref) {
    return ref.apiVersion().equals("v1") && ref.kind().equals("Secret");
  }

  private static String required(Map<?, ?> map, String key) {
    if (map.get(key) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new IllegalArgumentException(
        "it is not an object of Kubernetes: it has no '%s'"
            .formatted(key.equals("name") ? "metadata.name" : key));
  }

  /** A null declares nothing. */
  private static Object withoutNulls(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var kept = new LinkedHashMap<String, Object>();
        map.forEach((key, each) -> {
          if (each != null) {
            kept.put(String.valueOf(key), withoutNulls(each));
          }
        });
        yield kept;
      }
      case List<?> list ->
          list.stream().filter(each -> each != null).map(Manifest::withoutNulls).toList();
      default -> value;
    };
  }

  /** The API keeps {@code stringData} only as {@code data}. */
  private static void encodeStringData(Map<String, Object> content) {
    if (content.remove("stringData") instanceof Map<?, ?> texts) {
      var data = new LinkedHashMap<String, Object>();
      if (content.get("data") instanceof Map<?, ?> given) {
        given.forEach((key, value) -> data.put(String.valueOf(key), value));
      }
      texts.forEach((key, value) -> {
        var bytes = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        data.put(String.valueOf(key), Base64.getEncoder().encodeToString(bytes));
      });
      content.put("data", data);
    }
  }
}
