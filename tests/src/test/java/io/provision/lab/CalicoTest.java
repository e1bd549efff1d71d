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
 * Calico as the network of pods, with real programs and the real Calico: pods of two nodes reach
 * each other, and a policy keeps them from it.
 */
@Tag("long")
class CalicoTest {
  private static final String CALICO = "v3.32.1";
  private static final List<String> ROLES = List.of("control-plane", "worker", "worker");

  /** Something that listens, of an image that every node has. */
  private static final String PODS =
      """
      cat >/root/pods.yml <<'END'
      apiVersion: v1
      kind: Pod
      metadata: { name: a, labels: { app: a } }
      spec: { nodeName: n2, containers: [ { name: it, image: "{image}", args: [-dns.port, "5353"] } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: b, labels: { app: b } }
      spec: { nodeName: n3, containers: [ { name: it, image: "{image}", args: [-dns.port, "5353"] } ] }
      END
      """;

  private static final String POLICY =
      """
      cat >/root/policy.yml <<'END'
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: none-to-b }
      spec: { podSelector: { matchLabels: { app: b } }, policyTypes: [Ingress] }
      END
      """;

  @Test
  void ofKubeadm() {
    podsOfTwoNodesReachEachOtherUntilAPolicySaysNo(RealCluster::ofKubeadm);
  }

  @Test
  void ofK3s() {
    podsOfTwoNodesReachEachOtherUntilAPolicySaysNo(RealCluster::ofK3s);
  }

  private static void podsOfTwoNodesReachEachOtherUntilAPolicySaysNo(
      Function<Lab, RealCluster> of) {
    try (var lab = Lab.of(3)) {
      var cluster = of.apply(lab);
      Assumptions.assumeTrue(
          Files.isDirectory(cluster.artifacts().resolve("calico/" + CALICO)),
          "no real Calico at hand");
      System.out.println("CalicoTest: the real Calico " + CALICO + " with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      inventory(cluster, "calico");
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      assertThat(lab.provision().run("status", "cluster.yml").text())
          .containsPattern("(?m)^ *calico +yes")
          .contains("default-ipv4-ippool");

      lab.node(1).sh(PODS.replace("{image}", cluster.listeningImage()));
      cluster.kubectl(lab.node(1), "apply -f /root/pods.yml");
      cluster.kubectl(lab.node(1), "wait --for=condition=Ready pod/a pod/b --timeout=120s");
      var a = address(cluster, "a");
      var b = address(cluster, "b");
      lab.node(2).await("way from a to b", from(a, b));
      lab.node(3).await("way from b to a", from(b, a));
      assertThat(lab.node(2).sh("ip -o -d link show type vxlan")).contains("dstport 4789");

      lab.node(1).sh(POLICY);
      cluster.kubectl(lab.node(1), "apply -f /root/policy.yml");
      lab.node(2).await("end of the way from a to b", "! " + from(a, b));
      assertThat(lab.node(3).succeeds(from(b, a))).as("nothing was said of a").isTrue();
      cluster.kubectl(lab.node(1), "delete networkpolicy none-to-b");
      lab.node(2).await("way from a to b", from(a, b));

      driftOfThePoolIsSetBack(cluster);
      anotherNetworkIsRefused(cluster);
    }
  }

  private static void driftOfThePoolIsSetBack(RealCluster cluster) {
    var lab = cluster.lab();
    var nat = "get ippool default-ipv4-ippool -o jsonpath={.spec.natOutgoing}";
    cluster.kubectl(
        lab.node(1),
        "patch ippool default-ipv4-ippool --type=merge -p '{\"spec\":{\"natOutgoing\":false}}'");
    assertThat(cluster.kubectl(lab.node(1), nat)).isEqualTo("false");
    assertThat(lab.provision().run("plan", "cluster.yml").text()).contains("natOutgoing");
    assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isEqualTo(1);
    assertThat(cluster.kubectl(lab.node(1), nat)).isEqualTo("true");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void anotherNetworkIsRefused(RealCluster cluster) {
    inventory(cluster, "flannel");
    var refused = cluster.lab().provision().run("apply", "cluster.yml");
    assertThat(refused.text()).contains("the cluster lives with 'cni' calico");
    assertThat(cluster.kubectl(cluster.lab().node(1), "get namespaces -o name"))
        .doesNotContain("kube-flannel");
  }

  private static String address(RealCluster cluster, String pod) {
    return cluster.kubectl(
        cluster.lab().node(1), "get pod " + pod + " -o jsonpath={.status.podIP}");
  }

  /** Asked in the network namespace of the pod that has this address. */
  private static String from(String pod, String other) {
    return ("(for it in /run/netns/cni-*; do"
            + " nsenter --net=$it ip -o addr | grep -qF ' %s/' &&"
            + " { nsenter --net=$it timeout 2 bash -c 'exec 3<>/dev/tcp/%s/5353'; exit; };"
            + " done; exit 1)")
        .formatted(pod, other);
  }

  private static void inventory(RealCluster cluster, String cni) {
    cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
    var text = Checkout.text(cluster.lab().file("cluster.yml"));
    cluster.lab().write("cluster.yml", text.replace("cni: flannel", "cni: " + cni));
  }
}
