package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What goes wrong with GlusterFS, what a person reads of it, and that nothing is lost. One lab for
 * all; first what stands in the way of a volume, then what happens to it.
 */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GlusterFaultsTest {
  private static final String ROOT = "/var/lib/rancher/gluster/";
  private static final String MOUNT = "/mnt/gluster/shared";
  private static final String SHARED = volume("shared", "replica: 3");

  private static Lab lab;

  @BeforeAll
  static void start() {
    lab = Lab.of(3);
    inventory(SHARED);
    lab.provision().json("apply", "inventory.yml", "--only=hostname,hosts-file,gluster-server");
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  @Order(1)
  void aCloneGetsAnIdentityOfItsOwnWhereItHoldsNothing() {
    lab.provision().json("apply", "inventory.yml", "--only=gluster-server");
    var uuid = lab.node(1).sh("sed -n s/^UUID=//p /var/lib/glusterd/glusterd.info").strip();
    lab.node(2)
        .sh(
            "systemctl stop glusterd && sed -i s/^UUID=.*/UUID=%s/ /var/lib/glusterd/glusterd.info"
                .formatted(uuid));
    lab.provision().json("apply", "inventory.yml", "--only=gluster-server");
    var plan = lab.provision().run("plan", "inventory.yml");
    assertThat(plan.text()).contains(uuid + ", also of n1");
    lab.provision().json("apply", "inventory.yml", "--only=gluster-identity").exits(0);
    assertThat(lab.node(2).sh("cat /var/lib/glusterd/glusterd.info")).doesNotContain(uuid);
  }

  @Test
  @Order(2)
  void aMountPointThatIsNotEmptyIsLeftAlone() {
    lab.node(3).sh("mkdir -p %s && echo mine >%s/mine".formatted(MOUNT, MOUNT));
    var result = lab.provision().json("apply", "inventory.yml").exits(1);
    assertThat(result.text()).contains("directory " + MOUNT + " beneath the mount is not empty");
    assertThat(lab.node(3).sh("cat " + MOUNT + "/mine")).isEqualTo("mine\n");
    lab.node(3).sh("rm " + MOUNT + "/mine");
    lab.provision().json("apply", "inventory.yml").exits(0);
    lab.node(1).sh("echo kept >" + MOUNT + "/kept");
  }

  @Test
  @Order(3)
  void everyKindOfVolumeIsMadeAndUsedAndThenLeftAlone() {
    inventory(
        SHARED,
        volume("arb", "kind: arbiter"),
        volume("disp", "kind: dispersed, replica: 3, redundancy: 1"),
        volume("dist", "kind: distributed"),
        volume("two", "replica: 2, i_accept_split_brain: true"));
    lab.provision().json("apply", "inventory.yml").exits(0);
    for (var name : List.of("arb", "disp", "dist", "two")) {
      lab.node(1).sh("echo %s >/mnt/gluster/%s/file".formatted(name, name));
      assertThat(lab.node(3).sh("cat /mnt/gluster/%s/file".formatted(name))).isEqualTo(name + "\n");
    }
    var info = lab.node(2).sh("gluster --xml volume info");
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    assertThat(lab.node(2).sh("gluster --xml volume info")).isEqualTo(info);
    assertThat(lab.provision().run("status", "inventory.yml").exits(0).text())
        .contains("replica 3 with arbiter", "dispersed over 3", "distributed");
  }

  @Test
  @Order(4)
  void aCreationThatWasKilledAtAnyStageIsEndedByTheNextRun() {
    inventory(SHARED, volume("late", "replica: 3"));
    // the bricks are there, the volume is not; one of them has the mark of a creation that failed
    lab.provision().json("apply", "inventory.yml", "--only=gluster-brick").exits(0);
    lab.node(2)
        .sh(
            "setfattr -n trusted.glusterfs.volume-id -v 0x0123456789abcdef0123456789abcdef %slate"
                .formatted(ROOT));
    lab.provision().json("apply", "inventory.yml", "--only=gluster-brick").exits(0);
    assertThat(
            lab.node(2).succeeds("getfattr -n trusted.glusterfs.volume-id %slate".formatted(ROOT)))
        .isFalse();
    // created, neither started nor mounted
    var bricks =
        String.join(
            " ",
            IntStream.rangeClosed(1, 3).mapToObj(i -> "n%d:%slate".formatted(i, ROOT)).toList());
    lab.node(1).sh("gluster --mode=script volume create late replica 3 " + bricks);
    assertThat(lab.provision().run("plan", "inventory.yml").text()).contains("start volume late");
    lab.provision().json("apply", "inventory.yml", "--skip=gluster-mount").exits(0);
    // started, not mounted
    lab.provision().json("apply", "inventory.yml").exits(0);
    lab.node(3).sh("echo done >/mnt/gluster/late/done");
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
  }

  @Test
  @Order(5)
  void aBrickOfAnotherVolumeIsNeverTouched() {
    inventory(SHARED, volume("other", "replica: 3"));
    lab.node(2)
        .sh(
            ("mkdir -p %1$sother && echo precious >%1$sother/data && setfattr -n"
                    + " trusted.glusterfs.volume-id -v 0xfedcba9876543210fedcba9876543210 %1$sother")
                .formatted(ROOT));
    var result = lab.provision().json("apply", "inventory.yml").exits(1);
    assertThat(result.text())
        .contains("mark of volume id fedcba98-7654-3210-fedc-ba9876543210", "holds data");
    assertThat(lab.node(2).sh("cat %sother/data".formatted(ROOT))).isEqualTo("precious\n");
    inventory(SHARED);
  }

  @Test
  @Order(6)
  void aDaemonThatIsDownShutsTheGateAndIsNamed() {
    keep();
    lab.node(3).sh("systemctl stop glusterd");
    var unhealthy = lab.provision().run("gluster", "check", "inventory.yml").exits(7);
    assertThat(unhealthy.text())
        .contains(
            "n1 sees n3 (Peer in Cluster, disconnected)",
            "nobody says whether brick n3:%sshared of volume shared runs".formatted(ROOT));
    assertThat(lab.provision().run("status", "inventory.yml").text())
        .contains("n3    unknown", "Connection failed", "unknown: its glusterd does not answer");
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(lab.node(3).sh("cat " + MOUNT + "/kept")).isEqualTo("kept\n");
  }

  @Test
  @Order(7)
  void aMountWithoutBricksNeverStopsALookAndComesBackByItself() {
    keep();
    lab.nodes().forEach(node -> node.sh("kill -STOP $(cat /run/gluster/vols/shared/*.pid)"));
    var hung = lab.provision().run("status", "inventory.yml");
    assertThat(hung.text()).contains("hangs: no answer within 5 s");
    lab.nodes().forEach(node -> node.sh("kill -9 $(cat /run/gluster/vols/shared/*.pid)"));
    lab.node(1).await("errors", "! ls " + MOUNT);
    assertThat(lab.provision().run("status", "inventory.yml").text())
        .contains("too few bricks in reach", "start brick n1:");
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(lab.node(2).sh("cat " + MOUNT + "/kept")).isEqualTo("kept\n");
  }

  @Test
  @Order(8)
  void copiesThatDisagreeShutTheGateAndAreNamedWithTheirFile() {
    var kill = "kill -9 $(cat /run/gluster/vols/shared/*.pid)";
    lab.node(1)
        .sh(
            "gluster volume set shared cluster.quorum-type none && gluster volume heal shared disable"
                + " && echo base >%s/both".formatted(MOUNT));
    lab.node(2).sh(kill);
    lab.node(3).sh(kill);
    lab.node(1).await("a write", "echo first >%s/both".formatted(MOUNT));
    var pending = lab.provision().run("gluster", "check", "inventory.yml").exits(7);
    assertThat(pending.text()).contains("wait to be healed");
    lab.node(1).sh(kill);
    lab.node(3).sh("gluster volume start shared force");
    lab.node(1).sh(kill);
    lab.node(2).sh(kill);
    lab.node(3).await("a write", "echo third >%s/both".formatted(MOUNT));
    lab.node(3).sh("gluster volume start shared force && gluster volume heal shared enable");
    lab.node(1).await("split-brain", "gluster volume heal shared info split-brain | grep -q both");
    var unhealthy = lab.provision().run("gluster", "check", "inventory.yml").exits(7);
    assertThat(unhealthy.text())
        .contains(
            "in split-brain (volume shared)", "the copies of /both in volume shared disagree");
    assertThat(lab.provision().run("status", "inventory.yml").text())
        .contains(
            "copies that disagree", "split-brain source-brick n1:%sshared '/both'".formatted(ROOT));
    lab.node(1)
        .sh(
            "gluster volume heal shared split-brain source-brick n3:%sshared /both"
                .formatted(ROOT));
    lab.node(1).sh("gluster volume set shared cluster.quorum-type auto");
    assertThat(lab.node(2).sh("cat %s/both".formatted(MOUNT))).isEqualTo("third\n");
    SharedVolume.awaitGate(lab);
  }

  @Test
  @Order(9)
  void allComesBackAfterThreeRebootsInARowAndAfterAllStoppedAtOnce() {
    keep();
    for (var i = 0; i < 3; i++) {
      lab.node(2).reboot();
      lab.node(2).await("mount", "findmnt -n -t fuse.glusterfs " + MOUNT);
      lab.node(2).await("file", "grep -qx kept " + MOUNT + "/kept");
    }
    lab.stopAndStartAll();
    lab.nodes().forEach(node -> node.await("file", "grep -qx kept " + MOUNT + "/kept"));
  }

  @Test
  @Order(10)
  void aPeerThatIsCutOffShutsTheGateAndCostsNoData() {
    keep();
    var others = lab.node(1).address() + "," + lab.node(2).address();
    lab.node(3).sh("iptables -A INPUT -s %s -j DROP".formatted(others));
    var unhealthy = lab.provision().run("gluster", "check", "inventory.yml").exits(7);
    assertThat(unhealthy.text()).contains("n3");
    lab.node(1).await("the loss of n3", "gluster pool list | grep n3 | grep -q Disconnected");
    assertThat(lab.provision().run("status", "inventory.yml").text())
        .contains("n3 (Peer in Cluster, disconnected)", "unknown");
    lab.node(1).sh("echo meanwhile >%s/meanwhile".formatted(MOUNT));
    lab.node(3).sh("iptables -F INPUT");
    lab.provision().json("apply", "inventory.yml").exits(0);
    lab.node(3).await("file", "grep -qx meanwhile %s/meanwhile".formatted(MOUNT));
    SharedVolume.awaitGate(lab);
  }

  /** Something to lose. */
  private static void keep() {
    inventory(SHARED);
    lab.provision().json("apply", "inventory.yml").exits(0);
    lab.node(1).sh("echo kept >" + MOUNT + "/kept");
  }

  private static String volume(String name, String keys) {
    return "{ name: %s, %s, brick: %s%s, mount: /mnt/gluster/%s }"
        .formatted(name, keys, ROOT, name, name);
  }

  private static void inventory(String... volumes) {
    var text = new StringBuilder();
    text.append(
        """
        cluster:
          name: lab
          distribution: none
          network: { node_cidr: %s }
          storage:
            gluster:
              volumes: [ %s ]
        ssh: { user: admin, key: %s, host_keys: strict, known_hosts: %s }
        hosts:
        """
            .formatted(
                Engine.SUBNET, String.join(", ", volumes), Lab.KEY, lab.file("known_hosts")));
    for (var node : lab.nodes()) {
      text.append(
          "  %s: { address: %s, roles: [storage] }%n".formatted(node.name(), node.address()));
    }
    lab.write("inventory.yml", text.toString());
  }
}
