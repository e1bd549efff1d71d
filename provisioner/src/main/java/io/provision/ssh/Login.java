package io.provision.ssh;

import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * All there is to know before one login: the inventory's word, then ssh_config's, then the
 * defaults.
 *
 * @param hostKeyAlias the name its key is known by whatever its address and port
 * @param identities key files, in the order they are offered
 * @param keyTexts keys that are in no file, offered before those
 * @param certificates files that were named as certificates; where none was, the one beside each
 *     key file is used
 * @param identitiesChosen whether somebody named them; defaults that do not exist are no error
 * @param identitiesOnly whether an agent may offer nothing but these
 * @param knownHosts read in this order; new keys are written to the first
 * @param keyExchanges by which it may agree on keys, the best first
 * @param proxy the command that connects, where it is not done directly or by a jump host
 * @param budget for the connection as a whole, where somebody said
 * @param via the jump host whose tunnel leads there
 */
public record Login(
    SshAddress hostName,
    int port,
    String user,
    Optional<String> hostKeyAlias,
    List<Path> identities,
    List<Secret> keyTexts,
    List<Path> certificates,
    boolean identitiesChosen,
    boolean identitiesOnly,
    Optional<Path> agent,
    Optional<Secret> passphrase,
    Optional<Secret> password,
    SshSettings.HostKeys hostKeys,
    List<Path> knownHosts,
    List<String> keyExchanges,
    Optional<ProxyCommand> proxy,
    Optional<Duration> budget,
    Optional<Login> via) {

  public Login {
    identities = List.copyOf(identities);
    keyTexts = List.copyOf(keyTexts);
    certificates = List.copyOf(certificates);
    knownHosts = List.copyOf(knownHosts);
    keyExchanges = List.copyOf(keyExchanges);
  }

  /** For people: {@code user@host:port}, and through whom. */
  @Override
  public String toString() {
    var target = user + "@" + address();
    return via.map(hop -> target + " through " + hop)
        .or(() -> proxy.map(command -> target + " by ProxyCommand '" + command + "'"))
        .orElse(target);
  }

  /** {@code host:port}, with brackets round an IPv6 address. */
  public String address() {
    var host = hostName.value();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * What known_hosts calls it: an alias as it is, as OpenSSH writes it; with an address the port,
   * unless that is 22.
   */
  public String knownHostsName() {
    return hostKeyAlias.isPresent() || port == 22 ? knownAs() : withPort();
  }

  /** Under which its key is good as well: what is known for a name is good for its other ports. */
  Set<String> knownHostsNames() {
    return new LinkedHashSet<>(List.of(knownHostsName(), knownAs(), withPort()));
  }

  private String knownAs() {
    return hostKeyAlias.orElseGet(hostName::value).toLowerCase(Locale.ROOT);
  }

  private String withPort() {
    return "[" + knownAs() + "]:" + port;
  }
}
