package io.provision.console;

import java.time.Clock;
import java.util.Map;

/** Makes the display that speaks as a command shall. */
public final class Displays {
  private Displays() {}

  /** To be ended once. */
  public static Display of(
      Settings settings, Streams streams, Map<String, String> environment, Clock clock) {
    return switch (settings.format()) {
      case JSON -> new JsonDisplay(streams, clock, settings.junit());
      case HUMAN ->
          new HumanDisplay(streams, Manner.of(environment, streams.terminal()), settings, clock);
    };
  }
}
