package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Data that is not ours is left alone, and a volume that leaves leaves its own behind. */
class GlusterRemovalTest {
  @Test
  void foreignDataIsLeftAloneAndNamed() {
    try (var lab = Lab.of(3)) {
      aBrickOnTheRootFileSystemIsRefusedBeforeAnythingIsInstalled(lab);
      SharedVolume.inventory(lab, 3);
      lab.node(3)
          .sh(
              "mkdir -p %s && echo mine >%s/mine"
                  .formatted(SharedVolume.BRICK, SharedVolume.BRICK));
      var result = lab.provision().json("apply", "inventory.yml").exits(1);
      assertThat(result.text()).contains("holds data that is not of this volume");
      assertThat(lab.node(3).sh("cat " + SharedVolume.BRICK + "/mine")).isEqualTo("mine\n");
      lab.node(3).sh("rm " + SharedVolume.BRICK + "/mine");
      lab.provision().json("apply", "inventory.yml").exits(0);

      aVolumeLeaves(lab);
    }
  }

  private static void aBrickOnTheRootFileSystemIsRefusedBeforeAnythingIsInstalled(Lab lab) {
    var onRoot = SharedVolume.VOLUMES.replace(SharedVolume.BRICK, "/srv/gluster/shared");
    lab.write("inventory.yml", SharedVolume.inventoryText(lab, onRoot, 1, 2, 3));
    assertThat(lab.provision().json("apply", "inventory.yml").exits(1).text())
        .contains("/srv/gluster/shared is on the root file system");
    for (var node : lab.nodes()) {
      assertThat(node.sh("command -v glusterd || echo none")).isEqualTo("none\n");
    }
  }

  private static void aVolumeLeaves(Lab lab) {
    lab.node(2).sh("echo kept >" + SharedVolume.MOUNT + "/kept");
    lab.write("inventory.yml", SharedVolume.inventoryText(lab, "", 1, 2, 3));
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("leaving"))
        .isPositive();
    assertThat(lab.node(1).sh("cat " + SharedVolume.MOUNT + "/kept")).isEqualTo("kept\n");

    lab.node(1)
        .sh(
            "systemd-run --quiet --unit=user --working-directory=%s sleep 600"
                .formatted(SharedVolume.MOUNT));
    String[] remove = {"apply", "inventory.yml", "--remove", "volume/shared", "--force-remove"};
    assertThat(lab.provision().json("apply", "inventory.yml", "--remove", "shared").exits(2).text())
        .contains("nobody can be asked", "--force-remove");
    var busy = lab.provision().json(remove).exits(1);
    assertThat(busy.text()).contains("is in use by", "(sleep)");
    lab.node(1).sh("systemctl stop user");
    lab.provision().json(remove).exits(0);
    assertThat(lab.node(3).sh("gluster volume list 2>&1; findmnt -n -t fuse.glusterfs || :"))
        .doesNotContain("shared");
    assertThat(
            lab.node(3)
                .sh(
                    "ls -d %s /etc/systemd/system/*gluster-* 2>&1 || :"
                        .formatted(SharedVolume.MOUNT)))
        .doesNotContain("\n/");
    assertThat(lab.node(3).sh("cat " + SharedVolume.BRICK + "/kept")).isEqualTo("kept\n");
    var again = lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(again.total("changed") + again.total("leaving")).as("%s", again).isZero();
    itComesBack(lab);
  }

  /** As the refusal says, word for word. */
  private static void itComesBack(Lab lab) {
    SharedVolume.inventory(lab, 3);
    var refused = lab.provision().json("apply", "inventory.yml").exits(1).text();
    var command = Pattern.compile("'(gluster volume create [^']* force)' on this host");
    var told = command.matcher(refused);
    assertThat(told.find()).as(refused).isTrue();
    lab.node(1).sh(told.group(1));
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(lab.node(2).sh("cat " + SharedVolume.MOUNT + "/kept")).isEqualTo("kept\n");
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
  }
}
