package io.provision.ssh;

import io.provision.model.Host;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshConfigSource;
import io.provision.model.SshKey;
import io.provision.model.SshSettings;
import io.provision.remote.RemoteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * Who a host is to SSH: the inventory over ssh_config over the defaults. A jump host is looked up
 * in ssh_config under its own name; the inventory's keys are offered to it as well, the inventory's
 * password never is.
 */
public final class Logins {
  /** More is a loop, or nobody's network. */
  private static final int MAX_HOPS = 8;

  private static final List<String> DEFAULT_IDENTITIES =
      List.of("id_ed25519", "id_ecdsa", "id_rsa");

  private final Workstation here;
  private final Map<Optional<Path>, SshConfig> files = new ConcurrentHashMap<>();
  private final Map<Path, VagrantMachines> machines = new ConcurrentHashMap<>();
  private final Set<String> warnings = new ConcurrentSkipListSet<>();

  public Logins(Workstation here) {
    this.here = here;
  }

  /** What ssh_config says and this program does not do, each once; of the hosts seen so far. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** How to log in to a host. */
  public Login of(Host host) throws RemoteException {
    try {
      var config = config(host);
      var target = new Asked(host.address().value(), host.ssh().user(), host.ssh().port());
      return resolve(target, host.ssh(), config, host.ssh().jump(), 0);
    } catch (IOException | IllegalArgumentException e) {
      throw new RemoteException.Unreachable(
          "its SSH settings do not say where to go (%s)".formatted(said(e)),
          "correct ssh_config or the inventory's ssh section",
          e);
    }
  }

  private static String said(Exception e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? e.getMessage() + " does not exist"
        : String.valueOf(e.getMessage());
  }

  private SshConfig config(Host host) throws IOException, RemoteException {
    if (host.ssh().config().isEmpty()) {
      return file(Optional.empty());
    }
    return switch (host.ssh().config().get()) {
      case SshConfigSource.File(var path) -> file(Optional.of(path));
      case SshConfigSource.Vagrant(var directory) ->
          machines
              .computeIfAbsent(directory, it -> new VagrantMachines(it, here))
              .config(host.address().value());
    };
  }

  private SshConfig file(Optional<Path> given) throws IOException {
    var known = files.get(given);
    if (known != null) {
      return known;
    }
    var loaded = SshConfig.load(given, here);
    files.put(given, loaded);
    return loaded;
  }

  /** A host as somebody wrote it. */
  private record Asked(String name, Optional<String> user, Optional<Integer> port) {}

  private Login resolve(
      Asked asked, SshSettings ssh, SshConfig config, Optional<String> givenJump, int depth)
      throws IOException {
    if (depth > MAX_HOPS) {
      throw new IOException("more than %d jump hosts: a loop?".formatted(MAX_HOPS));
    }
    var said = config.lookup(new Match(asked.name(), asked.user(), here, false));
    warnings.addAll(said.notHonoured());
    var hostTokens = tokens(Map.of('h', asked.name(), 'n', asked.name()));
    var hostName = said.first("hostname").map(hostTokens::expand).orElse(asked.name());
    var user = asked.user().or(() -> said.first("user")).or(() -> ssh.user()).orElse(here.user());
    int port = asked.port().or(() -> said.first("port").map(Logins::port)).orElse(22);
    var tokens = tokens(PercentTokens.names(here, asked.name(), hostName, user, port));

    var given = depth == 0 || !ssh.keys().isEmpty() ? ssh.keys() : List.<SshKey>of();
    var identities = identities(given, said, tokens);
    // As with OpenSSH, whichever of the two comes first; what the inventory says is before both.
    var way =
        givenJump.isPresent()
            ? Optional.<SshConfigFile.Option>empty()
            : said.firstOf("proxyjump", "proxycommand");
    if (givenJump.isEmpty() && said.undecided().isPresent()) {
      throw new IOException(
          "%s stands under a Match that is not evaluated here; set ssh.jump, 'none' for no proxy"
              .formatted(said.undecided().get()));
    }
    var jump =
        givenJump
            .or(() ->
                way.filter(option -> option.keyword().equalsIgnoreCase("proxyjump"))
                    .map(option -> tokens.expand(option.values().getFirst())))
            .filter(hop -> !hop.equalsIgnoreCase(asked.name()));
    var proxy =
        way.filter(option -> option.keyword().equalsIgnoreCase("proxycommand"))
            .map(SshConfigFile.Option::rest)
            .filter(command -> !command.equalsIgnoreCase("none"))
            .map(command -> new ProxyCommand(tokens.expand(command), here.shell()));
    return new Login(
        new SshAddress(hostName),
        port,
        user,
        said.first("hostkeyalias"),
        identities.isEmpty() && given.isEmpty() ? defaults() : identities,
        texts(given),
        files(said, "certificatefile", tokens),
        !identities.isEmpty() || !given.isEmpty(),
        !given.isEmpty()
            || said.first("identitiesonly").filter("yes"::equalsIgnoreCase).isPresent(),
        agent(said, tokens),
        ssh.passphrase(),
        depth == 0 ? ssh.password() : Optional.empty(),
        ssh.hostKeys(),
        knownHosts(ssh, said, tokens),
        KeyExchanges.of(said.first("kexalgorithms")),
        proxy,
        ssh.timeout().or(() -> said.first("connecttimeout").map(Logins::seconds)),
        via(jump, ssh, config, depth));
  }

