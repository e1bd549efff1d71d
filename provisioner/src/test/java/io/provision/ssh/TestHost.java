package io.provision.ssh;

import io.provision.model.Become;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshKey;
import io.provision.model.SshSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A host of an inventory, as far as its ssh section goes. */
record TestHost(String address, SshSettings ssh) {
  TestHost(String address, int port) {
    this(address, settings(SshSettings.DEFAULTS, "root", port));
  }

  private static SshSettings settings(SshSettings from, String user, int port) {
    return new SshSettings(
        Optional.of(user).filter(name -> !name.isEmpty()),
        Optional.of(port).filter(number -> number > 0),
        from.keys(),
        from.passphrase(),
        from.password(),
        from.jump(),
        from.hostKeys(),
        from.knownHosts(),
        from.config(),
        from.timeout(),
        new Become(Become.Method.NONE, Optional.empty()),
        from.transport());
  }

  Host host() {
    return new Host(
        new HostName("h1"),
        new SshAddress(address),
        Optional.empty(),
        Set.of(),
        Map.of(),
        List.of(),
        ssh,
        Map.of(),
        new Position("inventory.yml", 1, 1));
  }

  TestHost user(String user) {
    return new TestHost(address, settings(ssh, user, ssh.port().orElse(0)));
  }

  TestHost key(Path... files) {
    var keys = java.util.Arrays.stream(files).<SshKey>map(SshKey.File::new).toList();
    return with(keys, ssh.passphrase(), ssh.password(), ssh.jump(), ssh.hostKeys());
  }

  TestHost keyText(Secret text) {
    var keys = List.<SshKey>of(new SshKey.Text(text));
    return with(keys, ssh.passphrase(), ssh.password(), ssh.jump(), ssh.hostKeys());
  }

  TestHost passphrase(String word) {
    return with(
        ssh.keys(), Optional.of(Secret.of(word)), ssh.password(), ssh.jump(), ssh.hostKeys());
  }

  TestHost password(String word) {
    return with(
        ssh.keys(), ssh.passphrase(), Optional.of(Secret.of(word)), ssh.jump(), ssh.hostKeys());
  }

  TestHost jump(String hops) {
    return with(ssh.keys(), ssh.passphrase(), ssh.password(), Optional.of(hops), ssh.hostKeys());
  }

  TestHost acceptNew() {
    var accept = SshSettings.HostKeys.ACCEPT_NEW;
    return with(ssh.keys(), ssh.passphrase(), ssh.password(), ssh.jump(), accept);
  }

  TestHost timeout(java.time.Duration timeout) {
    return new TestHost(
        address,
        new SshSettings(
            ssh.user(),
            ssh.port(),
            ssh.keys(),
            ssh.passphrase(),
            ssh.password(),
            ssh.jump(),
            ssh.hostKeys(),
            ssh.knownHosts(),
            ssh.config(),
            Optional.of(timeout),
            ssh.become(),
            ssh.transport()));
  }

  TestHost become(Become become) {
    return new TestHost(
        address,
        new SshSettings(
            ssh.user(),
            ssh.port(),
            ssh.keys(),
            ssh.passphrase(),
            ssh.password(),
            ssh.jump(),
            ssh.hostKeys(),
            ssh.knownHosts(),
            ssh.config(),
            ssh.timeout(),
            become,
            ssh.transport()));
  }

  private TestHost with(
      List<SshKey> keys,
      Optional<Secret> passphrase,
      Optional<Secret> password,
      Optional<String> jump,
      SshSettings.HostKeys hostKeys) {
    return new TestHost(
        address,
        new SshSettings(
            ssh.user(),
            ssh.port(),
            keys,
            passphrase,
            password,
            jump,
            hostKeys,
            ssh.knownHosts(),
            ssh.config(),
            ssh.timeout(),
            ssh.become(),
            ssh.transport()));
  }
}
