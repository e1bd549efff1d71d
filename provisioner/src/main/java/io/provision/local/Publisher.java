package io.provision.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Where a program is published for its users, from {@code publishers.yml}. */
final class Publisher {
  static final String SUMS = "sha256sum.txt";
  private static final Map<String, Map<String, Object>> ALL = load();

  private Publisher() {}

  /** The address of a file; empty where nobody publishes it for this architecture. */
  static Optional<URI> address(ArtifactId id) {
    return publishedName(id)
        .map(name ->
            URI.create(
                String.valueOf(program(id).get("folder"))
                        .replace(
                            "{version}", URLEncoder.encode(id.version(), StandardCharsets.UTF_8))
                    + name));
  }

  /** Where its digest is published: a list of sums, or a file beside it; empty where none is. */
  static Optional<URI> sums(ArtifactId id) {
    return program(id).get("digest_beside") instanceof String ending
        ? address(id).map(file -> URI.create(file + ending))
        : address(new ArtifactId(id.program(), id.version(), id.arch(), SUMS));
  }

  /** Whether it could be downloaded, and nothing tells what it should be. */
  static boolean isWithoutSum(ArtifactId id) {
    return address(id).isPresent() && sums(id).isEmpty() && sum(id).isEmpty();
  }

  /** What its publisher calls a file, and its list of sums with it. */
  static Optional<String> publishedName(ArtifactId id) {
    return program(id).get(id.arch()) instanceof Map<?, ?> names
        ? Optional.ofNullable(names.get(id.file())).map(name -> named(String.valueOf(name), id))
        : Optional.empty();
  }

  private static String named(String name, ArtifactId id) {
    return name.replace("{version}", id.version())
        .replace("{number}", id.version().replaceFirst("^v", ""));
  }

  /** What this program knows to be its digest, where its publisher has no list of sums. */
  static Optional<Sha256> sum(ArtifactId id) {
    return program(id).get("sums") instanceof Map<?, ?> versions
            && versions.get(id.version()) instanceof Map<?, ?> files
            && files.get(id.arch() + "/" + id.file()) instanceof String digest
        ? Optional.of(new Sha256(digest))
        : Optional.empty();
  }

  private static Map<String, Object> program(ArtifactId id) {
    return ALL.getOrDefault(id.program(), Map.of());
  }

  private static Map<String, Map<String, Object>> load() {
    try (var data = Publisher.class.getResourceAsStream("publishers.yml")) {
      return Map.copyOf(
          new YAMLMapper()
              .readValue(data, new TypeReference<Map<String, Map<String, Object>>>() {}));
    } catch (IOException e) {
      throw new IllegalStateException("publishers.yml is part of the program", e);
    }
  }
}
