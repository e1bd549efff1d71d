package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A control plane and a worker of the real programs become three and two by edits of the inventory;
 * an address of MetalLB is asked from a machine that is none of them, and again when the node that
 * announced it is off; and a way between two nodes that is shut is named.
 */
@Tag("long")
class RealGrowthTest {
  private static final String METALLB = "v0.16.1";
  private static final String NET = Engine.SUBNET.replaceFirst("\\.0/24$", "");
  private static final String FIRST = NET + ".240";
  private static final String POOL =
      "  load_balancer: { metallb: { addresses: [%s.240-%1$s.249] } }%n".formatted(NET);
  private static final String ASK = "timeout 2 bash -c 'exec 3<>/dev/tcp/%s/53'".formatted(FIRST);

  /** The last is no node. */
  private static final List<String> ROLES =
      List.of("control-plane", "worker", "worker", "control-plane", "control-plane", "none");

  @Test
  void ofKubeadm() {
    grows(RealCluster::ofKubeadm);
  }

  @Test
  void ofK3s() {
    grows(RealCluster::ofK3s);
  }

  private static void grows(Function<Lab, RealCluster> of) {
    try (var lab = Lab.of(6)) {
      var cluster = of.apply(lab);
      Assumptions.assumeTrue(
          Files.isDirectory(cluster.artifacts().resolve("metallb/" + METALLB)),
          "no MetalLB at hand");
      System.out.println("RealGrowthTest: MetalLB " + METALLB + " with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);

      inventory(cluster, 2);
      lab.provision().json("apply", "cluster.yml").exits(0);
      nothingChanges(cluster, 2);

      inventory(cluster, 3);
      lab.provision().json("apply", "cluster.yml").exits(0);
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3");
      nothingChanges(cluster, 3);

      inventory(cluster, 5);
      var runs = new KilledRuns(lab, 1, 15_000, "apply", "cluster.yml");
      for (var i = 0; i < 8 && runs.oneIsKilled(); i++) {
        // in another action each time
      }
      System.out.printf("RealGrowthTest: runs killed in %s%n", runs.tried());
      lab.provision().json("apply", "cluster.yml").exits(0);
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3", "n4", "n5");
      cluster.hasMembers(lab.node(1), "n1", "n4", "n5");
      nothingChanges(cluster, 5);

      aWayThatIsShutIsNamed(cluster);
      anAddressAnswersFromOutside(cluster);
    }
  }

  private static void nothingChanges(RealCluster cluster, int count) {
    var lab = cluster.lab();
    var nodes = lab.nodes().subList(0, count);
    var before = Witness.ofCluster(lab.node(1), cluster.kubectl(), nodes);
    lab.nothingIsLeftToDo(nodes);
    before.forEach(Witness::stillHolds);
  }

  /** All nodes stay Ready, and DNS answers on each. */
  private static void aWayThatIsShutIsNamed(RealCluster cluster) {
    var lab = cluster.lab();
    var rule = "INPUT -p udp --dport 8472 -s %s -j DROP".formatted(lab.node(3).address());
    lab.node(2).sh("iptables -I " + rule);
    var refused = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(refused.text())
        .containsPattern("no answer from n3 \\(%s\\) at 10[.]".formatted(lab.node(3).address()))
        .containsPattern("no answer from n2 \\(%s\\) at 10[.]".formatted(lab.node(2).address()))
        .contains("UDP port 8472")
        .doesNotContain("no answer from n1");
    lab.node(2).sh("iptables -D " + rule);
    lab.nothingIsLeftToDo(lab.nodes().subList(0, 5));
  }

  private static void anAddressAnswersFromOutside(RealCluster cluster) {
    var lab = cluster.lab();
    var first = lab.node(1);
    cluster.kubectl(first, "-n kube-system scale deployment coredns --replicas=5");
    cluster.kubectl(first, "-n kube-system rollout status deployment coredns --timeout=180s");
    cluster.kubectl(
        first,
        "-n kube-system expose deployment coredns --name=outside --type=LoadBalancer --port=53 --protocol=TCP");
    lab.node(6).await("answer of " + FIRST, ASK);
    cluster.awaits(
        first,
        "who announces it",
        "get servicel2statuses.metallb.io -A -o jsonpath='{.items[0].status.node}'",
        "n");
    var announcer =
        cluster.kubectl(
            first, "get servicel2statuses.metallb.io -A -o jsonpath='{.items[0].status.node}'");
    var gone = lab.nodes().stream().filter(it -> it.name().equals(announcer)).findFirst();
    assertThat(gone).as("who announces it: '%s'", announcer).isPresent();
    gone.get().powerOff();
    lab.node(6).sh("ip neigh flush all");
    lab.node(6).await("answer of " + FIRST + " without " + announcer, ASK);
    gone.get().powerOn();
  }

  private static void inventory(RealCluster cluster, int count) {
    var gone =
        Set.copyOf(cluster.lab().nodes().subList(count, 6).stream().map(Node::name).toList());
    cluster.inventory(cluster.newer(), ROLES, gone, Set.of());
    var text = Checkout.text(cluster.lab().file("cluster.yml"));
    cluster.lab().write("cluster.yml", text.replace("artifacts:", POOL + "artifacts:"));
  }
}
