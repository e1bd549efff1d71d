package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A control plane of the real programs that was dead, and was taken out of the cluster meanwhile,
 * comes back with all that it had: its etcd is none of the cluster's any more, and says so.
 */
@Tag("long")
class RealReturnTest {
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane");

  @Test
  void toKubeadm() {
    oneComesBack(RealCluster::ofKubeadm);
  }

  @Test
  void toK3s() {
    oneComesBack(RealCluster::ofK3s);
  }

  private static void oneComesBack(Function<Lab, RealCluster> of) {
    try (var lab = Lab.of(3)) {
      var cluster = of.apply(lab);
      System.out.println("RealReturnTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      inventory(cluster, Set.of());
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());

      lab.node(3).powerOff();
      cluster.awaits(lab.node(1), "silence of n3", "get nodes", "^n3 *NotReady");
      inventory(cluster, Set.of("n3"));
      lab.provision().json("apply", "cluster.yml", "--remove", "n3", "--force-remove").exits(0);
      cluster.hasMembers(lab.node(1), "n1", "n2");
      lab.nothingIsLeftToDo(lab.nodes().subList(0, 2));

      lab.node(3).powerOn();
      cluster.letRun(lab.node(3));
      inventory(cluster, Set.of());
      var refused = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
      assertThat(refused.text())
          .contains("its etcd was taken out of the cluster", "provision remove");
      cluster.hasMembers(lab.node(1), "n1", "n2");

      lab.provision().json("remove", "cluster.yml", "n3", "--force-remove").exits(0);
      cluster.isWiped(lab.node(3));
      cluster.letRun(lab.node(3));
      lab.provision().json("apply", "cluster.yml").exits(0);
      cluster.hasMembers(lab.node(1), "n1", "n2", "n3");
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3");
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  private static void inventory(RealCluster cluster, Set<String> gone) {
    cluster.inventory(cluster.newer(), ROLES, gone, Set.of());
  }
}
