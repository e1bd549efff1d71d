package io.provision.ssh;

import io.provision.model.Host;
import io.provision.model.SshSettings;
import io.provision.remote.RemoteException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides whether a host's key is the one that is known, and keeps which were shown. Safe for use
 * by many threads.
 */
public final class HostKeys {
  /** Signature algorithms for host keys, the one we like best first; RSA never with SHA-1. */
  private static final List<String> ALGORITHMS =
      List.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "rsa-sha2-512",
          "rsa-sha2-256");

  private final Map<Path, KnownHosts> files = new ConcurrentHashMap<>();
  private final AcceptedKeys accepted;
  private final Optional<SeenKeys> only;
  private final SeenKeys seen = new SeenKeys();

  private HostKeys(AcceptedKeys accepted, Optional<SeenKeys> only) {
    this.accepted = accepted;
    this.only = only;
  }

  /** For a run that may change things: what is accepted is remembered in known_hosts. */
  public HostKeys() {
    this(new WrittenKeys(), Optional.empty());
  }

  /** For a run that only looks: writes nothing, whatever is accepted or trusted. */
  public static HostKeys forLooking() {
    return new HostKeys(new HeldKeys(), Optional.empty());
  }

  /**
   * For a plan that was saved: takes the keys that its look was shown, and no others.
   *
   * @param lines what {@link #seen} gave then
   * @throws IllegalArgumentException where they are something else
   */
  public static HostKeys only(Collection<String> lines) {
    return new HostKeys(new WrittenKeys(), Optional.of(SeenKeys.of(lines)));
  }

  /** The keys that hosts were taken by, a line each as in known_hosts. */
  public List<String> seen() {
    return seen.lines();
  }

  /**
   * The algorithms to propose to a host: those of its known keys come first, or a host that has
   * more keys than we know would seem to have changed.
   */
  public List<String> algorithms(Login login) throws RemoteException {
    var types = new TreeSet<String>();
    only.map(keys -> keys.of(login.knownHostsName()))
        .orElseGet(() -> accepted.held(login.knownHostsName()))
        .forEach(key -> types.add(key.type()));
    for (var file : files(login)) {
      lines(file, login).stream()
          .filter(line -> line.marker() == KnownHostsLine.Marker.NONE)
          .forEach(line -> types.add(line.key().type()));
    }
    var ordered = new LinkedHashSet<String>();
    ALGORITHMS.stream().filter(each -> types.contains(keyType(each))).forEach(ordered::add);
    ordered.addAll(ALGORITHMS);
    return List.copyOf(ordered);
  }

  private static String keyType(String algorithm) {
    return algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm;
  }

  /**
   * Compares what a host shows with what is known; under accept-new remembers it.
   *
   * @param host whom the operator wanted, for the message
   * @param login what was connected to: the host, or a jump host before it
   */
  public void verify(Host host, Login login, HostKey shown) throws RemoteException {
    compare(host, login, shown);
    seen.add(login.knownHostsName(), shown);
  }

  private void compare(Host host, Login login, HostKey shown) throws RemoteException {
    if (only.isPresent() && !only.get().of(login.knownHostsName()).contains(shown)) {
      throw notThePlans(login, shown);
    }
    refuseRevoked(login, shown);
    var others = new ArrayList<Known>();
    for (var file : files(login)) {
      for (var line : lines(file, login)) {
        if (line.marker() == KnownHostsLine.Marker.NONE && !line.key().equals(shown)) {
          others.add(new Known(file.file(), line));
        }
      }
    }
    if (isKnown(login, shown)) {
      return;
    }
    if (!others.isEmpty()) {
      throw changed(login, others, shown);
    }
    if (only.isPresent() && login.hostKeys() == SshSettings.HostKeys.STRICT) {
      return; // a person has agreed to it when the plan was made
    }
    unknown(host, login, shown);
  }

  private static RemoteException notThePlans(Login login, HostKey shown) {
    return new RemoteException.HostKeyChanged(
        "the host key of %s is not one that the plan saw: it now shows %s"
            .formatted(login.address(), shown),
        "if the machine is a new one or was installed anew: make a new plan; if not, another machine"
            + " answers in its place: do not continue");
  }

  private record Known(Path file, KnownHostsLine line) {}

  /** Whoever revokes a key for the name does so for all ports, in whichever file. */
  private void refuseRevoked(Login login, HostKey shown) throws RemoteException {
    for (var file : files(login)) {
      for (var name : login.knownHostsNames()) {
        for (var line : file.lines(name)) {
          if (line.marker() == KnownHostsLine.Marker.REVOKED && line.key().equals(shown)) {
            throw revoked(login, new Known(file.file(), line), shown);
          }
        }
      }
    }
  }

  private boolean isKnown(Login login, HostKey shown) throws RemoteException {
    for (var file : files(login)) {
      for (var name : login.knownHostsNames()) {
        for (var line : file.lines(name)) {
          if (line.marker() == KnownHostsLine.Marker.NONE && line.key().equals(shown)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Once accepted, a key is the host's for the rest of the run. */
  private synchronized void unknown(Host host, Login login, HostKey shown) throws RemoteException {
    var before = accepted.held(login.knownHostsName());
    if (before.contains(shown)) {
      return;
    }
    if (!before.isEmpty()) {
      throw new RemoteException.HostKeyChanged(
          "the host key of %s changed during this run: it now shows %s"
              .formatted(login.address(), shown),
          "find out which machines answer at this address: do not continue");
    }
    var file = login.knownHosts().getFirst();
    if (login.hostKeys() == SshSettings.HostKeys.STRICT) {
      throw new RemoteException.HostKeyUnknown(
          host,
          login.hostName(),
          login.port(),
          login.knownHostsName(),
          shown.line(),
          shown.fingerprint(),
          file);
    }
    try {
      accepted.accept(file(file), Map.of(login.knownHostsName(), List.of(shown)));
    } catch (IOException e) {
      throw unreadable(file, "written", e);
    }
  }

  private static RemoteException changed(Login login, List<Known> known, HostKey shown) {
    // The same algorithm with another key says more than another algorithm does.
    var told =
        known.stream()
            .filter(each -> each.line().key().type().equals(shown.type()))
            .findFirst()
            .orElse(known.getFirst());
    return new RemoteException.HostKeyChanged(
        "the host key of %s changed: %s:%d knows %s, it now shows %s"
            .formatted(
                login.address(), told.file(), told.line().number(), told.line().key(), shown),
        "if the machine is a new one or was installed anew: ssh-keygen -f '%s' -R '%s' and run again;"
                .formatted(told.file(), login.knownHostsName())
            + " if not, another machine answers in its place: do not continue");
  }

  private static RemoteException revoked(Login login, Known known, HostKey shown) {
    return new RemoteException.HostKeyChanged(
        "the host key of %s is revoked: %s:%d says so of %s"
            .formatted(login.address(), known.file(), known.line().number(), shown),
        "give the host a new key, and find out who holds the old one");
  }

  /**
   * Takes keys that a person has confirmed: for this run, and written where it may write, each file
   * once.
   *
   * @throws IOException if a file cannot be written
   */
  public void trust(Collection<RemoteException.HostKeyUnknown> keys) throws IOException {
    var byFile = new LinkedHashMap<Path, Map<String, Set<HostKey>>>();
    for (var key : keys) {
      var blob = java.util.Base64.getDecoder().decode(key.keyLine().split(" ", 2)[1]);
      byFile
          .computeIfAbsent(key.knownHosts(), x -> new LinkedHashMap<>())
          .computeIfAbsent(key.knownAs(), x -> new LinkedHashSet<>())
          .add(HostKey.of(blob));
    }
    for (var file : byFile.entrySet()) {
      accepted.accept(file(file.getKey()), file.getValue());
    }
  }

  /** Lines of the files read so far that were not used. */
  public List<String> warnings() {
    return files.values().stream().flatMap(file -> file.warnings().stream()).sorted().toList();
  }

  private List<KnownHostsLine> lines(KnownHosts file, Login login) {
    return file.lines(login.knownHostsName());
  }

  private List<KnownHosts> files(Login login) throws RemoteException {
    var all = new ArrayList<KnownHosts>();
    for (var path : login.knownHosts()) {
      try {
        all.add(file(path));
      } catch (IOException e) {
        throw unreadable(path, "read", e);
      }
    }
    return all;
  }

  private synchronized KnownHosts file(Path path) throws IOException {
    var known = files.get(path);
    if (known == null) {
      known = KnownHosts.read(path);
      files.put(path, known);
    }
    return known;
  }

  private static RemoteException unreadable(Path file, String verb, IOException e) {
    return new RemoteException.Unreachable(
        "%s cannot be %s (%s)".formatted(file, verb, e.getMessage()),
        "fix its owner or mode: without it, no host key can be trusted",
        e);
  }
}
