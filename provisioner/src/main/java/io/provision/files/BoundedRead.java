package io.provision.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads a whole file into memory, never more of it than a limit. What is no regular file (a pipe, a
 * device) is opened and read by a thread of its own, for a FIFO that nobody writes to holds even
 * its opening: the caller can be interrupted while it waits.
 */
public final class BoundedRead {
  /** Longer than a person needs who is asked for a passphrase at the other end of a pipe. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private BoundedRead() {}

  /** There is more than was to be read. */
  public static final class TooLarge extends FileSystemException {
    private static final long serialVersionUID = 1;

    TooLarge(Path file, long limit) {
      super(file.toString(), null, "it holds more than " + size(limit));
    }
  }

  /**
   * All bytes of a file.
   *
   * @param limit the most bytes it may hold
   * @throws TooLarge where it holds more
   * @throws InterruptedIOException where the thread was interrupted, which it stays
   */
  public static byte[] bytes(Path file, int limit) throws IOException {
    return bytes(file, limit, Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000));
  }

  /**
   * As {@link #bytes(Path, int)}, but a pipe that stays silent for longer than this is given up.
   */
  public static byte[] bytes(Path file, int limit, Duration patience) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "it is a directory");
    }
    return Files.isRegularFile(file) ? read(file, limit) : aside(file, limit, patience);
  }

  /** The same as UTF-8; a {@link java.nio.charset.CharacterCodingException} where it is not. */
  public static String text(Path file, int limit) throws IOException {
    return decoded(bytes(file, limit, PATIENCE), StandardCharsets.UTF_8);
  }

  /** Its lines, without what ends them. */
  public static List<String> lines(Path file, int limit, Charset charset) throws IOException {
    return decoded(bytes(file, limit, PATIENCE), charset).lines().toList();
  }

  private static String decoded(byte[] bytes, Charset charset) throws IOException {
    return charset.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
  }

  private static byte[] read(Path file, int limit) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(limit);
      if (bytes.length == limit && in.read() >= 0) {
        throw new TooLarge(file, limit);
      }
      return bytes;
    }
  }

  private static byte[] aside(Path file, int limit, Duration patience) throws IOException {
    var answer = new CompletableFuture<byte[]>();
    Thread.ofPlatform()
        .daemon()
        .name("reading " + file)
        .start(() -> {
          try {
            answer.complete(read(file, limit));
          } catch (IOException | RuntimeException | Error e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(patience.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading " + file);
    } catch (TimeoutException _) {
      throw new FileSystemException(
          file.toString(), null, "nothing came of it within %d s".formatted(patience.toSeconds()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
    }
  }

  /** An amount of bytes as people say it. */
  public static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " bytes";
    }
    if (bytes < 1 << 20) {
      return bytes / (1 << 10) + " KiB";
    }
    return bytes < 1L << 30
        ? bytes / (1 << 20) + " MiB"
        : "%.1f GiB".formatted(bytes / (double) (1L << 30)).replace(".0 ", " ");
  }
}
