package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster of the real k3s or kubeadm, with three control planes that have a brick each of one
 * volume, goes down as a whole and comes up again three times: as it should; with its power away
 * meanwhile, and a stop that was killed before; and from the middle of both ways.
 */
@Tag("long")
class RealStopStartTest {
  private static final List<String> ROLES =
      List.of(
          "control-plane, storage", "control-plane, storage", "control-plane, storage", "worker");

  private static final String MARK = "/var/lib/provision/stopped";

  /** What of a cluster runs on a host; a line each. */
  private static final String LEFT =
      """
      for unit in k3s k3s-agent kubelet glusterd; do systemctl is-active --quiet "$unit" && echo "unit $unit"; done
      own=containerd; [ ! -e /usr/bin/containerd ] || own=containerd-shim # the system's goes on
      cat /proc/[0-9]*/comm 2>/dev/null | grep -E "^($own|k3s|kube|etcd|gluster|coredns|flanneld)" | sort -u
      grep fuse.glusterfs /proc/mounts
      :
      """;

  private static final String CORDONED =
      "get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable}{\"\\n\"}{end}' | sed -n 's/ true$//p'";

  private static final String DATA = SharedVolume.MOUNT + "/data";

  @Test
  void ofK3s() throws Exception {
    aClusterGoesDownAsAWholeAndComesUpThreeTimesAndAllThatItHadIsThere(RealCluster::newestOfK3s);
  }

  @Test
  void ofKubeadm() throws Exception {
    aClusterGoesDownAsAWholeAndComesUpThreeTimesAndAllThatItHadIsThere(
        RealCluster::newestOfKubeadm);
  }

