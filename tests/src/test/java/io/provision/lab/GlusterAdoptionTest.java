package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A pool of GlusterFS as people type it, two copies on root file systems with a line in fstab, is
 * taken over as it runs.
 */
@Tag("long")
class GlusterAdoptionTest {
  private static final String VOLUME =
      "name: data, replica: 2, brick: /data/brick, mount: /mnt/data, allow_root: true, i_accept_split_brain: true";

  /** What a restart, another volume or a lost file would change. */
  private static final String STATE =
      """
      systemctl show -p MainPID,NRestarts,InvocationID glusterd
      for program in glusterfsd glusterfs; do
        for id in $(pidof "$program"); do echo "$program $id $(sed 's/.*) //' /proc/$id/stat | cut -d' ' -f20)"; done | sort
      done
      gluster --mode=script volume info data | grep -v '^Options\\|^[a-z.-]*: '
      cd /mnt/data && sha256sum photo notes/todo
      """;

  @Test
  void aPoolThatWasTypedByHandIsTakenOverAndNothingRestarts() {
    try (var lab = Lab.of(2)) {
      byHand(lab, lab.nodes().stream().map(Node::name).toList());
      takenOver(lab);
    }
  }

  @Test
  void soIsOneWhosePeersAreAddresses() {
    try (var lab = Lab.of(2)) {
      byHand(lab, lab.nodes().stream().map(Node::address).toList());
      takenOver(lab);
    }
  }

  private static void takenOver(Lab lab) {
    lab.write("inventory.yml", SharedVolume.inventoryText(lab, "{ %s }".formatted(VOLUME), 1, 2));
    var before = lab.nodes().stream().map(node -> node.sh(STATE)).toList();
    var plan = lab.provision().run("plan", "inventory.yml");
    System.out.println(plan.text());
    plan.exits(0);
    var applied = lab.provision().run("apply", "inventory.yml");
    System.out.println(applied.text());
    applied.exits(0);
    assertThat(lab.nodes().stream().map(node -> node.sh(STATE)).toList()).isEqualTo(before);
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    lab.node(2).reboot();
    lab.node(2).await("mount", "findmnt -n -t fuse.glusterfs /mnt/data");
    assertThat(lab.node(2).sh("cd /mnt/data && sha256sum photo notes/todo"))
        .isEqualTo(sums(before.getLast()));
  }

  private static String sums(String state) {
    return state
        .lines()
        .skip(state.lines().count() - 2)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /**
   * @param called by which each node is known to the others
   */
  private static void byHand(Lab lab, List<String> called) {
    for (var node : lab.nodes()) {
      for (var other : lab.nodes()) {
        node.sh("echo '%s %s' >>/etc/hosts".formatted(other.address(), other.name()));
      }
      node.sh(
          "DEBIAN_FRONTEND=noninteractive apt-get install -y glusterfs-server && systemctl enable --now glusterd && mkdir -p /data/brick /mnt/data");
    }
    var first = lab.node(1);
    first.await("glusterd", "gluster peer probe " + called.get(1));
    lab.node(2).await("peer", "gluster peer probe " + called.get(0));
    first.await("pool", "gluster pool list | grep -c Connected | grep -x 2");
    first.sh(
        "gluster --mode=script volume create data replica 2 %s:/data/brick %s:/data/brick force && gluster --mode=script volume start data"
            .formatted(called.get(0), called.get(1)));
    for (var node : lab.nodes()) {
      node.sh("echo 'localhost:/data /mnt/data glusterfs defaults,_netdev 0 0' >>/etc/fstab");
      node.sh("systemctl daemon-reload");
      node.await("mount", "mountpoint -q /mnt/data || mount /mnt/data");
    }
    first.sh("head -c 3000000 /dev/urandom >/mnt/data/photo");
    lab.node(2).sh("mkdir /mnt/data/notes && echo milk >/mnt/data/notes/todo");
  }
}
