package io.provision.steps.os;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.HostName;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Targets out of an inventory that is written in the test. */
public final class OnHosts {
  private OnHosts() {}

  public static Target.OnHost of(String host, String inventory) {
    var loader =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas());
    var loaded = loader.load(Path.of("inventory.yml"), inventory.getBytes(StandardCharsets.UTF_8));
    var found = loaded.inventory().find(new HostName(host)).orElseThrow();
    return new Target.OnHost(found, loaded.inventory());
  }

  static Target.OnHost any() {
    return of("w1", "hosts:\n  w1: { address: 10.0.0.1 }\n");
  }
}
