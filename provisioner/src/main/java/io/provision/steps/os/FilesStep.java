package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.resource.FileMode;
import io.provision.resource.HostPath;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code files}: all files of a directory beside the playbook, and of those below it, in one go: a
 * hundred that differ are a round trip more than none. What else is there on the host stays.
 *
 * @param path the directory on the host
 * @param source the directory here; at most 1,000 files and 16 MiB in all, no links
 * @param mode where it is not given: 0755 for programs, 0644 for all else
 */
public record FilesStep(
    @Parameter(value = "The directory on the host.", example = "/opt/demo") String path,
    @Parameter(
            value =
                "The directory beside the playbook; at most 1,000 files and 16 MiB in all, no links.",
            example = "files/demo")
        Path source,
    @Parameter(
            value = "Permissions of all its files.",
            usual = "\"0755\" for programs, \"0644\" for all else",
            example = "\"0640\"")
        Optional<FileMode> mode,
    @Parameter(value = "The user they belong to.", usual = "root", example = "demo")
        Optional<String> owner,
    @Parameter(value = "The group they belong to.", usual = "the owner's name", example = "demo")
        Optional<String> group)
    implements PieceStep {
  private static final int MOST = 1000;
  private static final long LIMIT = 16 << 20;
  private static final FileMode PROGRAM = new FileMode(0755);

  public FilesStep {
    HostPath.require(path);
    var size = 0L;
    for (var file : below(source)) {
      if (!Files.isReadable(file)) {
        throw new IllegalArgumentException("%s cannot be read".formatted(file));
      }
      var unused = managed(file, Content.of(""), path, source, mode, owner, group);
      size += file.toFile().length();
    }
    if (size > LIMIT) {
      throw new IllegalArgumentException("%s holds more than 16 MiB".formatted(source));
    }
  }

  @Override
  public Piece piece(Target.OnHost target) {
    var files = new ArrayList<Piece>();
    try {
      for (var file : below(source)) {
        var content = new Content.Plain(Files.readAllBytes(file));
        files.add(managed(file, content, path, source, mode, owner, group));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Pieces.all(files);
  }

  private static ManagedFile managed(
      Path file,
      Content content,
      String path,
      Path source,
      Optional<FileMode> mode,
      Optional<String> owner,
      Optional<String> group) {
    var own = Files.isExecutable(file) ? PROGRAM : FileMode.PUBLIC;
    return FileStep.managed(
        (path.equals("/") ? "" : path) + "/" + source.relativize(file),
        content,
        Optional.of(mode.orElse(own)),
        owner,
        group);
  }

  /** In the order of their names, the same on every machine. */
  private static List<Path> below(Path source) {
    if (!Files.isDirectory(source)) {
      throw new IllegalArgumentException("there is no directory %s".formatted(source));
    }
    try (var all = Files.walk(source)) {
      var files = all.filter(file -> !Files.isDirectory(file) || Files.isSymbolicLink(file));
      var sorted = files.limit(MOST + 1L).sorted().toList();
      for (var file : sorted) {
        if (Files.isSymbolicLink(file) || !Files.isRegularFile(file)) {
          throw new IllegalArgumentException("%s is not a regular file".formatted(file));
        }
      }
      if (sorted.isEmpty() || sorted.size() > MOST) {
        throw new IllegalArgumentException(
            "%s holds %s"
                .formatted(source, sorted.isEmpty() ? "no file" : "more than 1,000 files"));
      }
      return sorted;
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException(
          "%s cannot be read (%s)".formatted(source, e.getMessage()), e);
    }
  }
}
