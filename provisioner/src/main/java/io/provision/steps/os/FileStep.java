package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.model.Secret;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code file}: a file with this content.
 *
 * @param content its text as it is, or
 * @param secret its text, never shown, or
 * @param source a file beside the playbook, of at most 16 MiB
 * @param mode 0644 where it is not given, 0600 for a secret
 */
public record FileStep(
    String path,
    Optional<String> content,
    Optional<Secret> secret,
    Optional<Path> source,
    Optional<FileMode> mode,
    Optional<String> owner,
    Optional<String> group)
    implements PieceStep {
  private static final long LIMIT = 16 << 20;

  public FileStep {
    if (Stream.of(content, secret, source).filter(Optional::isPresent).count() != 1) {
      throw new IllegalArgumentException("a file needs one of 'content', 'secret' and 'source'");
    }
    source.ifPresent(FileStep::requireReadable);
    var kind = secret.<Content>map(Content.Sensitive::new).orElse(Content.of(""));
    var unused = managed(path, kind, mode, owner, group);
  }

  static ManagedFile managed(
      String path,
      Content content,
      Optional<FileMode> mode,
      Optional<String> owner,
      Optional<String> group) {
    var file = ManagedFile.of(path, content);
    return file.withMode(mode.orElse(file.mode()))
        .withOwner(owner.orElse("root"), group.or(() -> owner).orElse("root"));
  }

  private static void requireReadable(Path source) {
    if (!Files.isRegularFile(source) || !Files.isReadable(source)) {
      throw new IllegalArgumentException("there is no file %s to read".formatted(source));
    }
    if (source.toFile().length() > LIMIT) {
      throw new IllegalArgumentException("%s is larger than 16 MiB".formatted(source));
    }
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return managed(path, bytes(), mode, owner, group);
  }

  private Content bytes() {
    if (source.isEmpty()) {
      return secret
          .<Content>map(Content.Sensitive::new)
          .orElseGet(() -> Content.of(content.orElse("")));
    }
    try {
      return new Content.Plain(Files.readAllBytes(source.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
