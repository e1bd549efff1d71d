package io.provision.cli.option;

import io.provision.model.Become;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Secret;
import io.provision.model.SshSettings;
import java.util.Optional;

/** Passwords that were typed for this run; they go before those of the inventory. */
public record TypedLogins(Optional<Secret> password, Optional<Secret> becomePassword) {

  public Inventory into(Inventory inventory) {
    if (password.isEmpty() && becomePassword.isEmpty()) {
      return inventory;
    }
    return inventory.withHosts(
        inventory.hosts().stream().map(host -> host.withSsh(ssh(host))).toList());
  }

  private SshSettings ssh(Host host) {
    var ssh = host.ssh();
    var become =
        new Become(ssh.become().method(), becomePassword.or(() -> ssh.become().password()));
    return new SshSettings(
        ssh.user(),
        ssh.port(),
        ssh.keys(),
        ssh.passphrase(),
        password.or(ssh::password),
        ssh.jump(),
        ssh.hostKeys(),
        ssh.knownHosts(),
        ssh.config(),
        ssh.timeout(),
        become,
        ssh.transport());
  }
}