  /** The last of a chain of jump hosts; each is reached through the one before it. */
  private Optional<Login> via(Optional<String> jump, SshSettings ssh, SshConfig config, int depth)
      throws IOException {
    if (jump.isEmpty() || jump.get().equalsIgnoreCase("none") || jump.get().isBlank()) {
      return Optional.empty();
    }
    var hops = List.of(jump.get().split(","));
    var before =
        hops.size() == 1
            ? Optional.<String>empty()
            : Optional.of(String.join(",", hops.subList(0, hops.size() - 1)));
    return Optional.of(resolve(hop(hops.getLast().strip()), ssh, config, before, depth + 1));
  }

  /** {@code [user@]host[:port]} or {@code ssh://[user@]host[:port]}. */
  private static Asked hop(String written) {
    var rest = written.startsWith("ssh://") ? written.substring(6) : written;
    int at = rest.lastIndexOf('@');
    var user = at > 0 ? Optional.of(rest.substring(0, at)) : Optional.<String>empty();
    rest = rest.substring(at + 1);
    var port = Optional.<Integer>empty();
    int colon = rest.lastIndexOf(':');
    var bare = rest.indexOf(':') != colon && !rest.startsWith("[");
    if (colon > rest.indexOf(']') && !bare) {
      port = Optional.of(port(rest.substring(colon + 1)));
      rest = rest.substring(0, colon);
    }
    if (rest.startsWith("[") && rest.endsWith("]")) {
      rest = rest.substring(1, rest.length() - 1);
    }
    return new Asked(new SshAddress(rest).value(), user, port);
  }

  /** Seconds, or with units as in sshd_config(5), TIME FORMATS; of these only whole ones. */
  private static Duration seconds(String text) {
    if (text.matches("\\d{1,6}") && Integer.parseInt(text) > 0) {
      return Duration.ofSeconds(Integer.parseInt(text));
    }
    throw new IllegalArgumentException(
        "ConnectTimeout '%s' is not a number of seconds".formatted(text));
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a port".formatted(text), e);
    }
    throw new IllegalArgumentException("'%s' is not a port: 1 to 65535".formatted(text));
  }

  private static List<Secret> texts(List<SshKey> given) {
    return given.stream()
        .flatMap(key -> key instanceof SshKey.Text(var secret) ? Stream.of(secret) : Stream.of())
        .toList();
  }

  private List<Path> identities(List<SshKey> given, SshConfigSettings said, PercentTokens tokens) {
    if (!given.isEmpty()) {
      return given.stream()
          .flatMap(key -> key instanceof SshKey.File(var path) ? Stream.of(path) : Stream.of())
          .map(path -> here.path(path.toString(), Path.of("")))
          .toList();
    }
    return files(said, "identityfile", tokens);
  }

  private List<Path> files(SshConfigSettings said, String keyword, PercentTokens tokens) {
    return said.all(keyword).stream()
        .filter(file -> !file.equalsIgnoreCase("none"))
        .map(file -> here.path(tokens.expand(file), here.home()))
        .distinct()
        .toList();
  }

  private List<Path> defaults() {
    return DEFAULT_IDENTITIES.stream()
        .map(name -> here.home().resolve(".ssh").resolve(name))
        .filter(Files::isRegularFile)
        .toList();
  }

  private Optional<Path> agent(SshConfigSettings said, PercentTokens tokens) {
    return switch (said.first("identityagent").orElse("SSH_AUTH_SOCK")) {
      case "none" -> Optional.empty();
      case "SSH_AUTH_SOCK" -> here.agent();
      case String file when file.startsWith("$") && !file.startsWith("${") ->
          Optional.ofNullable(here.environment().get(file.substring(1))).map(Path::of);
      case String file -> Optional.of(here.path(tokens.expand(file), here.home()));
    };
  }

  private List<Path> knownHosts(SshSettings ssh, SshConfigSettings said, PercentTokens tokens) {
    var own = here.home().resolve(".ssh");
    if (ssh.knownHosts().isPresent()) {
      return List.of(here.path(ssh.knownHosts().get().toString(), Path.of("")));
    }
    var files = new ArrayList<Path>();
    said.option("userknownhostsfile").stream()
        .flatMap(option -> option.values().stream())
        .filter(file -> !file.equalsIgnoreCase("none"))
        .map(file -> here.path(tokens.expand(file), here.home()))
        .forEach(files::add);
    if (files.isEmpty()) {
      files.add(own.resolve("known_hosts"));
      files.add(own.resolve("known_hosts2"));
    }
    said.option("globalknownhostsfile")
        .map(option ->
            option.values().stream()
                .filter(file -> !file.equalsIgnoreCase("none"))
                .map(Path::of)
                .toList())
        .orElse(List.of(here.systemKnownHosts()))
        .forEach(files::add);
    return files;
  }

  private PercentTokens tokens(Map<Character, String> values) {
    return new PercentTokens(values, here.environment());
  }
}
