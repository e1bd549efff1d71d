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
    Optional<SshConfigSource> config,
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

  /** As whom and where, where that is said. */
  public SshSettings withLogin(Optional<String> otherUser, Optional<Integer> otherPort) {
    return new SshSettings(
        otherUser.or(() -> user),
        otherPort.or(() -> port),
        keys,
        passphrase,
        password,
        jump,
        hostKeys,
        knownHosts,
        config,
        timeout,
        become,
        transport);
  }

  /** With these keys, and host keys taken so. */
  public SshSettings withKeys(List<SshKey> otherKeys, HostKeys otherHostKeys) {
    return new SshSettings(
        user,
        port,
        otherKeys,
        passphrase,
        password,
        jump,
        otherHostKeys,
        knownHosts,
        config,
        timeout,
        become,
        transport);
  }

  /** Reached as this says. */
  public SshSettings withConfig(SshConfigSource source) {
    return new SshSettings(
        user,
        port,
        keys,
        passphrase,
        password,
        jump,
        hostKeys,
        knownHosts,
        Optional.of(source),
        timeout,
        become,
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
