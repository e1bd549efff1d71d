package io.provision.cli;

import io.provision.console.text.Table;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.step.Observed;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.mount.GlusterMounts;
import io.provision.steps.gluster.status.GlusterStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** GlusterFS on the screen of a status: what more is asked for it, and its tables. */
final class GlusterTables {
  private GlusterTables() {}

  /** The playbook, and behind it what only a status asks. */
  static Playbook with(Playbook playbook, Inventory inventory) {
    if (inventory.cluster().filter(it -> !it.volumes().isEmpty()).isEmpty() || asks(playbook)) {
      return playbook;
    }
    var at = new Position("status", 1, 1);
    var plays = new ArrayList<Play>(playbook.plays());
    plays.add(
        new Play.OnHosts(
            "status of storage",
            inventory.with(Role.STORAGE),
            0,
            List.of(new Item<>(new StepRef("gluster-health", 0, at), new GlusterHealth(true)))));
    plays.add(
        new Play.OnHosts(
            "status of mounts",
            inventory.hosts(),
            0,
            List.of(new Item<>(new StepRef("gluster-mounts", 0, at), new GlusterMounts()))));
    return new Playbook(plays);
  }

  /** Whether a playbook of one's own looks at this already. */
  private static boolean asks(Playbook playbook) {
    return playbook.plays().stream()
        .filter(Play.OnHosts.class::isInstance)
        .map(Play.OnHosts.class::cast)
        .flatMap(play -> play.items().stream())
        .anyMatch(item -> item.step() instanceof GlusterHealth);
  }

  static SequencedMap<String, Table> of(Inventory inventory, RunResult result) {
    var tables = new LinkedHashMap<String, Table>();
    if (inventory.cluster().filter(it -> !it.volumes().isEmpty()).isEmpty()) {
      return tables;
    }
    var seen = new HashMap<HostName, Observed>();
    for (var host : inventory.hosts()) {
      var own = result.seen().get(TargetName.of(host.name()));
      if (own != null) {
        seen.put(host.name(), own);
      }
    }
    var status = new GlusterStatus(inventory, seen);
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

  private static void put(
      SequencedMap<String, Table> tables,
      String title,
      List<String> header,
      List<List<String>> rows) {
    if (!rows.isEmpty()) {
      tables.put(title, new Table(header, rows));
    }
  }
}
