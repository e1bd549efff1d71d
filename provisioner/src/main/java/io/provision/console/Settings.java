package io.provision.console;

import java.nio.file.Path;
import java.util.Map;
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

  /** The display that speaks so. */
  public Display display(Streams streams, Map<String, String> environment, java.time.Clock clock) {
    return switch (format) {
      case JSON -> new JsonDisplay(streams, clock, junit);
      case HUMAN ->
          new HumanDisplay(streams, Manner.of(environment, streams.terminal()), this, clock);
    };
  }
}
