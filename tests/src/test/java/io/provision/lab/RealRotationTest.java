package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nodes of the real programs that want a reboot are rebooted one after another while their workload
 * is served and a pod writes to a volume whose bricks are on the control planes; a run that was
 * killed while one was out of use is gone on with. The node that asks wants none.
 */
@Tag("long")
class RealRotationTest {
  private static final List<String> ROLES =
      List.of(
          "control-plane, storage",
          "control-plane, storage",
          "control-plane, storage",
          "worker",
          "worker");

  private static final String UPDATE = "echo \"$PROVISION_PHASE\" >>/root/updated";

  private static final String BOOT = "sed 's/^.*) //' /proc/1/stat | cut -d ' ' -f 20";

  @Test
  void ofKubeadm() {
    nodesAreRebootedOneAfterAnother(RealCluster::newestOfKubeadm);
  }

  @Test
  void ofK3s() {
    nodesAreRebootedOneAfterAnother(RealCluster::newestOfK3s);
  }

  private static void nodesAreRebootedOneAfterAnother(Function<Lab, RealCluster> of) {
    try (var lab = Lab.of(5)) {
      var cluster = of.apply(lab);
      System.out.println("RealRotationTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      lab.nodes().forEach(cluster::letReboot);
      cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
      var text = Checkout.text(lab.file("cluster.yml"));
      lab.write(
          "cluster.yml",
          text.replace(
              "artifacts:",
              "  storage: { gluster: { volumes: [ %s ] } }\nartifacts:"
                  .formatted(SharedVolume.VOLUMES)));
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      assertThat(lab.provision().json("rotate", "cluster.yml").exits(0).total("changed")).isZero();

      var nodes = lab.nodes().subList(0, 4);
      lab.node(1).sh(SharedVolume.HEAL_SOON);
      var writer = WritingPod.begin(cluster, lab.node(1), lab.node(4), lab.nodes());
      var load = cluster.load(lab.node(1), lab.node(5));
      var calm = load.whileNothingHappens();
      var boots = boots(nodes);
      wantReboots(nodes);
      var plan = lab.provision().run("rotate", "cluster.yml", "--dry-run").exits(0);
      System.out.println(plan.text());
      assertThat(plan.text()).contains("linux-image", "n2, after n1", "n4, after n1, n2, n3");
      assertThat(boots(nodes)).isEqualTo(boots);

      var seen = SeenNodes.of(cluster, lab.nodes().subList(0, 3));
      load.begin();
      var killed = lab.provision().startJson("rotate", "cluster.yml", "--command", UPDATE);
      killed.awaitOn(
          lab.node(2), "a node that is out of use", "[ -e /var/lib/provision/rotating ]");
      killed.kill();
      lab.provision().json("rotate", "cluster.yml", "--command", UPDATE).exits(0);
      var during = load.end();
      seen.close();
      writer.endsAndNothingIsLost();
      nodes.forEach(node -> assertThat(node.sh("cat /root/updated")).contains("before_reboot"));
      assertThat(lab.node(5).succeeds("[ -e /root/updated ]")).as("it wants none").isFalse();
      System.out.printf(
          "%d looks; pods by the node that was away: %s%n", seen.looks(), seen.pods());
      assertThat(seen.together()).as("nodes out of use at one time").isEmpty();
      assertThat(seen.order()).containsExactly("n1", "n2", "n3", "n4");
      assertThat(boots(nodes)).doesNotContainAnyElementsOf(boots);
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3", "n4", "n5");
      cluster.hasMembers(lab.node(1), "n1", "n2", "n3");
      assertThat(lab.provision().json("rotate", "cluster.yml").exits(0).total("changed")).isZero();
      System.out.printf(
          "longest gap without an answer: %s while nothing happened, %s while nodes were"
              + " rebooted%n",
          calm, during);
      lab.nodes()
          .forEach(
              node -> assertThat(node.succeeds("[ -e /var/lib/provision/rotating ]")).isFalse());
    }
  }

  static void wantReboots(List<Node> nodes) {
    nodes.forEach(
        node -> node.sh("touch /run/reboot-required; echo linux-image >/run/reboot-required.pkgs"));
  }

  /** When the first process of each began, by its name. */
  static List<String> boots(List<Node> nodes) {
    return nodes.stream().map(node -> node.name() + " " + node.sh(BOOT).strip()).toList();
  }
}
