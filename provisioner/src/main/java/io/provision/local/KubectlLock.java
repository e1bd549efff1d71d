package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The lock that kubectl itself takes while it changes a kubeconfig: a file {@code config.lock} that
 * it creates and removes (clientcmd/config.go of client-go). Taken under {@link FileGuard}, so one
 * that carries our mark is left over from a run that was killed.
 */
final class KubectlLock implements AutoCloseable {
  private static final String MARK = "provision\n";
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int TRIES = 30;

  private final Path lock;

  private KubectlLock(Path lock) {
    this.lock = lock;
  }

  static KubectlLock of(Path file) throws DeskException, IOException {
    var lock = file.resolveSibling(file.getFileName() + ".lock");
    for (var tries = 0; tries < TRIES; tries++) {
      try {
        AtomicFile.createPrivate(lock, MARK.getBytes(StandardCharsets.UTF_8));
        return new KubectlLock(lock);
      } catch (FileAlreadyExistsException _) {
        if (isOurs(lock)) {
          return new KubectlLock(lock);
        }
        pause();
      }
    }
    throw new DeskException(
        "%s is locked by kubectl (%s is there)".formatted(file, lock),
        "Wait for it to end; where no kubectl runs, remove %s.".formatted(lock),
        null);
  }

  private static boolean isOurs(Path lock) throws IOException {
    return Files.exists(lock)
        && Files.size(lock) == MARK.length()
        && Files.readString(lock).equals(MARK);
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(lock);
  }
}
