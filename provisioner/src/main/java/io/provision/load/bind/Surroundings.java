package io.provision.load.bind;

import io.provision.files.Custody;
import java.nio.file.Path;
import java.util.Map;

/**
 * What an inventory may refer to on the operator's machine.
 *
 * @param environment the variables that <code>${env:NAME}</code> reads
 * @param home what {@code ~} stands for
 * @param custody whose files are trusted
 */
public record Surroundings(Map<String, String> environment, Path home, Custody custody) {
  public Surroundings(Map<String, String> environment, Path home) {
    this(environment, home, Custody.ofThisProcess(environment));
  }

  /** Those of this process. */
  public static Surroundings ofThisProcess() {
    return new Surroundings(System.getenv(), Path.of(System.getProperty("user.home", "/")));
  }

  /**
   * A path as an operator writes it: {@code ~} is the home directory, what is relative starts at
   * the directory of the file it stands in.
   */
  Path path(String text, Path directory) {
    if (text.startsWith("~") && !text.equals("~") && !text.startsWith("~/")) {
      throw new IllegalArgumentException(
          "'%s' names another user's home. write the path in full.".formatted(text));
    }
    if (text.startsWith("$")) {
      throw new IllegalArgumentException(
          "'%s' starts with a variable, and those are not replaced here. write ~ for the home directory, or the path in full."
              .formatted(text));
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a path cannot be empty.");
    }
    var expanded = text.startsWith("~") ? home + text.substring(1) : text;
    return directory.resolve(expanded).normalize();
  }
}
