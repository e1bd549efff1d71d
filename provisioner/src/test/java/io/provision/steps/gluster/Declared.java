package io.provision.steps.gluster;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.steps.Catalog;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Volumes and pools as an inventory declares them, for tests. */
public final class Declared {
  private Declared() {}

  public static Inventory inventory(int hosts, String volume) {
    return inventory(hosts, volume, ", roles: [storage]");
  }

  /** Hosts without a role, and no volume. */
  public static Inventory roleless(int hosts) {
    return inventory(hosts, "", "");
  }

  /** Storage hosts n1, n2, ..., and c1, which has no role. */
  public static Inventory withClient(int hosts, String volume) {
    return inventory(hosts, volume, ", roles: [storage]", "  c1: { address: 10.0.0.100 }\n");
  }

  private static Inventory inventory(int hosts, String volume, String roles) {
    return inventory(hosts, volume, roles, "");
  }

  private static Inventory inventory(int hosts, String volume, String roles, String more) {
    var text = new StringBuilder();
    text.append(
        """
        cluster:
          name: lab
          distribution: none
          storage: { gluster: { volumes: [ %s ] } }
        hosts:
        """
            .formatted(volume));
    for (var host = 1; host <= hosts; host++) {
      text.append("  n%d: { address: 10.0.0.%d%s }%n".formatted(host, host, roles));
    }
    text.append(more);
    var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    var loader =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas());
    return loader.load(Path.of("inventory.yml"), bytes).inventory();
  }

  public static GlusterVolume volume(int hosts, String volume) {
    return GlusterStorage.of(inventory(hosts, volume).cluster().orElseThrow()).volumes().getFirst();
  }

  public static List<HostName> hosts(int... numbers) {
    var hosts = new ArrayList<HostName>();
    for (var number : numbers) {
      hosts.add(new HostName("n" + number));
    }
    return hosts;
  }
}
