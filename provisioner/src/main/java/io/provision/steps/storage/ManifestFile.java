package io.provision.steps.storage;

import io.provision.kube.Manifest;
import io.provision.render.RenderException;
import io.provision.render.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** A user's own file of objects. */
final class ManifestFile {
  private static final long LIMIT = 4 << 20;

  private ManifestFile() {}

  /**
   * Its documents, a List as its items.
   *
   * @throws IllegalArgumentException where it is none, in words that name the document
   */
  static List<Map<?, ?>> read(Path file) {
    var objects = new ArrayList<Map<?, ?>>();
    try {
      for (var document : YamlDocuments.of(file.toString(), text(file))) {
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
      throw new IllegalArgumentException("%s has no objects in it".formatted(file));
    }
    check(file, objects);
    return objects;
  }

  private static void check(Path file, List<Map<?, ?>> objects) {
    var seen = new HashSet<Object>();
    for (var i = 0; i < objects.size(); i++) {
      try {
        var ref = Manifest.of(objects.get(i)).ref();
        if (!seen.add(ref)) {
          throw new IllegalArgumentException(ref + " is in it twice");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, object %d: %s".formatted(file, i + 1, e.getMessage()), e);
      }
    }
  }

  private static String text(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException("there is no file %s to read".formatted(file));
    }
    if (file.toFile().length() > LIMIT) {
      throw new IllegalArgumentException("%s is larger than 4 MiB".formatted(file));
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }
}
