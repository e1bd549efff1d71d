package io.provision.model;

import java.nio.file.Path;

/** What is read in place of the user's own ssh_config, and of the system's. */
public sealed interface SshConfigSource {
  /** A file in the form of ssh_config(5), as {@code ssh -F} takes it. */
  record File(Path path) implements SshConfigSource {}

  /**
   * What {@code vagrant ssh-config} says.
   *
   * @param directory of the Vagrantfile, or one below it
   */
  record Vagrant(Path directory) implements SshConfigSource {}
}
