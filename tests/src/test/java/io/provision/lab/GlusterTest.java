package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One replicated volume on real hosts: there after every reboot, and grown by editing a file. */
class GlusterTest {
  private static final String MOUNT = "/mnt/gluster/shared";

  /** A file system of its own, which a node has there. */
  private static final String BRICK = "/var/lib/rancher/gluster/shared";

  private static final String VOLUMES =
      "{ name: shared, replica: 3, brick: %s, mount: %s }".formatted(BRICK, MOUNT);

  private static final String STATE =
      "gluster --xml volume info; findmnt -n -t fuse.glusterfs; lsattr -d " + MOUNT + " || :";

  @Test
  void whatOneHostWritesAnotherReadsAlsoAfterARebootAndALostBrick() {
    try (var lab = Lab.of(3)) {
      inventory(lab, 3);
      lab.provision().run("gluster", "check", "inventory.yml").exits(7);
      lab.provision().json("apply", "inventory.yml").exits(0);
      whatIsDeclaredAndDoesNotExistIsNotHealthy(lab);
      lab.node(1).sh("echo hello >" + MOUNT + "/prompts");
      assertThat(lab.node(3).sh("cat " + MOUNT + "/prompts")).isEqualTo("hello\n");

      var before = lab.node(2).sh(STATE);
      var execs = lab.nodes().stream().mapToInt(Node::execs).sum();
      var again = lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(again.total("changed")).isZero();
      assertThat(lab.nodes().stream().mapToInt(Node::execs).sum() - execs).isEqualTo(3);
      assertThat(lab.node(2).sh(STATE)).isEqualTo(before);

      lab.node(2).reboot();
      lab.node(2).await("mount", "findmnt -n -t fuse.glusterfs " + MOUNT);
      assertThat(lab.node(2).sh("cat " + MOUNT + "/prompts")).isEqualTo("hello\n");

      lab.node(3).sh("kill -9 $(cat /run/gluster/vols/shared/*.pid)");
      lab.provision().run("gluster", "check", "inventory.yml").exits(7);
      lab.provision().json("apply", "inventory.yml").exits(0);
      awaitGate(lab);
      lab.provision().run("gluster", "check", "inventory.yml", "--without", "n1").exits(0);
    }
  }

  private static void whatIsDeclaredAndDoesNotExistIsNotHealthy(Lab lab) {
    awaitGate(lab);
    var photos = VOLUMES.replace("shared", "photos");
    lab.write("inventory.yml", inventoryText(lab, VOLUMES + ", " + photos, 1, 2, 3));
    var absent = lab.provision().run("gluster", "check", "inventory.yml").exits(7);
    assertThat(absent.text()).contains("volume photos is declared and does not exist");
    inventory(lab, 3);
  }

  private static final String SUMS = "cd %s && sha256sum f* | sha256sum".formatted(MOUNT);

  @Test
  void aVolumeGrowsByASetAndKeepsEveryFile() {
    try (var lab = Lab.of(6)) {
      grow(lab);
    }
  }

  /** GlusterFS moves a few small files a second. */
  @Test
  @Tag("long")
  void hostsLeaveAndEveryFileStays() {
    try (var lab = Lab.of(6)) {
      threeHostsLeave(lab, SUMS, grow(lab));
      aDeadHostLeaves(lab);
    }
  }

  /** From 1 x 3 to 2 x 3, with a thousand files whose digest it returns. */
  private static String grow(Lab lab) {
    inventory(lab, 3);
    lab.provision().json("apply", "inventory.yml").exits(0);
    lab.node(1)
        .sh(
            "cd %s && for i in $(seq 1000); do head -c 1000 /dev/urandom >f$i; done"
                .formatted(MOUNT));
    var before = lab.node(1).sh(SUMS);

    inventory(lab, 6);
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(lab.node(6).sh(SUMS)).isEqualTo(before);
    assertThat(lab.node(1).sh("gluster volume info shared")).contains("2 x 3 = 6");
    var moved = lab.node(6).sh("find %s -name 'f*' -size +0 | wc -l".formatted(BRICK)).strip();
    assertThat(Integer.parseInt(moved)).isBetween(200, 800);
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    return before;
  }

