package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The API by an address that its control planes carry, with a real k3s and the real kube-vip. */
class VirtualAddressTest {
  private static final String ADDRESS = Engine.SUBNET.replaceFirst("\\.0/24$", ".5");
  private static final String ASK =
      "timeout 2 bash -c 'exec 3<>/dev/tcp/%s/6443'".formatted(ADDRESS);

  @Test
  void theApiAnswersByItAlsoWhenTheHolderIsGone() throws java.io.IOException {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(5)) {
      var k3s = K3s.forLab(lab);
      var images = k3s.artifacts().resolve("kube-vip");
      Assumptions.assumeTrue(Files.isDirectory(images), "no kube-vip at hand: " + images);
      System.out.println("VirtualAddressTest: with " + k3s.called());
      lab.nodes().subList(0, 4).forEach(K3s::letRun);
      inventory(lab, k3s);

      lab.provision().json("apply", "cluster.yml").exits(0);
      var execs = lab.nodes().stream().mapToInt(Node::execs).sum();
      var again = lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(again.total("changed")).as("%s", again).isZero();
      assertThat(lab.nodes().stream().mapToInt(Node::execs).sum() - execs).isEqualTo(4);
      assertThat(Files.readString(lab.file("kubeconfig"))).contains("https://" + ADDRESS + ":6443");
      assertThat(lab.node(4).sh("cat /etc/rancher/k3s/config.yaml"))
          .contains("server: https://" + ADDRESS + ":6443");
      lab.node(5).await("answer of " + ADDRESS, ASK);

      var holder =
          lab.nodes().subList(0, 3).stream()
              .filter(node -> node.succeeds("ip -o addr show | grep -qF ' %s/'".formatted(ADDRESS)))
              .toList();
      assertThat(holder).as("one control plane carries it").hasSize(1);
      holder.getFirst().powerOff();
      lab.node(5).sh("ip neigh flush all");
      lab.node(5).await("answer of " + ADDRESS + " without its holder", ASK);
      var other = lab.nodes().subList(0, 3).stream().filter(it -> it != holder.getFirst()).toList();
      other
          .getFirst()
          .await(
              "API by " + ADDRESS,
              "k3s kubectl --server https://%s:6443 get nodes".formatted(ADDRESS));
      holder.getFirst().powerOn();
    }
  }

  private static void inventory(Lab lab, K3s k3s) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes().subList(0, 4)) {
      var role = node == lab.node(4) ? "worker" : "control-plane";
      hosts.append(
          "  %s: { address: %s, roles: [%s] }%n".formatted(node.name(), node.address(), role));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replace("endpoint: {endpoint}", "virtual_ip: " + ADDRESS));
  }
}
