package io.provision.cli;

import io.provision.model.Become;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.SshSettings;

/** Passwords that were typed go before those of the inventory. */
final class TypedLogins {
  private TypedLogins() {}

  static Inventory into(Inventory inventory, Order.Logins logins) {
    if (logins.equals(Order.Logins.NONE)) {
      return inventory;
    }
    return inventory.withHosts(
        inventory.hosts().stream().map(host -> host.withSsh(ssh(host, logins))).toList());
  }

  private static SshSettings ssh(Host host, Order.Logins logins) {
    var ssh = host.ssh();
    var become =
        new Become(
            ssh.become().method(), logins.becomePassword().or(() -> ssh.become().password()));
    return new SshSettings(
        ssh.user(),
        ssh.port(),
        ssh.keys(),
        ssh.passphrase(),
        logins.password().or(ssh::password),
        ssh.jump(),
        ssh.hostKeys(),
        ssh.knownHosts(),
        ssh.config(),
        ssh.timeout(),
        become,
        ssh.transport());
  }
}
