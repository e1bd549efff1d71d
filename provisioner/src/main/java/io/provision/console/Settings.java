package io.provision.console;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a command shall speak.
 *
 * @param junit where a JUnit XML file of the run goes
 */
public record Settings(Format format, boolean verbose, Optional<Path> junit) {
  /** For a person, or for a program. */
  public enum Format {
    HUMAN,
    JSON
  }

  public static final Settings PLAIN = new Settings(Format.HUMAN, false, Optional.empty());
}
