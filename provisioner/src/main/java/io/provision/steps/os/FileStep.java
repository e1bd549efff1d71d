package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.model.LocalFile;
import io.provision.model.Secret;
import io.provision.resource.FileMode;
import io.provision.resource.LargeFile;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code file}: a file with this content.
 *
 * @param content its text as it is, or
 * @param secret its text, never shown, or
 * @param source a file beside the playbook, of at most 1 GiB
 * @param mode 0644 where it is not given, 0600 for a secret
 */
public record FileStep(
    @Parameter(value = "The file.", example = "/etc/demo.conf") String path,
    @Parameter(
            value = "Its text as it is; or 'secret', or 'source'.",
            example = "\"answer = 42\\n\"")
        Optional<String> content,
    @Parameter(value = "Its text, which is never shown.", example = "\"${env:DEMO_KEY}\"")
        Optional<Secret> secret,
    @Parameter(
            value = "A file beside the playbook that it is a copy of; at most 1 GiB.",
            example = "files/demo.conf")
        Optional<LocalFile> source,
    @Parameter(
            value = "Its permissions.",
            usual = "\"0644\", for a secret \"0600\"",
            example = "\"0640\"")
        Optional<FileMode> mode,
    @Parameter(value = "The user it belongs to.", usual = "root", example = "demo")
        Optional<String> owner,
    @Parameter(value = "The group it belongs to.", usual = "the owner's name", example = "demo")
        Optional<String> group)
    implements PieceStep {
  private static final long LIMIT = 1L << 30;

  /** Up to this it is read as a whole, so that a plan can show what changes in a text. */
  private static final long SMALL = 1 << 20;

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

  private static void requireReadable(LocalFile source) {
    var file = source.path();
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException("there is no file %s to read".formatted(file));
    }
    if (source.size() > LIMIT) {
      throw new IllegalArgumentException(
          "%s has %d MiB, and a file of at most 1024 MiB can be sent"
              .formatted(file, Math.ceilDiv(source.size(), 1 << 20)));
    }
  }

  @Override
  public Piece piece(Target.OnHost target) {
    var large = source.filter(file -> file.size() > SMALL);
    return large.isPresent()
        ? new LargeFile(large.get(), managed(path, Content.of(""), mode, owner, group))
        : managed(path, bytes(), mode, owner, group);
  }

  private Content bytes() {
    if (source.isEmpty()) {
      return secret
          .<Content>map(Content.Sensitive::new)
          .orElseGet(() -> Content.of(content.orElse("")));
    }
    try {
      return new Content.Plain(Files.readAllBytes(source.get().path()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
