package io.provision.cli;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Secret;
import java.util.Optional;
import java.util.stream.Stream;

/** A plan holds secrets by reference only, so it cannot be made of an inventory that holds them. */
final class PlainSecrets {
  private PlainSecrets() {}

  static void refuse(Inventory inventory) throws Refused {
    for (var host : inventory.hosts()) {
      if (secrets(host).anyMatch(secret -> !secret.isReference())) {
        throw new Refused(
            host.position().toString(),
            "'%s' has a secret that is written in plain, and a plan would hold it. write"
                    .formatted(host.name())
                + " ${env:NAME}, ${file:PATH} or ${cmd:[program, argument]}");
      }
    }
  }

  private static Stream<Secret> secrets(Host host) {
    var ssh = host.ssh();
    return Stream.of(ssh.password(), ssh.passphrase(), ssh.become().password())
        .flatMap(Optional::stream);
  }
}
