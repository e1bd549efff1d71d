package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The drill with the real k3s: a snapshot, two servers that are wiped, a restore. The agent runs
 * on. The stand-in has no etcd.
 */
@Tag("long")
class RealK3sRestoreTest {
  private static final String KUBECTL = "k3s kubectl ";

  /** As if the machine were a new one. */
  private static final String WIPE =
      """
      systemctl disable --now k3s 2>/dev/null
      for process in /proc/[0-9]*; do
        case $(cat $process/comm 2>/dev/null) in
        containerd-shim* | k3s* | containerd | flanneld | coredns | pause) kill -KILL ${process#/proc/} ;;
        esac
      done
      sleep 1
      awk '$2 ~ "^/(var/lib/kubelet|run/k3s|var/lib/rancher)/" { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
      rm -rf /etc/rancher /var/lib/rancher/* /var/lib/kubelet/* /run/k3s /run/flannel /usr/local/bin/k3s \\
        /etc/systemd/system/k3s.service* /var/lib/cni/* /var/lib/provision
      for link in cni0 flannel.1; do ip link delete "$link"; done 2>/dev/null
      systemctl daemon-reload
      """;

  @Test
  void aClusterWhoseServersAreLostBeginsAgainFromItsSnapshot() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(3)) {
      var k3s = K3s.forLab(lab);
      System.out.println("RealK3sRestoreTest: with " + k3s.called());
      inventory(lab, k3s);
      lab.provision().json("apply", "cluster.yml").exits(0);
      var first = lab.node(1);
      first.sh(KUBECTL + "create configmap kept --from-literal=word=still-here");
      first.sh(KUBECTL + "create secret generic kept --from-literal=word=not-lost");
      lab.provision().run("etcd", "snapshot", "cluster.yml").exits(0);
      first.sh(KUBECTL + "create configmap later --from-literal=word=lost");
      var archive = archive(lab);
      assertThat(restored(lab, archive).exits(7).text()).contains("the cluster lives");

      var servers = lab.nodes().subList(0, 2);
      servers.forEach(node -> node.sh(WIPE));
      restored(lab, archive).exits(0);
      assertThat(first.sh(KUBECTL + "get configmap kept -o jsonpath={.data.word}"))
          .isEqualTo("still-here");
      assertThat(first.sh(KUBECTL + "get secret kept -o jsonpath={.data.word} | base64 -d"))
          .isEqualTo("not-lost");
      assertThat(first.succeeds(KUBECTL + "get configmap later")).isFalse();
      assertThat(first.sh(KUBECTL + "get nodes -l node-role.kubernetes.io/etcd -o name"))
          .isEqualTo("node/n1\nnode/n2\n");
      first.await(
          "all nodes to be Ready",
          "[ \"$(%sget nodes --no-headers | grep -c ' Ready ')\" = 3 ]".formatted(KUBECTL));
      lab.nothingIsLeftToDo(lab.nodes());
      assertThat(restored(lab, archive).exits(7).text()).contains("the cluster lives");
    }
  }

  private static Result restored(Lab lab, String archive) {
    return lab.provision().run("etcd", "restore", "cluster.yml", archive, "--force-remove");
  }

  private static String archive(Lab lab) {
    try (var files = Files.list(lab.file("etcd-snapshots"))) {
      return files
          .map(Object::toString)
          .filter(file -> file.endsWith(".tar"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void inventory(Lab lab, K3s k3s) {
    var hosts =
        lab.nodes().stream()
            .map(node ->
                "  %s: { address: %s, roles: [%s] }%n"
                    .formatted(
                        node.name(),
                        node.address(),
                        node.name().equals("n3") ? "worker" : "control-plane"))
            .collect(Collectors.joining());
    var names = lab.nodes().stream().map(Node::address).toList();
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts)
            .replaceFirst(
                "(?m)^  endpoint: .*$",
                K3s.SETTINGS
                    + "  encryption: { provider: aescbc }\n  tls_sans: "
                    + List.copyOf(names)));
  }
}
