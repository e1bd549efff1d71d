package io.provision.simulated;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** What the three hosts are: control planes of a cluster, or plain hosts; with a brick each. */
enum Site {
  KUBERNETES("  distribution: kubeadm\n  version: v1.36.2\n", "control-plane, storage"),
  PLAIN("  distribution: none\n", "storage");

  final Inventory inventory;

  Site(String distribution, String roles) {
    var text = new StringBuilder("cluster:\n  name: lab\n").append(distribution);
    text.append(
        """
          storage:
            gluster:
              volumes: [{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }]
          rotation: { windows: ["Sat 02:00-05:00 Asia/Seoul"] }
        hosts:
        """);
    for (var host = 1; host <= 3; host++) {
      text.append("  n%d: { address: 10.0.0.%d, roles: [%s] }%n".formatted(host, host, roles));
    }
    var loader =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas());
    inventory =
        loader
            .load(Path.of("inventory.yml"), text.toString().getBytes(StandardCharsets.UTF_8))
            .inventory();
  }
}
