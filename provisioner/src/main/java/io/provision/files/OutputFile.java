package io.provision.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes what somebody asked for to the place they named. A regular file is replaced at once, so
 * that a full disk leaves the old one; a link stays and what it points to is replaced; a device or
 * a pipe is written to, never replaced by a file.
 */
public final class OutputFile {
  private static final List<String> OPEN_ALREADY =
      List.of("/dev/fd", "/dev/stdout", "/dev/stderr", "/proc");

  private OutputFile() {}

  /**
   * @param mode of a regular file, for example {@code rw-------}
   * @throws IOException where not all of it was written; a regular file is then as it was
   */
  public static void write(Path file, byte[] bytes, String mode) throws IOException {
    if (isWrittenInPlace(file)) {
      try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
        out.write(bytes);
      }
      return;
    }
    AtomicFile.write(target(file), bytes, mode);
  }

  /** Whether there is something that is no regular file, or a name of what is open already. */
  private static boolean isWrittenInPlace(Path file) {
    var whole = file.toAbsolutePath().normalize();
    return Files.exists(file) && !Files.isRegularFile(file)
        || OPEN_ALREADY.stream().anyMatch(whole::startsWith);
  }

  /** The file itself where the path is a symbolic link, which stays one. */
  public static Path target(Path file) throws IOException {
    if (!Files.isSymbolicLink(file)) {
      return file.toAbsolutePath();
    }
    return Files.exists(file)
        ? file.toRealPath()
        : AtomicFile.parent(file).resolve(Files.readSymbolicLink(file));
  }

  /** Whether something could be put there, as far as it can be told without writing. */
  public static boolean hasPlace(Path file) {
    var parent = file.toAbsolutePath().getParent();
    return parent != null && Files.isDirectory(parent) && !Files.isDirectory(file);
  }
}
