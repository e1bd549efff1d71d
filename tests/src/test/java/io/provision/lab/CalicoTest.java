package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Calico as the network of pods, with the real kubeadm and the real Calico: pods of two nodes reach
 * each other, and a policy keeps them from it.
 */
@Tag("long")
class CalicoTest {
  private static final String VERSION = "v1.36.2";
  private static final String CALICO = "v3.32.1";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf ";

  /** Something that listens, of an image that every node has. */
  private static final String PODS =
      """
      cat >/root/pods.yml <<'END'
      apiVersion: v1
      kind: Pod
      metadata: { name: a, labels: { app: a } }
      spec: { nodeName: n2, containers: [ { name: it, image: "registry.k8s.io/coredns/coredns:v1.14.2", args: [-dns.port, "5353"] } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: b, labels: { app: b } }
      spec: { nodeName: n3, containers: [ { name: it, image: "registry.k8s.io/coredns/coredns:v1.14.2", args: [-dns.port, "5353"] } ] }
      END
      kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f /root/pods.yml
      """;

  private static final String POLICY =
      """
      cat >/root/policy.yml <<'END'
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: none-to-b }
      spec: { podSelector: { matchLabels: { app: b } }, policyTypes: [Ingress] }
      END
      kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f /root/policy.yml
      """;

  @Test
  void podsOfTwoNodesReachEachOtherUntilAPolicySaysNo() {
    var artifacts = artifacts();
    System.out.println("CalicoTest: the real Calico " + CALICO + " with kubeadm " + VERSION);
    try (var lab = Lab.of(3)) {
      lab.nodes()
          .forEach(
              node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
      inventory(lab, artifacts, "calico");
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      assertThat(lab.provision().run("status", "cluster.yml").text())
          .containsPattern("(?m)^ *calico +yes")
          .contains("default-ipv4-ippool");

      lab.node(1).sh(PODS);
      lab.node(1).sh(KUBECTL + "wait --for=condition=Ready pod/a pod/b --timeout=120s");
      var a = address(lab, "a");
      var b = address(lab, "b");
      lab.node(2).await("way from a to b", from(a, b));
      lab.node(3).await("way from b to a", from(b, a));
      assertThat(lab.node(2).sh("ip -o -d link show type vxlan")).contains("dstport 4789");

      lab.node(1).sh(POLICY);
      lab.node(2).await("end of the way from a to b", "! " + from(a, b));
      assertThat(lab.node(3).succeeds(from(b, a))).as("nothing was said of a").isTrue();
      lab.node(1).sh(KUBECTL + "delete networkpolicy none-to-b");
      lab.node(2).await("way from a to b", from(a, b));

      driftOfThePoolIsMended(lab);
      anotherNetworkIsRefused(lab, artifacts);
    }
  }

  private static void driftOfThePoolIsMended(Lab lab) {
    var nat = KUBECTL + "get ippool default-ipv4-ippool -o jsonpath={.spec.natOutgoing}";
    lab.node(1)
        .sh(
            KUBECTL
                + "patch ippool default-ipv4-ippool --type=merge -p '{\"spec\":{\"natOutgoing\":false}}'");
    assertThat(lab.node(1).sh(nat)).isEqualTo("false");
    assertThat(lab.provision().run("plan", "cluster.yml").text()).contains("natOutgoing");
    assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isEqualTo(1);
    assertThat(lab.node(1).sh(nat)).isEqualTo("true");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void anotherNetworkIsRefused(Lab lab, String artifacts) {
    inventory(lab, artifacts, "flannel");
    var refused = lab.provision().run("apply", "cluster.yml");
    assertThat(refused.text()).contains("the cluster lives with 'cni' calico");
    assertThat(lab.node(1).succeeds(KUBECTL + "get namespace kube-flannel")).isFalse();
  }

  private static String address(Lab lab, String pod) {
    return lab.node(1).sh(KUBECTL + "get pod " + pod + " -o jsonpath={.status.podIP}");
  }

  /** Asked in the network namespace of the pod that has this address. */
  private static String from(String pod, String other) {
    return ("(for it in /run/netns/cni-*; do"
            + " nsenter --net=$it ip -o addr | grep -qF ' %s/' &&"
            + " { nsenter --net=$it timeout 2 bash -c 'exec 3<>/dev/tcp/%s/5353'; exit; };"
            + " done; exit 1)")
        .formatted(pod, other);
  }

  private static String artifacts() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    var isThere =
        given != null
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION))
            && Files.isDirectory(Path.of(given).resolve("calico/" + CALICO));
    Assumptions.assumeTrue(isThere, "no real kubeadm and Calico at hand");
    return given;
  }

  private static void inventory(Lab lab, String artifacts, String cni) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes()) {
      var role = node == lab.node(1) ? "control-plane" : "worker";
      hosts.append(
          "  %s: { address: %s, roles: [%s] }%n".formatted(node.name(), node.address(), role));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("kubeadm.yml", Path.of(artifacts), VERSION, hosts.toString())
            .replace("cni: flannel", "cni: " + cni));
  }
}
