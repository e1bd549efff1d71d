package io.provision.cli.option;

import io.provision.model.Inventory;
import io.provision.model.Secret;
import java.util.Optional;

/** Passwords that were typed for this run; they go before those of the inventory. */
public record TypedLogins(Optional<Secret> password, Optional<Secret> becomePassword) {

  public Inventory into(Inventory inventory) {
    if (password.isEmpty() && becomePassword.isEmpty()) {
      return inventory;
    }
    return inventory.withEach(
        host -> host.withSsh(host.ssh().withPasswords(password, becomePassword)));
  }
}
