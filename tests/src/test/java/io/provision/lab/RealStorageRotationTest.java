package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nodes of the real k3s that have a brick of one volume are rebooted one after another while a
 * client writes to it; a run that was killed once a node's bricks had ended is gone on with, and so
 * is one that was killed while a node was away.
 */
@Tag("long")
class RealStorageRotationTest {
  private static final List<String> ROLES =
      List.of("control-plane", "worker, storage", "worker, storage", "worker, storage");

  private static final String MOUNT = SharedVolume.MOUNT;

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

  /** No reboot was ordered, or it was and is over. */
  private static final String UP =
      "systemctl is-active ssh && { [ ! -e /var/lib/provision/claim ] || [ ! -e /run/reboot-required ]; }";

  private static final String CORDONED =
      "k3s kubectl get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable}{\"\\n\"}{end}' | sed -n 's/ true$//p'";

  private static final String PENDING =
      "gluster --mode=script --xml volume heal shared info summary | sed -n 's:.*<totalNumberOfEntries>\\(.*\\)</totalNumberOfEntries>:\\1:p' | sort -u";

  @Test
  void nodesWithBricksAreRebootedOneAfterAnotherAndNothingIsLost() throws Exception {
    try (var lab = Lab.of(4)) {
      var cluster = RealCluster.ofK3s(lab);
      System.out.println("RealStorageRotationTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
      var text = Checkout.text(lab.file("cluster.yml"));
      lab.write(
          "cluster.yml",
          text.replace(
              "artifacts:",
              "  storage: { gluster: { volumes: [ %s ] } }\nartifacts:"
                  .formatted(SharedVolume.VOLUMES)));
      lab.provision().json("apply", "cluster.yml").exits(0);
      var storage = lab.nodes().subList(1, 4);
      var client = lab.node(1);

      client.sh(WRITER);
      client.await("lines", "[ -s /root/acknowledged ]");
      aShutGateLeavesTheNodeAsItIs(lab);

      var boots = RealRotationTest.boots(storage);
      RealRotationTest.wantReboots(storage);
      var plan = lab.provision().run("rotate", "cluster.yml", "--dry-run").exits(0);
      assertThat(plan.text()).contains("linux-image", "n3, after n2");
      var seen = new Seen(lab);
      var watch = Thread.ofPlatform().start(seen);
      var killed = lab.provision().startJson("rotate", "cluster.yml");
      killed.awaitOn(
          lab.node(2),
          "a node whose bricks have ended",
          "[ -e /var/lib/provision/rotating ] && ! pgrep -x glusterfsd");
      killed.kill();
      Pause.milliseconds(5000); // its reboot may have been ordered already, and then comes
      lab.node(2).await("its return", UP);
      lab.provision().run("unlock", "cluster.yml", "-y").exits(0);
      whatARunLeavesThatIsKilledWhileItIsAway(lab);
      lab.provision().json("rotate", "cluster.yml").exits(0);
      seen.ends = true;
      watch.join();
      client.sh("kill $(cat /root/writer.pid)");

      assertThat(RealRotationTest.boots(storage)).doesNotContainAnyElementsOf(boots);
      assertThat(seen.together).as("nodes out of use at one time").isEmpty();
      assertThat(seen.order).as("in their order, each once its data was whole").hasSize(3);
      assertThat(seen.pending).as("entries to be healed as a node went").containsOnly("0");
      nothingIsLost(client, storage);
      System.out.printf(
          "%s lines were acknowledged, the longest time between two was %s ms%n",
          client.sh("wc -l </root/acknowledged").strip(), client.sh(LONGEST).strip());
      assertThat(client.sh("cat /root/writer.log")).as("errors of the writer").isEmpty();
      cluster.hasNodes(client, cluster.newer(), "n1", "n2", "n3", "n4");
      assertThat(lab.provision().json("rotate", "cluster.yml").exits(0).total("changed")).isZero();
      lab.nodes()
          .forEach(
              node -> assertThat(node.succeeds("[ -e /var/lib/provision/rotating ]")).isFalse());
    }
  }

  /** One brick is down: the other hosts may not go, and are not touched until an end is asked. */
  private static void aShutGateLeavesTheNodeAsItIs(Lab lab) {
    lab.node(4).sh("kill $(cat /run/gluster/vols/shared/*.pid)");
    RealRotationTest.wantReboots(List.of(lab.node(2)));
    var waits = lab.provision().startJson("rotate", "cluster.yml");
    waits.await(event -> event.toString().contains("brick n4:"));
    assertThat(lab.node(1).sh(CORDONED)).isEmpty();
    assertThat(lab.node(2).succeeds("[ -e /var/lib/provision/rotating ]")).isFalse();
    waits.signal("INT");
    waits.end().exits(130);
    assertThat(lab.node(1).sh(CORDONED)).isEmpty();
    lab.node(2).sh("gluster --mode=script volume start shared force");
  }

  /** It comes back without a brick, and is not given back like that. */
  private static void whatARunLeavesThatIsKilledWhileItIsAway(Lab lab) {
    var run = lab.provision().startJson("rotate", "cluster.yml");
    run.await(event ->
        event.path("target").asText().equals("n3")
            && event.path("text").asText().startsWith("waiting for it to come back"));
    run.kill();
    var node = lab.node(3);
    node.await("its return", "pgrep -x glusterfsd && ! [ -e /run/reboot-required ]");
    node.sh("kill $(cat /run/gluster/vols/shared/*.pid)");
    assertThat(node.succeeds("[ -e /var/lib/provision/rotating ]")).isTrue();
    assertThat(lab.node(1).sh(CORDONED)).isEqualTo("n3\n");
    lab.provision().run("unlock", "cluster.yml", "-y").exits(0);
    var back = lab.provision().json("rotate", "cluster.yml", "--limit=n3").exits(0);
    assertThat(back.text())
        .containsSubsequence(
            "starting what is missing of shared",
            "GlusterFS to be whole again with n3",
            "waiting for n3 to be heard of anew");
    assertThat(node.succeeds("pgrep -x glusterfsd")).isTrue();
    assertThat(lab.node(1).sh(CORDONED)).isEmpty();
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

  /** What is seen from beside, until it ends. */
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
      var out = lab.node(1).sh(CORDONED).lines().toList();
      if (out.size() > 1) {
        together.add(out.toString());
      }
      for (var name : out) {
        if (!order.contains(name)) {
          pending.add(lab.node(name.equals("n2") ? 3 : 2).sh(PENDING).strip());
          order.add(name);
        }
      }
    }
  }
}
