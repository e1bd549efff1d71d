package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hosts of GlusterFS without Kubernetes are rebooted one after another while a client writes to
 * their volume. One of them goes off in the middle, and the run that had it away is killed: a run
 * from another machine is told so, and goes on once it is back.
 */
@Tag("long")
class PlainRotationTest {
  private static final String MOUNT = SharedVolume.MOUNT;
  private static final String MARKED = "[ -e /var/lib/provision/rotating ]";
  private static final String AWAY = "waiting for it to come back";

  /**
   * Numbers its lines; what was written and synced is noted on a disk of its own, with its time.
   */
  private static final String WRITER =
      """
      cat >/usr/local/bin/writer <<'END'
      #!/bin/sh
      i=0
      while :; do
        i=$((i + 1))
        echo "line $i" >>%s/lines && sync %1$s/lines && echo "$i $(date +%%s%%3N)" >>/root/acknowledged
        sleep 0.2
      done
      END
      chmod +x /usr/local/bin/writer
      setsid sh -c 'echo $$ >/root/writer.pid; exec /usr/local/bin/writer' >/root/writer.log 2>&1 </dev/null &
      """
          .formatted(MOUNT);

  private static final String LONGEST =
      "awk 'NR > 1 && $2 - before > longest { longest = $2 - before } { before = $2 } END { print longest + 0 }' /root/acknowledged";

  private static final String PENDING =
      "gluster --mode=script --xml volume heal shared info summary | sed -n 's:.*<totalNumberOfEntries>\\(.*\\)</totalNumberOfEntries>:\\1:p' | sort -u";

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
      client.sh(WRITER);
      client.await("lines", "[ -s /root/acknowledged ]");
      aShutGateLeavesTheHostAsItIs(lab);

      var boots = RealRotationTest.boots(storage);
      RealRotationTest.wantReboots(storage);
      var plan = lab.provision().run("rotate", "inventory.yml", "--dry-run").exits(0);
      assertThat(plan.text()).contains("linux-image", "host, after n2", "host, after n3");
      var seen = new Seen(lab);
      var watch = Thread.ofPlatform().start(seen);
      oneGoesOffAndItsRunIsKilled(lab);
      lab.provision().json("rotate", "inventory.yml").exits(0);
      seen.ends = true;
      watch.join();
      client.sh("kill $(cat /root/writer.pid)");

      assertThat(RealRotationTest.boots(storage)).doesNotContainAnyElementsOf(boots);
      assertThat(seen.together).as("hosts out of use at one time").isEmpty();
      assertThat(seen.order).as("in their order").containsExactly("n2", "n3", "n4");
      assertThat(seen.pending).as("entries to be healed as a host went").containsOnly("0");
      nothingIsLost(client, storage);
      System.out.printf(
          "%s lines were acknowledged, the longest time between two was %s ms%n",
          client.sh("wc -l </root/acknowledged").strip(), client.sh(LONGEST).strip());
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
    var held = lab.provision().json("rotate", "inventory.yml").exits(6);
    assertThat(held.text()).contains("n2 is locked by", "process " + first.pid());
    lab.provision().run("unlock", "inventory.yml", "-y").exits(0);
  }

  private static void isTold(Lab lab, long pid) {
    var other = new Provision(Checkout.scratch("other"));
    var told = other.json("rotate", lab.file("inventory.yml").toString()).exits(6);
    assertThat(told.text())
        .contains("n2 is not there: it is away for its reboot since 20", "process " + pid);
    assertThat(told.total("changed")).isZero();
    assertThat(told.total("n1", "failed")).as("said once where nothing is wanted").isEqualTo(1);
  }

  private static void nothingIsLost(Node client, List<Node> storage) {
    assertThat(
            client.sh(
                "sed 's/ .*//; s/^/line /' /root/acknowledged | sort >/root/a; sort %s/lines >/root/b; comm -23 /root/a /root/b"
                    .formatted(MOUNT)))
        .as("lines that were acknowledged and are not there")
        .isEmpty();
    storage.get(0).await("healed data", "[ \"$(%s)\" = 0 ]".formatted(PENDING));
    var copies = new TreeSet<String>();
    storage.forEach(
        node -> copies.add(node.sh("sha256sum <%s/lines".formatted(SharedVolume.BRICK))));
    assertThat(copies).as("copies").hasSize(1);
  }

  /** What is seen from beside, until it ends: who is out of use, or down. */
  private static final class Seen implements Runnable {
    private final Lab lab;
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final List<String> together = new CopyOnWriteArrayList<>();
    private final List<String> pending = new CopyOnWriteArrayList<>();
    private volatile boolean ends;

    private Seen(Lab lab) {
      this.lab = lab;
    }

    @Override
    public void run() {
      while (!ends) {
        try {
          look();
        } catch (AssertionError | RuntimeException e) {
          System.out.println("not seen: " + e.getMessage()); // docker has its moments under load
        }
        Pause.milliseconds(200);
      }
    }

    private void look() {
      var out = new ArrayList<String>();
      lab.nodes().stream().filter(Seen::isOut).map(Node::name).forEach(out::add);
      if (out.size() > 1) {
        // seen one after the other: the first of them may be back since
        var still =
            Stream.of(out.getFirst(), out.getLast())
                .filter(name ->
                    lab.nodes().stream().anyMatch(it -> it.name().equals(name) && isOut(it)))
                .toList();
        if (still.size() > 1) {
          together.add(out.toString());
        }
      }
      for (var name : out) {
        if (!order.contains(name)) {
          pending.add(lab.node(name.equals("n2") ? 3 : 2).sh(PENDING).strip());
          order.add(name);
        }
      }
    }

    private static boolean isOut(Node node) {
      return !node.answers("! " + MARKED);
    }
  }
}
