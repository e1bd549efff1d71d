package io.provision.simulated;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What the hosts are. */
enum Site {
  /** Three control planes with a brick each. */
  KUBERNETES(Site.KUBEADM + Site.VOLUME, 1, Collections.nCopies(3, "control-plane, storage")),
  /** Three hosts without Kubernetes, with a brick each. */
  PLAIN("  distribution: none\n" + Site.VOLUME, 1, Collections.nCopies(3, "storage")),
  /** Four workers, of which two may be away at a time, and a control plane that stays. */
  WORKERS(Site.KUBEADM, 2, List.of("worker", "worker", "worker", "worker", "control-plane"));

  private static final String KUBEADM = "  distribution: kubeadm\n  version: v1.36.2\n";
  private static final String VOLUME =
      """
        storage:
          gluster:
            volumes: [{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }]
      """;

  final Inventory inventory;

  /** How many hosts may be away at a time. */
  final int most;

  Site(String cluster, int most, List<String> roles) {
    this.most = most;
    var text = new StringBuilder("cluster:\n  name: lab\n").append(cluster);
    text.append("  rotation:\n    windows: [\"Sat 02:00-05:00 Asia/Seoul\"]\n");
    text.append(most > 1 ? "    max_unavailable: %d%n".formatted(most) : "").append("hosts:\n");
    for (var host = 1; host <= roles.size(); host++) {
      text.append(
          "  n%d: { address: 10.0.0.%d, roles: [%s] }%n"
              .formatted(host, host, roles.get(host - 1)));
    }
    var loader =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas());
    inventory =
        loader
            .load(Path.of("inventory.yml"), text.toString().getBytes(StandardCharsets.UTF_8))
            .inventory();
  }

  boolean isKubernetes() {
    return this != PLAIN;
  }
}
