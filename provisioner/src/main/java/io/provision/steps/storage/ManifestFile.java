package io.provision.steps.storage;

import io.provision.kube.Manifest;
import io.provision.resource.ManifestText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A user's own file of objects. */
final class ManifestFile {
  private static final long LIMIT = 4 << 20;

  private ManifestFile() {}

  /**
   * Its objects, a List as its items.
   *
   * @throws IllegalArgumentException where it is none, in words that name the document
   */
  static List<Manifest> read(Path file) {
    return ManifestText.objects(file.toString(), text(file));
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
