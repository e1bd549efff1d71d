package io.provision.model.rotation;

import java.time.Duration;
import java.util.List;

/**
 * A program of the user's that is run around a host's reboot, without a shell.
 *
 * @param name by which it is told
 * @param within after which it is ended, with its children
 */
public record Hook(String name, List<String> command, Place place, Duration within) {
  public Hook {
    command = List.copyOf(command);
  }

  /** Where one is run. */
  public enum Place {
    /** On the machine that runs the program, as whoever runs it. */
    HERE,
    /** On the host itself, as root. */
    HOST
  }

  @Override
  public String toString() {
    return name;
  }
}
