package io.provision.resource;

import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.Content;
import io.provision.render.RenderException;
import io.provision.render.Template;
import io.provision.render.YamlDocuments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** A text of objects: several documents, and Lists. */
public final class ManifestText {
  private ManifestText() {}

  /**
   * Its objects, a List as its items.
   *
   * @param where it comes from, for people
   * @throws IllegalArgumentException where it is none, in words that name the document
   */
  public static List<Manifest> objects(String where, String text) {
    var objects = new ArrayList<Map<?, ?>>();
    try {
      for (var document : YamlDocuments.of(where, text)) {
        if ("List".equals(document.get("kind")) && document.get("items") instanceof List<?> items) {
          items.forEach(item -> objects.add(item instanceof Map<?, ?> map ? map : Map.of()));
        } else {
          objects.add(document);
        }
      }
    } catch (RenderException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    if (objects.isEmpty()) {
      throw new IllegalArgumentException("%s has no objects in it".formatted(where));
    }
    return checked(where, objects);
  }

  /**
   * The objects of a template of ours.
   *
   * @param model what the template sees; no secret
   */
  public static List<Manifest> rendered(Template template, Record model) {
    return objects(template.toString(), ((Content.Plain) template.render(model)).text());
  }

  private static List<Manifest> checked(String where, List<Map<?, ?>> objects) {
    var manifests = new ArrayList<Manifest>();
    var seen = new HashSet<ObjectRef>();
    for (var object : objects) {
      try {
        var manifest = Manifest.of(object);
        if (!seen.add(manifest.ref())) {
          throw new IllegalArgumentException(manifest.ref() + " is in it twice");
        }
        manifests.add(manifest);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, object %d: %s".formatted(where, manifests.size() + 1, e.getMessage()), e);
      }
    }
    return List.copyOf(manifests);
  }
}
