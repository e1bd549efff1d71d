package io.provision.ssh;

import io.provision.model.Host;
import io.provision.model.SshConfigSource;
import io.provision.remote.RemoteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What logins read on this machine, for a process elsewhere that is to log in to the same hosts.
 *
 * @param files that are there: configurations, certificates, known hosts
 * @param keys private ones
 * @param obstacles why a process elsewhere could not log in, a clause each
 */
public record LoginFiles(Set<Path> files, Set<Path> keys, List<String> obstacles) {
  public LoginFiles {
    files = new LinkedHashSet<>(files);
    keys = new LinkedHashSet<>(keys);
    obstacles = List.copyOf(obstacles);
  }

  /** Of hosts, as they are logged in to from here without an agent. */
  public static LoginFiles of(Collection<Host> hosts, Workstation here) {
    var found = new Found();
    var logins = new Logins(here);
    for (var host : hosts) {
      if (host.ssh().config().orElse(null) instanceof SshConfigSource.Vagrant) {
        found.obstacles.add(
            "%s is a machine of Vagrant, which is a program of this machine"
                .formatted(host.name()));
        continue;
      }
      try {
        found.files.addAll(SshConfig.load(file(host), here).sources());
        found.add(host, logins.of(host));
      } catch (IOException e) {
        found.obstacles.add("%s: its ssh_config cannot be read (%s)".formatted(host.name(), e));
      } catch (RemoteException e) {
        found.obstacles.add("%s: %s".formatted(host.name(), e.what()));
      }
    }
    return new LoginFiles(found.files, found.keys, List.copyOf(found.obstacles));
  }

  private static Optional<Path> file(Host host) {
    return host.ssh()
        .config()
        .flatMap(it ->
            it instanceof SshConfigSource.File(var path) ? Optional.of(path) : Optional.empty());
  }

  private static final class Found {
    private final Set<Path> files = new LinkedHashSet<>();
    private final Set<Path> keys = new LinkedHashSet<>();
    private final Set<String> obstacles = new LinkedHashSet<>();

    private void add(Host host, Login login) {
      if (login.proxy().isPresent()) {
        obstacles.add(
            "%s is reached by a ProxyCommand, which is a program of this machine"
                .formatted(login.address()));
      }
      var own = login.identities().stream().filter(Files::isRegularFile).toList();
      if (own.isEmpty() && login.keyTexts().isEmpty() && login.password().isEmpty()) {
        obstacles.add("%s has neither a key in a file nor a password".formatted(host.name()));
      }
      for (var key : own) {
        keys.add(key);
        file(key.resolveSibling(key.getFileName() + "-cert.pub"));
        file(key.resolveSibling(key.getFileName() + ".pub"));
      }
      login.certificates().forEach(this::file);
      login.knownHosts().forEach(this::file);
      login.via().ifPresent(it -> add(host, it));
    }

    private void file(Path file) {
      if (Files.isRegularFile(file)) {
        files.add(file);
      }
    }
  }
}
