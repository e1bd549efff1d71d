package io.provision.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the processes of one run of the tests tell those who come after them: each has files of its
 * own in a directory that belongs to this run.
 */
final class TestsRun {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("tests.run", "target/tests-run"));

  private TestsRun() {}

  /** This process' own file of that kind. */
  static Path file(String kind) {
    try {
      Files.createDirectories(DIRECTORY);
      return DIRECTORY.resolve(kind + "-" + ProcessHandle.current().pid()).toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void append(Path file, Collection<String> lines) {
    try {
      Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What all processes have written of that kind. */
  static List<String> lines(String kind) throws IOException {
    var lines = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(DIRECTORY, kind + "-*")) {
      for (var file : files) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }
}
