package io.provision.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to log in to one host; what is empty is taken from ssh_config, then from the defaults.
 *
 * @param timeout for a connection as a whole, jump hosts included
 */
public record SshSettings(
    Optional<String> user,
    Optional<Integer> port,
    List<SshKey> keys,
    Optional<Secret> passphrase,
    Optional<Secret> password,
    Optional<String> jump,
    HostKeys hostKeys,
    Optional<Path> knownHosts,
    Optional<Path> config,
    Optional<Duration> timeout,
    Become become,
    Library transport) {

  /** What to do with a host key that is not known yet; a changed one is always an error. */
  public enum HostKeys {
    STRICT,
    ACCEPT_NEW
  }

  /** Which SSH library carries the connection. */
  public enum Library {
    MINA,
    JSCH
  }

  public SshSettings {
    keys = List.copyOf(keys);
  }

  /** With these passwords, where they are there, instead of its own. */
  public SshSettings withPasswords(Optional<Secret> login, Optional<Secret> becoming) {
    return new SshSettings(
        user,
        port,
        keys,
        passphrase,
        login.or(() -> password),
        jump,
        hostKeys,
        knownHosts,
        config,
        timeout,
        new Become(become.method(), becoming.or(become::password)),
        transport);
  }

  public static final SshSettings DEFAULTS =
      new SshSettings(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          HostKeys.STRICT,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new Become(Become.Method.SUDO, Optional.empty()),
          Library.MINA);
}
