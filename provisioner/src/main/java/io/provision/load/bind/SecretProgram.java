package io.provision.load.bind;

import io.provision.model.SecretUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that answers with a secret, for example {@code pass} or {@code sops}: run without a
 * shell, without a terminal, and with a deadline long enough for a person at a pinentry. What it
 * writes is the secret or close to it, so no message shows any of it.
 */
record SecretProgram(String reference, List<String> argv, Path directory, Duration deadline) {
  private static final int LONGEST_BYTES = 64 << 10;

  SecretProgram(String reference, List<String> argv, Path directory) {
    this(reference, argv, directory, Duration.ofSeconds(60));
  }

  byte[] answer() {
    var process = start();
    try {
      var output =
          CompletableFuture.supplyAsync(
              () -> drain(process.getInputStream()), Thread::startVirtualThread);
      var bytes = output.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      return judged(process.exitValue(), bytes);
    } catch (TimeoutException e) {
      throw unavailable("timed out after %d s".formatted(deadline.toSeconds()));
    } catch (ExecutionException e) {
      throw unavailable("closed its output too early");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was interrupted");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() {
    try {
      var process =
          new ProcessBuilder(argv)
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw unavailable("cannot be started");
    }
  }

  private byte[] judged(int exit, byte[] bytes) {
    if (exit != 0) {
      throw unavailable("exited " + exit);
    }
    var value = withoutLastNewline(bytes);
    if (value.length == 0) {
      throw unavailable("answered nothing");
    }
    if (value.length > LONGEST_BYTES) {
      throw unavailable("answered more than 64 KiB");
    }
    return value;
  }

  private static byte[] drain(InputStream in) {
    try (in) {
      return in.readNBytes(LONGEST_BYTES + 3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SecretUnavailable unavailable(String reason) {
    return new SecretUnavailable(
        reference,
        "'%s' %s".formatted(argv.getFirst(), reason),
        "Run it by hand to see why; its output is not shown here.");
  }

  /** Editors and programs end a line; secrets do not. */
  static byte[] withoutLastNewline(byte[] bytes) {
    var end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
      if (end > 0 && bytes[end - 1] == '\r') {
        end--;
      }
    }
    return Arrays.copyOf(bytes, end);
  }
}
