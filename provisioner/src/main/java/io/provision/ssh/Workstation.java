package io.provision.ssh;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's machine, as far as SSH looks at it.
 *
 * @param home where {@code ~} leads
 * @param user who is logged in here: the last resort for a remote user
 * @param systemConfig usually {@code /etc/ssh/ssh_config}
 * @param systemKnownHosts usually {@code /etc/ssh/ssh_known_hosts}
 */
public record Workstation(
    Path home,
    String user,
    Path systemConfig,
    Path systemKnownHosts,
    Map<String, String> environment) {

  public Workstation {
    environment = Map.copyOf(environment);
  }

  /**
   * The machine and account this program runs under. Where the system has no name for the account,
   * as it has none for those of containers, USER says it.
   */
  public static Workstation current() {
    var name = System.getProperty("user.name");
    return new Workstation(
        Path.of(System.getProperty("user.home")),
        "?".equals(name) ? System.getenv().getOrDefault("USER", name) : name,
        Path.of("/etc/ssh/ssh_config"),
        Path.of("/etc/ssh/ssh_known_hosts"),
        System.getenv());
  }

  /** What runs ProxyCommand and {@code Match exec}, as with OpenSSH. */
  String shell() {
    return Optional.ofNullable(environment.get("SHELL"))
        .filter(path -> path.startsWith("/"))
        .orElse("/bin/sh");
  }

  /** The socket of the running ssh-agent, if there is one. */
  Optional<Path> agent() {
    return Optional.ofNullable(environment.get("SSH_AUTH_SOCK"))
        .filter(socket -> !socket.isBlank())
        .map(Path::of);
  }

  /** A path as a user writes it: {@code ~} is home, a relative one starts at {@code base}. */
  Path path(String written, Path base) {
    if (written.equals("~")) {
      return home;
    }
    if (written.startsWith("~/")) {
      return home.resolve(written.substring(2));
    }
    return base.resolve(written);
  }
}
