package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The life of a cluster of the real kubeadm: certificates that end soon, a worker beneath whose
 * kubelet data are mounted, the control plane that began it, one that is dead, and all of them. The
 * stand-in has no etcd, and mounts nothing.
 */
@Tag("long")
class RealKubeadmLifeTest {
  private static final String VERSION = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf ";
  private static final String PKI = "/etc/kubernetes/pki/";
  private static final String DATA = "/var/lib/kubelet/data";

  private static final String ETCDCTL =
      KUBECTL
          + "-n kube-system exec etcd-n2 -- etcdctl --cacert "
          + PKI
          + "etcd/ca.crt --cert "
          + PKI
          + "etcd/server.crt --key "
          + PKI
          + "etcd/server.key ";

  private static final String MEMBERS = ETCDCTL + "member list | cut -d, -f 2,3 | sort";

  private static final String LEFT =
      """
      ls -d /etc/kubernetes /var/lib/etcd/* /usr/local/bin/kube* /etc/systemd/system/kubelet.service* \\
        /etc/cni/net.d/10-flannel.conflist 2>/dev/null
      ls -A /var/lib/kubelet 2>/dev/null
      grep -E ' (/var/lib/kubelet|/run/containerd)/' /proc/self/mountinfo
      cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(kube|containerd-shim|etcd|flanneld)'
      ip link show cni0 2>/dev/null
      ip link show flannel.1 2>/dev/null
      :
      """;