  /** From 2 x 3 back to 1 x 3, asked for, killed in the middle and asked for again. */
  private static void threeHostsLeave(Lab lab, String sums, String before) {
    inventory(lab, 3);
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
    lab.node(1).sh("cd %s && rm f??*".formatted(MOUNT));
    lab.node(3).powerOff();
    lab.node(4).sh("rm -rf " + BRICK);
    inventory(lab, 1, 2, 4);
    var apply = lab.provision().json("apply", "inventory.yml", "--remove", "n3", "--yes").exits(0);
    assertThat(apply.text()).contains("n4:" + BRICK + " has taken the place of n3:" + BRICK);
    assertThat(lab.node(4).sh("ls %s | wc -l".formatted(BRICK))).isEqualTo("9\n");
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    lab.provision().run("gluster", "check", "inventory.yml").exits(0);
  }

  @Test
  void foreignDataIsLeftAloneAndNamed() {
    try (var lab = Lab.of(3)) {
      aBrickOnTheRootFileSystemIsRefusedBeforeAnythingIsInstalled(lab);
      inventory(lab, 3);
      lab.node(3).sh("mkdir -p %s && echo mine >%s/mine".formatted(BRICK, BRICK));
      var result = lab.provision().json("apply", "inventory.yml").exits(1);
      assertThat(result.text()).contains("holds data that is not of this volume");
      assertThat(lab.node(3).sh("cat " + BRICK + "/mine")).isEqualTo("mine\n");
      lab.node(3).sh("rm " + BRICK + "/mine");
      lab.provision().json("apply", "inventory.yml").exits(0);

      aVolumeLeaves(lab);
    }
  }

  private static void aBrickOnTheRootFileSystemIsRefusedBeforeAnythingIsInstalled(Lab lab) {
    var onRoot = VOLUMES.replace(BRICK, "/srv/gluster/shared");
    lab.write("inventory.yml", inventoryText(lab, onRoot, 1, 2, 3));
    assertThat(lab.provision().json("apply", "inventory.yml").exits(1).text())
        .contains("/srv/gluster/shared is on the root file system");
    for (var node : lab.nodes()) {
      assertThat(node.sh("command -v glusterd || echo none")).isEqualTo("none\n");
    }
  }

  private static void aVolumeLeaves(Lab lab) {
    lab.node(2).sh("echo kept >" + MOUNT + "/kept");
    lab.write("inventory.yml", inventoryText(lab, "", 1, 2, 3));
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("leaving"))
        .isPositive();
    assertThat(lab.node(1).sh("cat " + MOUNT + "/kept")).isEqualTo("kept\n");

    lab.node(1)
        .sh("systemd-run --quiet --unit=user --working-directory=%s sleep 600".formatted(MOUNT));
    String[] remove = {"apply", "inventory.yml", "--remove", "volume/shared", "--force-remove"};
    assertThat(lab.provision().json("apply", "inventory.yml", "--remove", "shared").exits(2).text())
        .contains("nobody can be asked", "--force-remove");
    var busy = lab.provision().json(remove).exits(1);
    assertThat(busy.text()).contains("is in use by", "(sleep)");
    lab.node(1).sh("systemctl stop user");
    lab.provision().json(remove).exits(0);
    assertThat(lab.node(3).sh("gluster volume list 2>&1; findmnt -n -t fuse.glusterfs || :"))
        .doesNotContain("shared");
    assertThat(lab.node(3).sh("ls -d %s /etc/systemd/system/*gluster-* 2>&1 || :".formatted(MOUNT)))
        .doesNotContain("\n/");
    assertThat(lab.node(3).sh("cat " + BRICK + "/kept")).isEqualTo("kept\n");
    var again = lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(again.total("changed") + again.total("leaving")).as("%s", again).isZero();
    itComesBack(lab);
  }

  /** As the refusal says, word for word. */
  private static void itComesBack(Lab lab) {
    inventory(lab, 3);
    var refused = lab.provision().json("apply", "inventory.yml").exits(1).text();
    var command = Pattern.compile("'(gluster volume create [^']* force)' on this host");
    var told = command.matcher(refused);
    assertThat(told.find()).as(refused).isTrue();
    lab.node(1).sh(told.group(1));
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(lab.node(2).sh("cat " + MOUNT + "/kept")).isEqualTo("kept\n");
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
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
    return inventory(lab, IntStream.rangeClosed(1, count).toArray());
  }

  private static Path inventory(Lab lab, int... numbers) {
    return lab.write("inventory.yml", inventoryText(lab, VOLUMES, numbers));
  }

  private static String inventoryText(Lab lab, String storage, int... numbers) {
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
