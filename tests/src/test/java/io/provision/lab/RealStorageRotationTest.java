package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
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

  /** No reboot was ordered, or it was and is over. */
  private static final String UP =
      "systemctl is-active ssh && { [ ! -e /var/lib/provision/claim ] || [ ! -e /run/reboot-required ]; }";

  private static final String CORDONED =
      "k3s kubectl get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable}{\"\\n\"}{end}' | sed -n 's/ true$//p'";

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

      var lines = new NumberedLines(client, storage);
      lines.begin();
      aShutGateLeavesTheNodeAsItIs(lab);

      var boots = RealRotationTest.boots(storage);
      RealRotationTest.wantReboots(storage);
      var plan = lab.provision().run("rotate", "cluster.yml", "--dry-run").exits(0);
      assertThat(plan.text()).contains("linux-image", "n3, after n2");
      var seen = new SeenAway(lab, () -> client.sh(CORDONED).lines().toList());
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
      seen.end();
      lines.end();

      assertThat(RealRotationTest.boots(storage)).doesNotContainAnyElementsOf(boots);
      assertThat(seen.together).as("nodes out of use at one time").isEmpty();
      assertThat(seen.order).as("in their order, each once its data was whole").hasSize(3);
      assertThat(seen.pending).as("entries to be healed as a node went").containsOnly("0");
      lines.nothingIsLost();
      assertThat(lines.errors()).as("errors of the writer").isEmpty();
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
}
