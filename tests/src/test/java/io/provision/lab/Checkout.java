package io.provision.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The repository, which holds the launcher as users start it. */
final class Checkout {
  private static final Path TOP = Path.of("").toAbsolutePath().getParent();

  private Checkout() {}

  static Path file(String path) {
    return TOP.resolve(path);
  }

  /** A fresh directory that outlives the suite, so that it can be looked at after a failure. */
  static Path scratch(String name) {
    try {
      var parent = Files.createDirectories(TOP.resolve("tests/target/lab"));
      return Files.createTempDirectory(parent, name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String resource(String name) {
    try (var in = Checkout.class.getResourceAsStream("/lab/" + name)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