  @Test
  void certificatesAreRenewedAndNodesLeaveAndComeBack() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    Assumptions.assumeTrue(
        given != null && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION)),
        "no real kubeadm at hand");
    System.out.println("RealKubeadmLifeTest: with the real kubeadm " + VERSION);
    try (var lab = Lab.of(4)) {
      lab.nodes()
          .forEach(
              node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
      inventory(lab, given, Set.of(), Set.of());
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      lab.node(2).sh(KUBECTL + "create configmap kept --from-literal=word=still-here");
      membersSayWhatTheyAreAndGiveRoomBack(lab);
      whatEndsSoonIsRenewedAndNothingElse(lab);
      aWorkerKeepsWhatIsMounted(lab, given);
      theOneThatBeganLeavesAndComesBack(lab, given);
      theWorkerComesBack(lab, given);
      aDeadOneLeaves(lab, given);
      lab.provision().json("reset", "cluster.yml", "--force-remove").exits(0);
      for (var node : List.of(lab.node(1), lab.node(2), lab.node(4))) {
        assertThat(node.sh(LEFT)).as(node.name()).isEmpty();
      }
    }
  }

  /** What was deleted is free only once its history is forgotten. */
  private static void membersSayWhatTheyAreAndGiveRoomBack(Lab lab) {
    var size = "stat -c %s /var/lib/etcd/member/snap/db";
    lab.node(2)
        .sh(
            "head -c 900000 /dev/zero >/tmp/zeros && for n in $(seq 20); do %1$s create configmap big-$n --from-file=/tmp/zeros && %1$s delete configmap big-$n; done >/dev/null"
                .formatted(KUBECTL.strip()));
    var revision = "-w fields endpoint status | awk '/Revision/ { print $3; exit }'";
    lab.node(2).sh(ETCDCTL + "compact $(" + ETCDCTL + revision + ")");
    assertThat(lab.provision().run("etcd", "status", "cluster.yml").exits(0).text())
        .contains("n1", "n2", "n3", "well");
    var before = Long.parseLong(lab.node(1).sh(size).strip());
    lab.provision().run("etcd", "defrag", "cluster.yml").exits(0);
    assertThat(Long.parseLong(lab.node(1).sh(size).strip())).isLessThan(before);
    lab.node(2).sh(KUBECTL + "get configmap kept");
    lab.provision().run("etcd", "status", "cluster.yml").exits(0);
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void whatEndsSoonIsRenewedAndNothingElse(Lab lab) {
    var server = lab.node(2);
    var others =
        "cd /etc/kubernetes && sha256sum *.conf pki/ca.* pki/*ca.* pki/etcd/ca.* pki/etcd/peer.crt pki/apiserver-kubelet-client.crt";
    lab.provision().run("certs", "cluster.yml", "--within", "300").exits(0);
    Certificates.endsInDays(server, server, PKI + "apiserver.crt", PKI + "ca", 30);
    Certificates.endsInDays(server, server, PKI + "etcd/server.crt", PKI + "etcd/ca", 30);
    var soon = lab.provision().run("certs", "cluster.yml", "--within", "60").exits(7);
    assertThat(soon.text())
        .contains("n2: %sapiserver.crt".formatted(PKI), "n2: %setcd/server.crt".formatted(PKI));
    var before = server.sh(others);
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(Certificates.lastsTheYear(server, PKI + "apiserver.crt")).isTrue();
    assertThat(Certificates.lastsTheYear(server, PKI + "etcd/server.crt")).isTrue();
    assertThat(server.sh(others)).isEqualTo(before);
    for (var port : List.of("2379", "6443")) {
      assertThat(
              server.succeeds(
                  "openssl s_client -connect %s:%s </dev/null 2>/dev/null | openssl x509 -noout -checkend $((360 * 86400))"
                      .formatted(server.address(), port)))
          .as("what it shows at %s", port)
          .isTrue();
    }
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void aWorkerKeepsWhatIsMounted(Lab lab, String artifacts) {
    var worker = lab.node(4);
    worker.sh(
        "mkdir -p /srv/data %1$s && echo kept >/srv/data/file && mount --bind /srv/data %1$s"
            .formatted(DATA));
    inventory(lab, artifacts, Set.of("n4"), Set.of());
    assertThat(remove(lab, "n4").exits(1).text()).contains(DATA);
    worker.sh("umount " + DATA);
    remove(lab, "n4").exits(0);
    assertThat(worker.sh(LEFT)).isEmpty();
    assertThat(worker.sh("cat /srv/data/file")).isEqualTo("kept\n");
    assertThat(lab.node(2).sh(KUBECTL + "get nodes -o name"))
        .isEqualTo("node/n1\nnode/n2\nnode/n3\n");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void theOneThatBeganLeavesAndComesBack(Lab lab, String artifacts) {
    inventory(lab, artifacts, Set.of("n1", "n4"), Set.of());
    remove(lab, "n1").exits(0);
    assertThat(lab.node(2).sh(MEMBERS)).isEqualTo(" started, n2\n started, n3\n");
    assertThat(lab.node(2).sh("ls /var/lib/provision/etcd")).contains("before-n1-leaves-");
    assertThat(lab.node(1).sh(LEFT)).isEmpty();
    lab.nothingIsLeftToDo(lab.nodes());

    inventory(lab, artifacts, Set.of("n4"), Set.of());
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(2).sh(MEMBERS)).isEqualTo(" started, n1\n started, n2\n started, n3\n");
    assertThat(lab.node(1).sh(KUBECTL + "get configmap kept -o jsonpath={.data.word}"))
        .isEqualTo("still-here");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void theWorkerComesBack(Lab lab, String artifacts) {
    inventory(lab, artifacts, Set.of(), Set.of());
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(2).sh(KUBECTL + "get nodes -o name"))
        .isEqualTo("node/n1\nnode/n2\nnode/n3\nnode/n4\n");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void aDeadOneLeaves(Lab lab, String artifacts) {
    lab.node(3).powerOff();
    lab.node(2).await("silence of n3", KUBECTL + "get nodes | grep -q '^n3 *NotReady'");
    inventory(lab, artifacts, Set.of(), Set.of("n3"));
    remove(lab, "n3").exits(0);
    assertThat(lab.node(2).sh(MEMBERS)).isEqualTo(" started, n1\n started, n2\n");
    assertThat(lab.node(2).sh(KUBECTL + "get nodes -o name"))
        .isEqualTo("node/n1\nnode/n2\nnode/n4\n");
    lab.nothingIsLeftToDo(List.of(lab.node(1), lab.node(2), lab.node(4)));
  }

  private static Result remove(Lab lab, String name) {
    return lab.provision().json("apply", "cluster.yml", "--remove", name, "--force-remove");
  }

  private static void inventory(Lab lab, String artifacts, Set<String> leaving, Set<String> gone) {
    var hosts =
        lab.nodes().stream()
            .filter(node -> !gone.contains(node.name()))
            .map(node ->
                "  %s: { address: %s, roles: [%s]%s }%n"
                    .formatted(
                        node.name(),
                        node.address(),
                        node.name().equals("n4") ? "worker" : "control-plane",
                        leaving.contains(node.name()) ? ", leaving: true" : ""))
            .collect(Collectors.joining());
    var names = lab.nodes().stream().map(Node::address).toList();
    lab.write(
        "cluster.yml",
        lab.cluster("kubeadm.yml", Path.of(artifacts), VERSION, hosts)
            .replace("  ignore_", "  tls_sans: %s%n  ignore_".formatted(names)));
  }
}
