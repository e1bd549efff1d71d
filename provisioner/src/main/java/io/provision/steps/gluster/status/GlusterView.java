package io.provision.steps.gluster.status;

import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Output;
import io.provision.step.StatusView;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.mount.GlusterMounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** GlusterFS on the screen of a status: what more is asked for it, and its tables. */
public final class GlusterView implements StatusView {

  @Override
  public List<Ask> asks(Inventory inventory, Set<Output<?>> provided) {
    if (!hasVolumes(inventory) || provided.contains(GlusterHealth.HEALTH)) {
      return List.of();
    }
    return List.of(
        new Ask.OnHosts(
            "status of storage",
            inventory.with(Role.STORAGE),
            "gluster-health",
            new GlusterHealth(true)),
        new Ask.OnHosts(
            "status of mounts", inventory.hosts(), "gluster-mounts", new GlusterMounts()));
  }

  @Override
  public List<Rows> tables(Inventory inventory, Seen seen) {
    var tables = new ArrayList<Rows>();
    if (!hasVolumes(inventory)) {
      return tables;
    }
    var status = new GlusterStatus(inventory, seen.hosts());
    put(tables, "pool", List.of("host", "peers connected", "notes"), status.pool());
    put(
        tables,
        "volumes",
        List.of("volume", "type", "bricks", "state", "heal pending", "split-brain", "tasks"),
        status.volumes());
    put(
        tables,
        "bricks",
        List.of("brick", "volume", "state", "port", "free", "heal pending", "split-brain"),
        status.bricks());
    put(
        tables,
        "copies that disagree",
        List.of("volume", "file", "on", "what to do"),
        status.splitBrain());
    put(tables, "mounts", List.of("volume", "path", "state", "hosts"), status.mounts());
    return tables;
  }

  private static boolean hasVolumes(Inventory inventory) {
    return inventory.cluster().filter(it -> !GlusterStorage.of(it).volumes().isEmpty()).isPresent();
  }

  private static void put(
      List<Rows> tables, String title, List<String> header, List<List<String>> rows) {
    if (!rows.isEmpty()) {
      tables.add(new Rows(title, header, rows));
    }
  }
}
