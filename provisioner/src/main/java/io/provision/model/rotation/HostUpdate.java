package io.provision.model.rotation;

import java.util.Optional;

/** What is run on a host between its drain and its reboot. */
public sealed interface HostUpdate {

  /** The packages of its system are upgraded to what its own package lists have. */
  record Packages() implements HostUpdate {}

  /**
   * A command of the user's.
   *
   * @param command as root's shell reads it
   * @param plan one that changes nothing and prints what the other would do, nothing where that is
   *     nothing; without it nobody knows, and only hosts that want a reboot anyway go
   */
  record Command(String command, Optional<String> plan) implements HostUpdate {
    /**
     * @throws IllegalArgumentException where one of them says nothing
     */
    public Command {
      if (command.isBlank() || plan.filter(String::isBlank).isPresent()) {
        throw new IllegalArgumentException("it is empty. write a command of the host's shell");
      }
    }
  }
}
