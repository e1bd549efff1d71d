package io.provision.steps.kubeadm.apiserver;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A cluster of three control planes and a worker, and what lies on its hosts. */
final class ApiServerCases {
  private ApiServerCases() {}

  static Inventory inventory(String more) {
    var text =
        """
        cluster:
          name: home
          distribution: kubeadm
          version: v1.36.2
        %s
        hosts:
          cp1: { address: 10.0.0.1, roles: control-plane }
          cp2: { address: 10.0.0.2, roles: control-plane }
          cp3: { address: 10.0.0.3, roles: control-plane }
          w1: { address: 10.0.0.4, roles: worker }
        """
            .formatted(more.indent(2).stripTrailing());
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/none")), Catalog.areas())
        .load(Path.of("home.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  static Target.OnHost on(String name, String more) {
    var inventory = inventory(more);
    return new Target.OnHost(host(name, inventory), inventory);
  }

  static Host host(String name, Inventory inventory) {
    return inventory.hosts().stream()
        .filter(it -> it.name().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static FileState file(int mode, Sha256 digest, Optional<Content.Plain> text) {
    return new FileState(
        FileState.Type.FILE,
        false,
        new FileMode(mode),
        new FileState.Owner("root", "root", "0", "0"),
        64,
        Optional.of(digest),
        text);
  }

  static FileState directory(int mode) {
    return new FileState(
        FileState.Type.DIRECTORY,
        false,
        new FileMode(mode),
        new FileState.Owner("root", "root", "0", "0"),
        0,
        Optional.empty(),
        Optional.empty());
  }
}
