package io.provision.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that are there whole or not at all, whatever happens in between. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Puts these bytes in the place of a file.
   *
   * @param target no symbolic link: what it would point to is replaced by its caller
   * @param mode for example {@code rw-------}, also for a file that was there with another
   */
  public static void write(Path target, byte[] bytes, String mode) throws IOException {
    var directory = parent(target);
    var temporary =
        Files.createTempFile(
            directory,
            "." + target.getFileName() + ".",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      writeThrough(temporary, bytes);
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(mode));
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Renames over a file, so that a crash leaves the old or the new one. */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    flush(parent(to));
  }

  /** Creates a file of mode 0600 that must not exist yet: with all of this, or not at all. */
  public static void createPrivate(Path target, byte[] bytes) throws IOException {
    Files.createFile(
        target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      writeThrough(target, bytes);
    } catch (IOException e) {
      // a lock or a copy that holds nothing misleads whoever comes
      throw after(e, () -> Files.deleteIfExists(target));
    }
  }

  /** Puts these bytes at the end of an open file: all of them, or none where there is no room. */
  public static void append(FileChannel channel, byte[] bytes) throws IOException {
    var end = channel.size();
    try {
      channel.position(end);
      writeAll(channel, bytes);
    } catch (IOException e) {
      // half a line would be read as a whole one, or spoil the next
      throw after(e, () -> channel.truncate(end));
    }
  }

  /** Creates a directory and those above it that are missing, for the user alone. */
  public static void createPrivateDirectories(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  public static Path parent(Path file) {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("'%s' is not a file".formatted(file));
    }
    return parent;
  }

  private static void writeThrough(Path file, byte[] bytes) throws IOException {
    try (var channel = FileChannel.open(file, Set.of(StandardOpenOption.WRITE))) {
      writeAll(channel, bytes);
      channel.force(true);
    }
  }

  /** What went wrong, once this was done about it. */
  private static IOException after(IOException wrong, Undoing undoing) {
    try {
      undoing.undo();
    } catch (IOException e) {
      wrong.addSuppressed(e);
    }
    return wrong;
  }

  private interface Undoing {
    void undo() throws IOException;
  }

  private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Makes a rename last: the directory holds it, not the file. */
  private static void flush(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
