package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * One replicated volume on real hosts: there after every reboot, a lost brick and a second apply.
 */
class GlusterTest {
  private static final String STATE =
      "gluster --xml volume info; findmnt -n -t fuse.glusterfs; lsattr -d "
          + SharedVolume.MOUNT
          + " || :";

  @Test
  void whatOneHostWritesAnotherReadsAlsoAfterARebootAndALostBrick() {
    try (var lab = Lab.of(3)) {
      SharedVolume.inventory(lab, 3);
      lab.provision().run("gluster", "check", "inventory.yml").exits(7);
      lab.provision().json("apply", "inventory.yml").exits(0);
      whatIsDeclaredAndDoesNotExistIsNotHealthy(lab);
      lab.node(1).sh("echo hello >" + SharedVolume.MOUNT + "/prompts");
      assertThat(lab.node(3).sh("cat " + SharedVolume.MOUNT + "/prompts")).isEqualTo("hello\n");

      var before = lab.node(2).sh(STATE);
      var execs = lab.nodes().stream().mapToInt(Node::execs).sum();
      var again = lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(again.total("changed")).isZero();
      assertThat(lab.nodes().stream().mapToInt(Node::execs).sum() - execs).isEqualTo(3);
      assertThat(lab.node(2).sh(STATE)).isEqualTo(before);

      lab.node(2).reboot();
      lab.node(2).await("mount", "findmnt -n -t fuse.glusterfs " + SharedVolume.MOUNT);
      assertThat(lab.node(2).sh("cat " + SharedVolume.MOUNT + "/prompts")).isEqualTo("hello\n");

      lab.node(3).sh("kill -9 $(cat /run/gluster/vols/shared/*.pid)");
      lab.provision().run("gluster", "check", "inventory.yml").exits(7);
      lab.provision().json("apply", "inventory.yml").exits(0);
      SharedVolume.awaitGate(lab);
      lab.provision().run("gluster", "check", "inventory.yml", "--without", "n1").exits(0);
    }
  }

  private static void whatIsDeclaredAndDoesNotExistIsNotHealthy(Lab lab) {
    SharedVolume.awaitGate(lab);
    var photos = SharedVolume.VOLUMES.replace("shared", "photos");
    lab.write(
        "inventory.yml",
        SharedVolume.inventoryText(lab, SharedVolume.VOLUMES + ", " + photos, 1, 2, 3));
    var absent = lab.provision().run("gluster", "check", "inventory.yml").exits(7);
    assertThat(absent.text()).contains("volume photos is declared and does not exist");
    SharedVolume.inventory(lab, 3);
  }
}