  private static void aClusterGoesDownAsAWholeAndComesUpThreeTimesAndAllThatItHadIsThere(
      Function<Lab, RealCluster> of) throws Exception {
    try (var lab = Lab.of(4)) {
      var cluster = of.apply(lab);
      System.out.println("RealStopStartTest: with " + cluster.called());
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
      assertThat(lab.provision().json("start", "cluster.yml").exits(0).total("changed"))
          .as("of a cluster that was never stopped")
          .isZero();
      var _ = cluster.load(lab.node(1), lab.node(4));
      var sum = write(lab, cluster);

      aShutGateLeavesAllAsItIs(lab, cluster);
      downAndUp(lab, cluster);
      whole(lab, cluster, sum);
      withItsPowerAway(lab, cluster);
      whole(lab, cluster, sum);
      fromTheMiddleOfBothWays(lab, cluster);
      whole(lab, cluster, sum);
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  private static String write(Lab lab, RealCluster cluster) {
    cluster.kubectl(lab.node(1), "create configmap kept --from-literal=value=whole");
    lab.node(4).sh("head -c 5000000 /dev/urandom >%s && sync %1$s".formatted(DATA));
    return lab.node(4).sh("sha256sum <" + DATA);
  }

  private static void whole(Lab lab, RealCluster cluster, String sum) {
    var server = lab.node(1);
    cluster.hasNodes(server, cluster.newer(), "n1", "n2", "n3", "n4");
    cluster.hasMembers(server, "n1", "n2", "n3");
    assertThat(cluster.kubectl(server, "get configmap kept -o 'jsonpath={.data.value}'"))
        .isEqualTo("whole");
    cluster.kubectl(server, "rollout status deployment/web --timeout=180s");
    var copies = new TreeSet<String>();
    for (var node : lab.nodes()) {
      assertThat(node.succeeds("[ -e %s ]".formatted(MARK))).isFalse();
      copies.add(node.sh("sha256sum <" + DATA));
    }
    lab.nodes()
        .subList(0, 3)
        .forEach(node -> copies.add(node.sh("sha256sum <%s/data".formatted(SharedVolume.BRICK))));
    assertThat(copies).containsExactly(sum);
  }

  private static void isDown(Lab lab) {
    for (var node : lab.nodes()) {
      assertThat(node.sh(LEFT)).as("what runs on " + node.name()).isEmpty();
      assertThat(node.sh("cat " + MARK)).startsWith("stopped 2");
    }
  }

  /** A brick is down: no node is touched, and that is a safety check that failed. */
  private static void aShutGateLeavesAllAsItIs(Lab lab, RealCluster cluster) {
    lab.node(3).sh("kill $(cat /run/gluster/vols/shared/*.pid)");
    var shut = lab.provision().json("stop", "cluster.yml").exits(7);
    assertThat(shut.text()).contains("brick n3:");
    assertThat(shut.total("changed")).isZero();
    assertThat(cluster.kubectl(lab.node(1), CORDONED)).isEmpty();
    lab.nodes().forEach(node -> assertThat(node.succeeds("[ -e %s ]".formatted(MARK))).isFalse());
    lab.node(3).sh("gluster --mode=script volume start shared force");
  }

  private static void downAndUp(Lab lab, RealCluster cluster) {
    var plan = lab.provision().run("stop", "cluster.yml", "--dry-run").exits(0);
    System.out.println(plan.text());
    assertThat(plan.text()).contains("after all workers", "after all hosts have let go");
    assertThat(cluster.kubectl(lab.node(1), CORDONED)).isEmpty();

    var began = System.nanoTime();
    var stopped = lab.provision().json("stop", "cluster.yml").exits(0);
    took("stop", began);
    isDown(lab);
    var order =
        stopped.events("step_finished").stream()
            .filter(it -> it.path("result").asText().equals("changed"))
            .map(it -> it.path("step").asText() + " " + it.path("target").asText())
            .toList();
    assertThat(order)
        .containsSubsequence("shutdown-emptied n4", "shutdown-emptied n1", "shutdown-down n4")
        .containsSubsequence("shutdown-down n4", "shutdown-down n1", "shutdown-stopped n1");
    assertThat(order.indexOf("shutdown-stopped n1"))
        .isGreaterThan(order.indexOf("shutdown-down n3"));
    var refused = lab.provision().json("apply", "cluster.yml").exits(1);
    assertThat(refused.text()).contains("stopped by 'provision stop'", "'provision start'");
    isDown(lab);
    assertThat(lab.provision().json("stop", "cluster.yml").exits(0).total("changed")).isZero();

    began = System.nanoTime();
    lab.provision().json("start", "cluster.yml").exits(0);
    took("start", began);
  }

  private static void took(String what, long began) {
    System.out.printf("%s took %d s%n", what, (System.nanoTime() - began) / 1_000_000_000);
  }

  /** What somebody else has cordoned stays cordoned. */
  private static void withItsPowerAway(Lab lab, RealCluster cluster) throws Exception {
    cluster.kubectl(lab.node(1), "cordon n4");
    var killed = lab.provision().startJson("stop", "cluster.yml");
    killed.awaitOn(lab.node(4), "a worker that is down", "grep -q '^down' " + MARK);
    killed.kill();
    lab.provision().json("stop", "cluster.yml").exits(0);
    isDown(lab);
    lab.nodes().forEach(Node::powerOff);
    try (var later = Executors.newVirtualThreadPerTaskExecutor()) {
      var on =
          later.submit(() -> {
            Pause.milliseconds(20_000);
            lab.nodes().forEach(Node::powerOn);
          });
      var started = lab.provision().json("start", "cluster.yml").exits(0);
      on.get();
      assertThat(started.text()).contains("it does not answer yet");
    }
    assertThat(cluster.kubectl(lab.node(1), CORDONED)).isEqualTo("n4\n");
    cluster.kubectl(lab.node(1), "uncordon n4");
  }

  private static void fromTheMiddleOfBothWays(Lab lab, RealCluster cluster) {
    var stopping = lab.provision().startJson("stop", "cluster.yml");
    stopping.awaitOn(lab.node(4), "a worker that is empty", "grep -q '^empty' " + MARK);
    stopping.kill();
    lab.provision().json("start", "cluster.yml").exits(0);
    cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3", "n4");

    lab.provision().json("stop", "cluster.yml").exits(0);
    isDown(lab);
    var starting = lab.provision().startJson("start", "cluster.yml");
    starting.awaitOn(lab.node(1), "a control plane that begins", "systemctl is-active k3s kubelet");
    starting.kill();
    lab.provision().json("start", "cluster.yml").exits(0);
  }
}
