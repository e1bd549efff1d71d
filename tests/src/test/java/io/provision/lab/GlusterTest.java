package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** One replicated volume on real hosts: there after every reboot, and grown by editing a file. */
class GlusterTest {
  private static final String MOUNT = "/mnt/gluster/shared";

  /** A file system of its own, which a node has there. */
  private static final String BRICK = "/var/lib/rancher/gluster/shared";

  private static final String STATE =
      "gluster --xml volume info; findmnt -n -t fuse.glusterfs; lsattr -d " + MOUNT + " || :";

  @Test
  void whatOneHostWritesAnotherReadsAlsoAfterARebootAndALostBrick() {
    try (var lab = Lab.of(3)) {
      inventory(lab, 3);
      lab.provision().json("apply", "inventory.yml").exits(0);
      lab.node(1).sh("echo hello >" + MOUNT + "/greeting");
      assertThat(lab.node(3).sh("cat " + MOUNT + "/greeting")).isEqualTo("hello\n");

      var before = lab.node(2).sh(STATE);
      var execs = lab.nodes().stream().mapToInt(Node::execs).sum();
      var again = lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(again.total("changed")).isZero();
      assertThat(lab.nodes().stream().mapToInt(Node::execs).sum() - execs).isEqualTo(3);
      assertThat(lab.node(2).sh(STATE)).isEqualTo(before);

      lab.node(2).reboot();
      lab.node(2).await("mount", "findmnt -n -t fuse.glusterfs " + MOUNT);
      assertThat(lab.node(2).sh("cat " + MOUNT + "/greeting")).isEqualTo("hello\n");

      lab.node(3).sh("kill -9 $(cat /run/gluster/vols/shared/*.pid)");
      lab.provision().run("gluster", "check", "inventory.yml").exits(7);
      lab.provision().json("apply", "inventory.yml").exits(0);
      awaitGate(lab);
      lab.provision().run("gluster", "check", "inventory.yml", "--without", "n1").exits(0);
    }
  }

  @Test
  void aVolumeGrowsByASetAndKeepsEveryFile() {
    try (var lab = Lab.of(6)) {
      inventory(lab, 3);
      lab.provision().json("apply", "inventory.yml").exits(0);
      lab.node(1)
          .sh(
              "cd %s && for i in $(seq 1000); do head -c 1000 /dev/urandom >f$i; done"
                  .formatted(MOUNT));
      var sums = "cd %s && sha256sum f* | sha256sum".formatted(MOUNT);
      var before = lab.node(1).sh(sums);

      inventory(lab, 6);
      lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(lab.node(6).sh(sums)).isEqualTo(before);
      assertThat(lab.node(1).sh("gluster volume info shared")).contains("2 x 3 = 6");
      var moved = lab.node(6).sh("find %s -name 'f*' -size +0 | wc -l".formatted(BRICK)).strip();
      assertThat(Integer.parseInt(moved)).isBetween(200, 800);
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  @Test
  void foreignDataIsLeftAloneAndNamed() {
    try (var lab = Lab.of(3)) {
      inventory(lab, 3);
      lab.node(3).sh("mkdir -p %s && echo mine >%s/mine".formatted(BRICK, BRICK));
      var result = lab.provision().json("apply", "inventory.yml").exits(1);
      assertThat(result.text()).contains("holds data that is not of this volume");
      assertThat(lab.node(3).sh("cat " + BRICK + "/mine")).isEqualTo("mine\n");
      lab.node(3).sh("rm " + BRICK + "/mine");
      lab.provision().json("apply", "inventory.yml").exits(0);
    }
  }

  static void awaitGate(Lab lab) {
    var last = lab.provision().run("gluster", "check", "inventory.yml");
    for (var i = 0; i < 30 && last.exit() != 0; i++) {
      Pause.milliseconds(2000);
      last = lab.provision().run("gluster", "check", "inventory.yml");
    }
    last.exits(0);
  }

  private static Path inventory(Lab lab, int count) {
    var text = new StringBuilder();
    text.append(
        """
        cluster:
          name: lab
          distribution: none
          network: { node_cidr: %s }
          storage:
            gluster:
              volumes:
                - { name: shared, replica: 3, brick: %s, mount: %s }
        ssh: { user: admin, key: %s, host_keys: strict, known_hosts: %s }
        hosts:
        """
            .formatted(Engine.SUBNET, BRICK, MOUNT, Lab.KEY, lab.file("known_hosts")));
    for (var node : lab.nodes().subList(0, count)) {
      text.append(
          "  %s: { address: %s, roles: [storage] }%n".formatted(node.name(), node.address()));
    }
    return lab.write("inventory.yml", text.toString());
  }
}
