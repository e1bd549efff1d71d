package io.provision.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Programs of the machine that the suite runs on. */
final class Commands {
  private Commands() {}

  /** Whether it succeeds; what it says is nobody's concern. */
  static boolean succeeds(String... command) {
    try {
      var quiet = ProcessBuilder.Redirect.DISCARD;
      return new ProcessBuilder(command)
              .redirectOutput(quiet)
              .redirectError(quiet)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it printed; it must succeed. */
  static String run(String... command) {
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      process.getOutputStream().close();
      var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var exit = process.waitFor();
      if (exit != 0) {
        throw new AssertionError("'%s' exited %d".formatted(String.join(" ", command), exit));
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
