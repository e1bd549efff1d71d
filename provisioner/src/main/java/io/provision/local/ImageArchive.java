package io.provision.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells for which processor the images of an archive of {@code docker save} were built: its {@code
 * manifest.json} names the configuration of each, and that its {@code architecture}
 * (https://github.com/moby/moby/blob/v28.0.0/image/spec/v1.2.md). A runtime takes in one of another
 * processor without a word, and its pods end with "exec format error".
 */
final class ImageArchive {
  private static final JsonFactory JSON = new JsonFactory();

  /** More than any configuration has, in bytes. */
  private static final int MOST = 1 << 20;

  private static final int MOST_IMAGES = 1000;

  /** What {@code manifest.json} says of one. */
  private record Image(String configuration, String name) {}

  private final List<Image> images = new ArrayList<>();
  private final Map<String, String> architectures = new HashMap<>();
  private boolean isOfMany;

  private ImageArchive() {}

  /**
   * Refuses an archive with an image for another processor. What is compressed, is no such archive,
   * or has images for many processors at once is not judged.
   */
  static void require(ArtifactId id, Path file) throws DeskException {
    if (!id.file().endsWith(".tar")) {
      return;
    }
    var archive = new ImageArchive();
    try {
      TarFile.read(file, archive::entry);
    } catch (TarFile.Broken _) {
      return;
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
    archive.refuse(id, file);
  }

  private void refuse(ArtifactId id, Path file) throws DeskException {
    for (var image : images) {
      var found = architectures.getOrDefault(image.configuration(), "");
      if (!isOfMany && !found.isEmpty() && !found.equals(id.arch())) {
        throw new DeskException(
            "%s: its image %s was built for %s, not for %s"
                .formatted(file, image.name(), found, id.arch()),
            "It was not used. Put an archive for %1$s there: 'docker pull --platform linux/%1$s' of each image before 'docker save'."
                .formatted(id.arch()),
            null);
      }
    }
  }

  private void entry(TarFile.Entry entry, InputStream contents) throws IOException {
    if (!entry.isFile() || entry.size() > MOST || entry.name().endsWith("/layer.tar")) {
      return;
    }
    var bytes = contents.readNBytes(MOST);
    if (bytes.length == 0 || bytes[0] != '{' && bytes[0] != '[') {
      return;
    }
    try (var json = JSON.createParser(bytes)) {
      switch (entry.name()) {
        case "manifest.json" -> manifest(json);
        case "index.json" -> index(json);
        default -> configuration(entry.name(), json);
      }
    } catch (com.fasterxml.jackson.core.JacksonException _) {
      // It is no JSON, and so nothing that says anything of an image.
    }
  }

  /** A list of images. */
  private void manifest(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_ARRAY) {
      return;
    }
    while (json.nextToken() == JsonToken.START_OBJECT && images.size() < MOST_IMAGES) {
      var configuration = "";
      var name = "";
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var field = json.currentName();
        var value = json.nextToken();
        if (field.equals("Config") && value == JsonToken.VALUE_STRING) {
          configuration = json.getText();
        } else if (field.equals("RepoTags") && value == JsonToken.START_ARRAY) {
          while (json.nextToken() == JsonToken.VALUE_STRING) {
            name = name.isEmpty() ? json.getText() : name;
          }
        } else {
          json.skipChildren();
        }
      }
      images.add(new Image(configuration, name.isEmpty() ? configuration : name));
    }
  }

  /** One that points to others is of an image for many processors. */
  private void index(JsonParser json) throws IOException {
    while (json.nextToken() != null) {
      if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("mediaType")) {
        json.nextToken();
        var type = json.getText();
        // its own stands beside "manifests", not within
        isOfMany |=
            json.getParsingContext().getParent().inArray()
                && (type.contains("image.index") || type.contains("manifest.list"));
      }
    }
  }

  private void configuration(String path, JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_STRING && field.equals("architecture")) {
        architectures.put(path, json.getText());
        return;
      }
      json.skipChildren();
    }
  }
}
