package io.provision.engine;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Inventories that tests need no file for. */
public final class TestInventory {
  private TestInventory() {}

  public static Host host(String name) {
    return new Host(
        new HostName(name),
        new SshAddress(name),
        Optional.empty(),
        Set.of(),
        Map.of(),
        List.of(),
        SshSettings.DEFAULTS,
        Map.of(),
        new Position("inventory.yml", 1, 1));
  }

  public static Inventory of(List<Host> hosts) {
    return new Inventory(
        Optional.empty(),
        hosts,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Path.of("inventory.yml"));
  }
}
