package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The containerd of a living cluster of the real kubeadm becomes another one, with runc and CNI
 * plugins, while its workload is served: what a stand-in cannot show is that pods run on by the new
 * one, and that a node comes to a cluster with nothing of its system's.
 */
@Tag("long")
class RealRuntimeTest {
  private static final String CONTAINERD = "v2.3.4";
  static final String RUNTIME =
      "  container_runtime: { containerd: %s, runc: v1.5.1, cni_plugins: v1.9.1 }\n"
          .formatted(CONTAINERD);
  private static final List<String> ROLES = List.of("control-plane", "worker", "worker");

  /** Milliseconds within an action. */
  private static final int MOST_DELAY = 4000;

  private static final String RUNS =
      "readlink /proc/$(systemctl show -p MainPID --value containerd)/exe && ctr version | sed -n '/^Server/,$ s/^ *Version: *//p'";

  @Test
  void aLivingClusterGetsAnotherRuntimeOneNodeAfterAnother() {
    try (var lab = Lab.of(3)) {
      var cluster = RealCluster.ofKubeadm(lab);
      Assumptions.assumeTrue(isAtHand(cluster), "no real containerd at hand");
      System.out.println("RealRuntimeTest: with the real containerd " + CONTAINERD);
      lab.nodes().forEach(cluster::letRun);
      inventory(lab, cluster, "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(lab.node(1).sh(RUNS)).startsWith("/usr/bin/containerd\n").contains("1.6.");
      var load = ServedLoad.of(lab.node(1), lab.node(3), "v1.14.2");
      var calm = load.whileNothingHappens();
      load.begin();

      inventory(lab, cluster, RUNTIME);
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text())
          .contains("node n2, after n1", "node n3, after n1")
          .containsPattern("containerd.*1\\.6\\.[0-9]+ of its system -> " + CONTAINERD)
          .contains("unit containerd.service");
      var runs = new KilledRuns(lab, 1, MOST_DELAY, "apply", "cluster.yml");
      runs.untilOneEnds().exits(0);
      var during = load.end();
      assertThat(runs.tried()).containsKeys("n1 kubeadm-upgrade", "n3 kubeadm-upgrade");

      for (var node : lab.nodes()) {
        assertThat(node.sh(RUNS)).isEqualTo("/usr/local/bin/containerd\n" + CONTAINERD + "\n");
        assertThat(node.sh("/usr/local/sbin/runc --version")).contains("1.5.1");
      }
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3");
      cluster.hasMembers(lab.node(1), "n1");
      lab.nothingIsLeftToDo(lab.nodes());
      System.out.printf(
          "longest gap without an answer: %s while nothing happened, %s meanwhile; killed in %s%n",
          calm, during, runs.tried());
    }
  }

  @Test
  void aClusterThatBeginsWithItKeepsItAndANodeThatLeavesLosesIt() {
    try (var lab = Lab.of(3)) {
      var cluster = RealCluster.ofKubeadm(lab);
      Assumptions.assumeTrue(isAtHand(cluster), "no real containerd at hand");
      lab.nodes().forEach(cluster::letRun);
      inventory(lab, cluster, RUNTIME);
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      aProgramThatSomebodyChangedIsSetBack(lab);
      aNodeThatLeavesHasNoneOfItAndComesBackWithAllOfIt(lab, cluster);
    }
  }

  static boolean isAtHand(RealCluster cluster) {
    return Files.isDirectory(cluster.artifacts().resolve("containerd/" + CONTAINERD));
  }

  private static void aProgramThatSomebodyChangedIsSetBack(Lab lab) {
    lab.node(3).sh("printf x >>/opt/cni/bin/bridge");
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(plan.text()).contains("cni-plugins", "not as it was installed");
    lab.provision().json("apply", "cluster.yml").exits(0);
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void aNodeThatLeavesHasNoneOfItAndComesBackWithAllOfIt(
      Lab lab, RealCluster cluster) {
    var worker = lab.node(3);
    cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of("n3"));
    declare(lab, RUNTIME);
    lab.provision().json("apply", "cluster.yml", "--remove", "n3", "--force-remove").exits(0);
    cluster.isWiped(worker);
    assertThat(
            worker.sh(
                "ls -d /usr/local/bin/containerd* /usr/local/sbin/runc /opt/cni/bin/bridge /var/lib/provision/runtime /etc/systemd/system/containerd.service 2>/dev/null; :"))
        .isEmpty();
    cluster.letRun(worker);
    inventory(lab, cluster, RUNTIME);
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(worker.sh(RUNS)).isEqualTo("/usr/local/bin/containerd\n" + CONTAINERD + "\n");
    assertThat(worker.succeeds("test -e /usr/bin/containerd")).isFalse();
    cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void inventory(Lab lab, RealCluster cluster, String runtime) {
    cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
    declare(lab, runtime);
  }

  /** Of containerd 2 the setting that a node in a container needs is at another place. */
  static void declare(Lab lab, String runtime) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml",
        text.replace("  containerd: {", runtime + "  containerd: {")
            .replace(
                "io.containerd.grpc.v1.cri: { restrict_oom_score_adj: true }",
                "io.containerd.grpc.v1.cri: { restrict_oom_score_adj: true }, io.containerd.cri.v1.runtime: { restrict_oom_score_adj: true }"));
  }
}
