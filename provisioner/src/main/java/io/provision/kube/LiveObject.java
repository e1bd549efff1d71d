package io.provision.kube;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object as it is, without what changes by itself, so that two looks at an object that nobody
 * changed are equal.
 *
 * @param content without {@code status} and the server's bookkeeping
 * @param owners who set which fields; {@code metadata.managedFields}
 * @param ready what its status says of being done; empty for kinds that are done when they are
 *     there
 */
public record LiveObject(
    ObjectRef ref, Map<String, Object> content, List<Owner> owners, Optional<Readiness> ready) {
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink");
  private static final Set<String> NOTES =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision");

  /**
   * Who set fields.
   *
   * @param manager for example {@code kubectl-edit}
   * @param fields FieldsV1: {@code f:} a field, {@code k:} an element by its keys, {@code v:} an
   *     element of a set; see
   *     https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
   */
  public record Owner(String manager, Map<String, Object> fields) {}

  public LiveObject {
    content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
    owners = List.copyOf(owners);
  }

  /** Reads an object as the API gives it. */
  public static LiveObject of(Map<String, Object> raw) {
    var content = new LinkedHashMap<>(raw);
    content.remove("status");
    var metadata = new LinkedHashMap<String, Object>(RawObject.map(raw.get("metadata")));
    var owners = owners(metadata.get("managedFields"));
    metadata.keySet().removeAll(BOOKKEEPING);
    var annotations = new LinkedHashMap<String, Object>(RawObject.map(metadata.get("annotations")));
    annotations.keySet().removeAll(NOTES);
    metadata.remove("annotations");
    if (!annotations.isEmpty()) {
      metadata.put("annotations", annotations);
    }
    content.put("metadata", metadata);
    var ref =
        new ObjectRef(
            String.valueOf(raw.get("apiVersion")),
            String.valueOf(raw.get("kind")),
            Optional.ofNullable(metadata.get("namespace")).map(String::valueOf),
            String.valueOf(metadata.get("name")));
    return new LiveObject(ref, content, owners, Readiness.of(raw));
  }

  /** The value of an annotation. */
  public Optional<String> annotation(String key) {
    return text("metadata", "annotations", key);
  }

  /** What is at a path of its content, such as {@code spec, claimRef, name}. */
  public Optional<String> text(String... path) {
    Object value = content;
    for (var key : path) {
      value = RawObject.map(value).get(key);
    }
    return Optional.ofNullable(value).map(String::valueOf);
  }

  /** The API has accepted its end, and waits for what is in it, or for who must let it go. */
  public boolean isGoing() {
    return text("metadata", "deletionTimestamp").isPresent();
  }

  /** Of one that is going: who must let it go, and what its status says is in the way. */
  public String held() {
    var words = new ArrayList<String>(List.of("it is being deleted"));
    if (RawObject.map(content.get("metadata")).get("finalizers") instanceof List<?> finalizers
        && !finalizers.isEmpty()) {
      words.add(
          "its finalizers hold it: "
              + String.join(", ", finalizers.stream().map(String::valueOf).toList()));
    }
    ready.map(Readiness::why).filter(why -> !why.isEmpty()).ifPresent(words::add);
    return String.join("; ", words);
  }

  /** The value of a label. */
  public Optional<String> label(String key) {
    return text("metadata", "labels", key);
  }

  private static List<Owner> owners(@org.jspecify.annotations.Nullable Object managedFields) {
    var owners = new ArrayList<Owner>();
    if (managedFields instanceof List<?> entries) {
      for (var entry : entries) {
        var each = RawObject.map(entry);
        if (each.get("subresource") == null || "".equals(each.get("subresource"))) {
          owners.add(
              new Owner(String.valueOf(each.get("manager")), RawObject.map(each.get("fieldsV1"))));
        }
      }
    }
    return owners;
  }
}
