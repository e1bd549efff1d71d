package io.provision.lab;

import java.nio.file.Path;
import java.util.stream.IntStream;

/** An inventory of storage hosts with one replicated volume, {@code shared}, mounted on each. */
final class SharedVolume {
  static final String MOUNT = "/mnt/gluster/shared";

  /** A file system of its own, which a node has there. */
  static final String BRICK = "/var/lib/rancher/gluster/shared";

  static final String VOLUMES =
      "{ name: shared, replica: 3, brick: %s, mount: %s }".formatted(BRICK, MOUNT);

  /**
   * What a client writes just before it finds a brick again is not healed with the rest: the
   * self-heal daemon comes for it ten minutes later, of its own.
   */
  static final String HEAL_SOON =
      "gluster --mode=script volume set shared cluster.heal-timeout 20 >/dev/null";

  private SharedVolume() {}

  static void awaitGate(Lab lab) {
    var last = lab.provision().run("gluster", "check", "inventory.yml");
    for (var i = 0; i < 30 && last.exit() != 0; i++) {
      Pause.milliseconds(2000);
      last = lab.provision().run("gluster", "check", "inventory.yml");
    }
    last.exits(0);
  }

  static Path inventory(Lab lab, int count) {
    return inventory(lab, IntStream.rangeClosed(1, count).toArray());
  }

  static Path inventory(Lab lab, int... numbers) {
    return lab.write("inventory.yml", inventoryText(lab, VOLUMES, numbers));
  }

  static String inventoryText(Lab lab, String storage, int... numbers) {
    var text = new StringBuilder();
    text.append(
        """
        cluster:
          name: lab
          distribution: none
          network: { node_cidr: %s }
          storage: { gluster: { volumes: [ %s ] } }
        ssh: { user: admin, key: %s, host_keys: strict, known_hosts: %s }
        hosts:
        """
            .formatted(Engine.SUBNET, storage, Lab.KEY, lab.file("known_hosts")));
    for (var number : numbers) {
      var node = lab.node(number);
      text.append(
          "  %s: { address: %s, roles: [storage] }%n".formatted(node.name(), node.address()));
    }
    return text.toString();
  }
}
