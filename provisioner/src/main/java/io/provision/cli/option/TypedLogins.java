package io.provision.cli.option;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Secret;
import io.provision.model.SshConfigSource;
import java.util.Optional;

/**
 * What was typed of logins, for this run.
 *
 * @param password goes before that of the inventory
 * @param config how hosts are reached of which the inventory does not say where that is written
 */
public record TypedLogins(
    Optional<Secret> password, Optional<Secret> becomePassword, Optional<SshConfigSource> config) {

  public Inventory into(Inventory inventory) {
    return equals(new TypedLogins(Optional.empty(), Optional.empty(), Optional.empty()))
        ? inventory
        : inventory.withEach(this::into);
  }

  private Host into(Host host) {
    var ssh = host.ssh().withPasswords(password, becomePassword);
    return host.withSsh(ssh.config().isPresent() ? ssh : config.map(ssh::withConfig).orElse(ssh));
  }
}
