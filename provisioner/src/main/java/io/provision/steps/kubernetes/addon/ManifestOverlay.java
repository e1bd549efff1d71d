package io.provision.steps.kubernetes.addon;

import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.Content;
import io.provision.render.Template;
import io.provision.render.YamlDocuments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What we set in objects that somebody publishes. Each of our documents goes over the object of its
 * kind and name: maps are merged, lists of maps by {@code name}, other lists are appended to, null
 * takes a key out, and everything else replaces what was there.
 */
public final class ManifestOverlay {
  private ManifestOverlay() {}

  /**
   * Theirs with ours over them, in their order.
   *
   * @param model what the template of our documents sees; no secret
   * @throws IllegalArgumentException where one of ours has nothing to go over
   */
  public static List<Manifest> over(List<Manifest> published, Template template, Record model) {
    var ours = new LinkedHashMap<ObjectRef, Map<?, ?>>();
    var text = ((Content.Plain) template.render(model)).text();
    for (var document : YamlDocuments.of(template.toString(), text)) {
      ours.put(Manifest.of(document).ref(), document);
    }
    var missing = new ArrayList<>(ours.keySet());
    published.forEach(each -> missing.remove(each.ref()));
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("it has no " + missing.getFirst());
    }
    return published.stream()
        .map(theirs ->
            ours.containsKey(theirs.ref())
                ? Manifest.of(merged(theirs.content(), ours.get(theirs.ref())))
                : theirs)
        .toList();
  }

  /** Each with these labels besides its own. */
  public static List<Manifest> labelled(List<Manifest> manifests, Map<String, String> labels) {
    var metadata = Map.of("metadata", Map.of("labels", labels));
    return manifests.stream().map(each -> Manifest.of(merged(each.content(), metadata))).toList();
  }

  private static Map<String, Object> merged(Map<?, ?> theirs, Map<?, ?> ours) {
    var merged = new LinkedHashMap<String, Object>();
    theirs.forEach((key, value) -> merged.put(String.valueOf(key), value));
    ours.forEach((key, value) -> {
      var name = String.valueOf(key);
      if (value == null) {
        merged.remove(name);
      } else {
        merged.put(name, value(merged.get(name), value));
      }
    });
    return merged;
  }

  private static Object value(@Nullable Object theirs, Object ours) {
    return switch (ours) {
      case Map<?, ?> map -> merged(theirs instanceof Map<?, ?> before ? before : Map.of(), map);
      case List<?> list -> list(theirs instanceof List<?> before ? before : List.of(), list);
      default -> ours;
    };
  }

  private static List<Object> list(List<?> theirs, List<?> ours) {
    var merged = new ArrayList<Object>(theirs);
    var places = new HashMap<Object, Integer>();
    for (var i = 0; i < merged.size(); i++) {
      name(merged.get(i), places, i);
    }
    for (var each : ours) {
      var at = each instanceof Map<?, ?> map ? places.get(map.get("name")) : null;
      if (at == null) {
        merged.add(each);
      } else {
        merged.set(at, merged((Map<?, ?>) merged.get(at), (Map<?, ?>) each));
      }
    }
    return merged;
  }

  private static void name(Object element, Map<Object, Integer> places, int at) {
    if (element instanceof Map<?, ?> map && map.get("name") != null) {
      places.putIfAbsent(Objects.requireNonNull(map.get("name")), at);
    }
  }
}
