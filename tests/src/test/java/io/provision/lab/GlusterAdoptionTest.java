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
    try (var lab = Lab.of(3)) {
      byHand(lab, lab.nodes().stream().map(Node::name).toList());
      takenOver(lab);
      theWayOutIsGone(lab);
    }
  }

  @Test
  void soIsOneWhosePeersAreAddresses() {
    try (var lab = Lab.of(2)) {
      byHand(lab, lab.nodes().stream().map(Node::address).toList());
      takenOver(lab);
    }
  }

  /** As the note says it: a third host, one command, two words in the inventory. */
  private static void theWayOutIsGone(Lab lab) {
    var before = lab.node(2).sh(STATE);
    lab.node(3).sh("mkdir -p /data");
    inventory(lab, VOLUME, 1, 2, 3);
    lab.provision().json("apply", "inventory.yml").exits(0);
    lab.node(1)
        .sh("gluster --mode=script volume add-brick data replica 3 arbiter 1 n3:/data/brick force");
    inventory(
        lab,
        "name: data, kind: arbiter, replica: 3, brick: /data/brick, mount: /mnt/data",
        1,
        2,
        3);
    var applied = lab.provision().run("apply", "inventory.yml").exits(0);
    System.out.println(applied.text());
    assertThat(applied.text()).doesNotContain("split brain");
    assertThat(lab.node(3).sh("cd /mnt/data && sha256sum photo notes/todo"))
        .isEqualTo(sums(before));
    assertThat(bricks(lab.node(2).sh(STATE))).isEqualTo(bricks(before));
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
  }

  /** The daemon and its bricks; the self-heal daemon is told of an arbiter by a new start. */
  private static String bricks(String state) {
    return state
        .lines()
        .filter(line -> line.matches("(MainPID|NRestarts|InvocationID)=.*|glusterfsd .*"))
        .collect(Collectors.joining("\n"));
  }

  private static void inventory(Lab lab, String volume, int... numbers) {
    lab.write(
        "inventory.yml", SharedVolume.inventoryText(lab, "{ %s }".formatted(volume), numbers));
  }

  private static void takenOver(Lab lab) {
    inventory(lab, VOLUME, 1, 2);
    var pair = lab.nodes().subList(0, 2);
    var before = pair.stream().map(node -> node.sh(STATE)).toList();
    var plan = lab.provision().run("plan", "inventory.yml");
    System.out.println(plan.text());
    assertThat(plan.exits(0).text())
        .contains("volume data (2 bricks)", "neither it nor a brick is restarted")
        .contains("split brain", "replica 3 arbiter 1 HOST:/data/brick")
        .contains("is on the root file system", "gluster volume reset-brick")
        .contains("a line of /etc/fstab mounts /mnt/data too", "gluster volume status data clients")
        .contains("create /etc/systemd/system/mnt-data.mount")
        .doesNotContain("unknown until: 'gluster", "restart unit", "restart mount", "start mount");
    var applied = lab.provision().run("apply", "inventory.yml");
    System.out.println(applied.text());
    applied.exits(0);
    assertThat(pair.stream().map(node -> node.sh(STATE)).toList()).isEqualTo(before);
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
    var pair = lab.nodes().subList(0, 2);
    for (var node : pair) {
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
    for (var node : pair) {
      node.sh("echo 'localhost:/data /mnt/data glusterfs defaults,_netdev 0 0' >>/etc/fstab");
      node.sh("systemctl daemon-reload");
      node.await("mount", "mountpoint -q /mnt/data || mount /mnt/data");
    }
    first.sh("head -c 3000000 /dev/urandom >/mnt/data/photo");
    lab.node(2).sh("mkdir /mnt/data/notes && echo milk >/mnt/data/notes/todo");
  }
}
