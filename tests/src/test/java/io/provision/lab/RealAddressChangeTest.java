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
 * A cluster of the real programs that lives gets an address for its control planes, then another
 * one, then none again, by edits of the inventory. Each is asked from a machine that is no node.
 */
@Tag("long")
class RealAddressChangeTest {
  private static final String NET = Engine.SUBNET.replaceFirst("\\.0/24$", "");
  private static final String ASK = "timeout 2 bash -c 'exec 3<>/dev/tcp/%s/6443'";

  /** The last is no node. */
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker", "none");

  @Test
  void ofKubeadm() {
    changes(RealCluster::ofKubeadm);
  }

  @Test
  void ofK3s() {
    changes(RealCluster::ofK3s);
  }

  private static void changes(Function<Lab, RealCluster> of) {
    try (var lab = Lab.of(5)) {
      var cluster = of.apply(lab);
      Assumptions.assumeTrue(
          Files.isDirectory(cluster.artifacts().resolve("kube-vip")), "no kube-vip at hand");
      System.out.println("RealAddressChangeTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      inventory(cluster, "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes().subList(0, 4));

      has(cluster, NET + ".5", "");
      has(cluster, NET + ".6", NET + ".5");
      inventory(cluster, "");
      lab.provision()
          .json("apply", "cluster.yml", "--remove", "kube-vip", "--force-remove")
          .exits(0);
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3", "n4");
      cluster.hasMembers(lab.node(1), "n1", "n2", "n3");
      lab.node(5).sh("ip neigh flush all");
      lab.node(5).await("silence of the address", "! " + ASK.formatted(NET + ".6"));
      assertThat(Checkout.text(lab.file("kubeconfig")))
          .contains("https://" + lab.node(1).address() + ":6443");
      lab.nothingIsLeftToDo(lab.nodes().subList(0, 4));
    }
  }

  /** It answers by this address, whose name it shows, and not by the one of before. */
  private static void has(RealCluster cluster, String address, String before) {
    var lab = cluster.lab();
    inventory(cluster, "  virtual_ip: %s%n".formatted(address));
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    System.out.println(plan.text());
    lab.provision().json("apply", "cluster.yml").exits(0);
    cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3", "n4");
    cluster.hasMembers(lab.node(1), "n1", "n2", "n3");
    assertThat(Checkout.text(lab.file("kubeconfig"))).contains("https://" + address + ":6443");
    lab.node(5).sh("ip neigh flush all");
    lab.node(5).await("answer of " + address, ASK.formatted(address));
    assertThat(
            lab.node(5)
                .succeeds(
                    "openssl s_client -connect %s:6443 </dev/null 2>/dev/null | openssl x509 -noout -checkip %1$s | grep -q 'does match'"
                        .formatted(address)))
        .as("the certificate names " + address)
        .isTrue();
    if (!before.isEmpty()) {
      lab.node(5).await("silence of " + before, "! " + ASK.formatted(before));
    }
    lab.nothingIsLeftToDo(lab.nodes().subList(0, 4));
  }

  private static void inventory(RealCluster cluster, String address) {
    cluster.inventory(cluster.newer(), ROLES, Set.of("n5"), Set.of());
    var text = Checkout.text(cluster.lab().file("cluster.yml"));
    cluster.lab().write("cluster.yml", text.replace("artifacts:", address + "artifacts:"));
  }
}
