package io.provision.local;

import io.provision.desk.DeskException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two runs from changing one file at once. The kernel holds the lock, so a run that is killed
 * lets go of it; the small file it stands on stays.
 */
final class FileGuard implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final FileChannel channel;

  private FileGuard(FileChannel channel) {
    this.channel = channel;
  }

  private static Path lock(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".provision-lock");
  }

  private static FileChannel open(Path lock) throws DeskException {
    try {
      return FileChannel.open(
          lock,
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw DeskFault.writing(lock, e);
    }
  }

  /** Takes its turn at a file, in a directory that exists; empty where somebody else has it. */
  static Optional<FileGuard> ifFree(Path file) throws DeskException {
    var lock = lock(file);
    var channel = open(lock);
    try {
      if (attempt(channel) != null) {
        return Optional.of(new FileGuard(channel));
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      throw DeskFault.writing(lock, e);
    }
  }

  /** Waits for its turn at a file, in a directory that exists. */
  static FileGuard of(Path file) throws DeskException {
    var lock = lock(file);
    var channel = open(lock);
    try {
      for (var tries = PATIENCE.dividedBy(PAUSE); tries > 0; tries--) {
        if (attempt(channel) != null) {
          return new FileGuard(channel);
        }
        Thread.sleep(PAUSE);
      }
      channel.close();
    } catch (IOException e) {
      throw DeskFault.writing(lock, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new DeskException(
        "%s is being changed by another run".formatted(file),
        "Wait for it to end, then run the same command again.",
        null);
  }

  private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // another thread of this program has it
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
