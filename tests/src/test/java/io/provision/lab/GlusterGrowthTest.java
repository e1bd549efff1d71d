package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A volume grown and shrunk by editing the inventory: every file stays. */
class GlusterGrowthTest {
  private static final String SUMS =
      "cd %s && sha256sum f* | sha256sum".formatted(SharedVolume.MOUNT);

  @Test
  @Tag("long")
  void aVolumeGrowsByASetAndKeepsEveryFile() {
    try (var lab = Lab.of(6)) {
      grow(lab, 250);
    }
  }

  /** GlusterFS moves a few small files a second. */
  @Test
  @Tag("long")
  void hostsLeaveAndEveryFileStays() {
    try (var lab = Lab.of(6)) {
      threeHostsLeave(lab, SUMS, grow(lab, 1000));
      aDeadHostLeaves(lab);
    }
  }

  /** From 1 x 3 to 2 x 3, with so many files whose digest it returns. */
  private static String grow(Lab lab, int files) {
    SharedVolume.inventory(lab, 3);
    lab.provision().json("apply", "inventory.yml").exits(0);
    lab.node(1)
        .sh(
            "cd %s && for i in $(seq %d); do head -c 1000 /dev/urandom >f$i; done"
                .formatted(SharedVolume.MOUNT, files));
    var before = lab.node(1).sh(SUMS);

    SharedVolume.inventory(lab, 6);
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(lab.node(6).sh(SUMS)).isEqualTo(before);
    assertThat(lab.node(1).sh("gluster volume info shared")).contains("2 x 3 = 6");
    var moved =
        lab.node(6).sh("find %s -name 'f*' -size +0 | wc -l".formatted(SharedVolume.BRICK)).strip();
    assertThat(Integer.parseInt(moved)).isBetween(files / 5, files * 4 / 5);
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    return before;
  }

  /** From 2 x 3 back to 1 x 3, asked for, killed in the middle and asked for again. */
  private static void threeHostsLeave(Lab lab, String sums, String before) {
    SharedVolume.inventory(lab, 3);
    var plan = lab.provision().json("plan", "inventory.yml", "--detailed-exitcode").exits(3);
    assertThat(plan.total("leaving")).isOne();
    assertThat(lab.provision().json("apply", "inventory.yml", "--yes").exits(0).total("leaving"))
        .isOne();
    lab.provision().json("apply", "inventory.yml", "--remove", "n9", "--yes").exits(2);
    var one = lab.provision().json("apply", "inventory.yml", "--remove", "n4", "--yes").exits(1);
    assertThat(one.text()).contains("n4 cannot leave: a set of volume shared has 3 bricks");
    assertThat(lab.node(1).sh("gluster pool list")).contains("n4", "n5", "n6");
    assertThat(lab.node(6).sh(sums)).isEqualTo(before);

    String[] remove = {
      "apply", "inventory.yml", "--remove", "n4,n5", "--remove", "host/n6", "--force-remove"
    };
    var killed = lab.provision().startJson(remove);
    killed.await(event -> event.path("text").asText().contains("moving files off"));
    killed.kill();
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).text())
        .contains("a removal is under way");
    var done = lab.provision().json(remove).exits(0);
    assertThat(done.text()).containsPattern("[0-9]+ files \\([0-9]+ bytes\\) were moved off n4:");
    assertThat(lab.node(1).sh(sums)).isEqualTo(before);
    assertThat(lab.node(1).sh("gluster volume info shared")).contains("1 x 3 = 3");
    assertThat(lab.node(1).sh("gluster pool list; cat /etc/hosts")).doesNotContain("n4", "n5");
    var again = lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(again.total("changed") + again.total("leaving")).as("%s", again).isZero();
  }

  /** Its place in the set is taken by a host that is new in the inventory. */
  private static void aDeadHostLeaves(Lab lab) {
    lab.node(1).sh("cd %s && rm f??*".formatted(SharedVolume.MOUNT));
    lab.node(3).powerOff();
    lab.node(4).sh("rm -rf " + SharedVolume.BRICK);
    SharedVolume.inventory(lab, 1, 2, 4);
    var apply = lab.provision().json("apply", "inventory.yml", "--remove", "n3", "--yes").exits(0);
    assertThat(apply.text())
        .contains("n4:" + SharedVolume.BRICK + " has taken the place of n3:" + SharedVolume.BRICK);
    assertThat(lab.node(4).sh("ls %s | wc -l".formatted(SharedVolume.BRICK))).isEqualTo("9\n");
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    lab.provision().run("gluster", "check", "inventory.yml").exits(0);
  }
}
