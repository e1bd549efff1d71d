package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As {@link VirtualAddressTest}, with the real kubeadm: the API by an address of its own. */
@Tag("long")
class KubeadmVirtualAddressTest {
  private static final String VERSION = "v1.36.2";
  private static final String NET = Engine.SUBNET.replaceFirst("\\.0/24$", "");
  private static final String ADDRESS = NET + ".5";
  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf ";
  private static final String ASK =
      "timeout 2 bash -c 'exec 3<>/dev/tcp/%s/6443'".formatted(ADDRESS);

  @Test
  void theApiAnswersByItAlsoWhenTheHolderIsGone() throws java.io.IOException {
    var artifacts = artifacts();
    System.out.println("KubeadmVirtualAddressTest: with the real kubeadm " + VERSION);
    try (var lab = Lab.of(5)) {
      var members = lab.nodes().subList(0, 4);
      members.forEach(
          node -> node.sh("echo 'nameserver %s.1' >/etc/resolv-pods.conf".formatted(NET)));
      inventory(lab, artifacts);
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(members);
      assertThat(Files.readString(lab.file("kubeconfig"))).contains("https://" + ADDRESS + ":6443");
      lab.node(5).await("answer of " + ADDRESS, ASK);

      var servers = lab.nodes().subList(0, 3);
      var holders =
          servers.stream()
              .filter(node -> node.succeeds("ip -o addr show | grep -qF ' %s/'".formatted(ADDRESS)))
              .toList();
      assertThat(holders).as("one control plane carries it").hasSize(1);
      var holder = holders.getFirst();
      holder.powerOff();
      lab.node(5).sh("ip neigh flush all");
      lab.node(5).await("answer of " + ADDRESS + " without its holder", ASK);
      servers.stream()
          .filter(it -> it != holder)
          .forEach(other ->
              other.await(
                  "API by " + ADDRESS,
                  KUBECTL + "--server https://%s:6443 get nodes".formatted(ADDRESS)));
      holder.powerOn();
    }
  }

  private static Path artifacts() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    var isThere =
        given != null
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION))
            && Files.isDirectory(Path.of(given).resolve("kube-vip"));
    Assumptions.assumeTrue(isThere, "no real kubeadm and kube-vip at hand");
    return Path.of(given);
  }

  private static void inventory(Lab lab, Path artifacts) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes().subList(0, 4)) {
      var role = node == lab.node(4) ? "worker" : "control-plane";
      hosts.append(
          "  %s: { address: %s, roles: [%s] }%n".formatted(node.name(), node.address(), role));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("kubeadm.yml", artifacts, VERSION, hosts.toString())
            .replace("  ignore_", "  virtual_ip: %s%n  ignore_".formatted(ADDRESS)));
  }
}
