package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hosts of GlusterFS without Kubernetes are rebooted one after another while a client writes to
 * their volume. One of them goes off in the middle, and the run that had it away is killed: a run
 * from another machine is told so, and that of the same machine takes over once it is back.
 */
@Tag("long")
class PlainRotationTest {
  private static final String MARKED = "[ -e /var/lib/provision/rotating ]";
  private static final String AWAY = "waiting for it to come back";

  @Test
  void storageHostsAreRebootedOneAfterAnotherAlsoWhereOneGoesOffAndItsRunIsKilled()
      throws Exception {
    try (var lab = Lab.of(4)) {
      var text =
          SharedVolume.inventoryText(lab, SharedVolume.VOLUMES, 1, 2, 3, 4)
              .replaceFirst("(n1: .*), roles: \\[storage\\]", "$1");
      lab.write("inventory.yml", text);
      lab.provision().json("apply", "inventory.yml").exits(0);
      var client = lab.node(1);
      var storage = lab.nodes().subList(1, 4);
      storage.getFirst().sh(SharedVolume.HEAL_SOON);
      var lines = new NumberedLines(client, storage);
      lines.begin();
      aShutGateLeavesTheHostAsItIs(lab);
      var boots = RealRotationTest.boots(storage);
      RealRotationTest.wantReboots(storage);
      var plan = lab.provision().run("rotate", "inventory.yml", "--dry-run").exits(0);
      assertThat(plan.text()).contains("linux-image", "host, after n2", "host, after n3");
      aRebootThatIsNotTakenLeavesItsBricksRunning(lab);
      assertThat(RealRotationTest.boots(storage)).isEqualTo(boots);
      var left = lab.provision().run("rotate", "inventory.yml", "--dry-run").exits(0);
      assertThat(left.text()).contains("out of use by a rotation that did not end -> in use");
      var seen = new SeenAway(lab, () -> out(lab));
      oneGoesOffAndItsRunIsKilled(lab);
      var on = lab.provision().json("rotate", "inventory.yml").exits(0);
      assertThat(on.text()).contains("taken over from");
      seen.end();
      lines.end();

      assertThat(RealRotationTest.boots(storage)).doesNotContainAnyElementsOf(boots);
      assertThat(seen.together).as("hosts out of use at one time").isEmpty();
      assertThat(seen.order).as("in their order").containsExactly("n2", "n3", "n4");
      assertThat(seen.pending).as("entries to be healed as a host went").containsOnly("0");
      lines.nothingIsLost();
      assertThat(lab.provision().json("rotate", "inventory.yml").exits(0).total("changed"))
          .isZero();
      lab.nodes()
          .forEach(node -> {
            assertThat(node.succeeds(MARKED)).isFalse();
            assertThat(node.sh("ls -A /var/lib/provision/away 2>/dev/null || :")).isEmpty();
          });
    }
  }

  /** One brick is down: the other hosts may not go, and are not touched until an end is asked. */
  private static void aShutGateLeavesTheHostAsItIs(Lab lab) {
    lab.node(4).sh("kill $(cat /run/gluster/vols/shared/*.pid)");
    RealRotationTest.wantReboots(List.of(lab.node(2)));
    var waits = lab.provision().startJson("rotate", "inventory.yml");
    waits.await(event -> event.toString().contains("brick n4:"));
    assertThat(lab.node(2).succeeds(MARKED)).isFalse();
    waits.signal("INT");
    waits.end().exits(130);
    lab.node(2).sh("gluster --mode=script volume start shared force");
  }

  /** It could not be ordered: what had ended for it begins again. */
  private static void aRebootThatIsNotTakenLeavesItsBricksRunning(Lab lab) {
    var node = lab.node(2);
    node.sh("chmod -x /usr/bin/systemd-run");
    var ended = lab.provision().json("rotate", "inventory.yml").exits(1);
    assertThat(ended.text()).contains("the reboot could not be ordered from systemd");
    assertThat(node.succeeds("pgrep -x glusterfsd")).isTrue();
    assertThat(node.succeeds(MARKED)).isTrue();
    node.sh("chmod +x /usr/bin/systemd-run");
  }

  /** What another machine is told meanwhile, and after the first run's end. */
  private static void oneGoesOffAndItsRunIsKilled(Lab lab) {
    var first = lab.provision().startJson("rotate", "inventory.yml");
    first.await(event ->
        event.path("target").asText().equals("n2") && event.path("text").asText().startsWith(AWAY));
    lab.node(2).powerOff();
    isTold(lab, first.pid());
    first.kill();
    isTold(lab, first.pid());
    for (var other : lab.nodes().subList(2, 4)) {
      assertThat(other.succeeds(MARKED)).isFalse();
      assertThat(other.succeeds("[ -e /run/reboot-required ]")).as("not rebooted").isTrue();
    }
    lab.node(2).powerOn();
    assertThat(lab.node(2).succeeds(MARKED)).isTrue();
    var another = new Provision(Checkout.scratch("another"));
    var held = another.json("rotate", lab.file("inventory.yml").toString()).exits(6);
    assertThat(held.text()).contains("n2 is locked by", "process " + first.pid());
  }

  private static void isTold(Lab lab, long pid) {
    var other = new Provision(Checkout.scratch("other"));
    var told = other.json("rotate", lab.file("inventory.yml").toString()).exits(6);
    assertThat(told.text())
        .contains("n2 is not there: it is away for its reboot since 20", "process " + pid);
    assertThat(told.total("changed")).isZero();
    assertThat(told.total("n1", "failed")).as("said once where nothing is wanted").isEqualTo(1);
  }

  /**
   * Who is marked, or down; they are asked one after the other, and the first may be back since.
   */
  private static List<String> out(Lab lab) {
    var out = lab.nodes().stream().filter(PlainRotationTest::isOut).toList();
    return (out.size() > 1 ? out.stream().filter(PlainRotationTest::isOut) : out.stream())
        .map(Node::name)
        .toList();
  }

  private static boolean isOut(Node node) {
    return !node.answers("! " + MARKED);
  }
}
