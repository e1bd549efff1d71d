package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The drill with the real kubeadm: a snapshot, a disaster, a restore. Two control planes are wiped,
 * the third one has its datastore and no majority; the worker runs on, and is told nothing.
 */
@Tag("long")
class RealKubeadmRestoreTest {
  private static final String VERSION = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf ";
  private static final String RESTORING = "/var/lib/provision/etcd/restoring";

  private static final String MEMBERS =
      KUBECTL
          + "-n kube-system exec etcd-n1 -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert"
          + " /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key"
          + " member list | cut -d, -f 2,3 | sort";

  /** As if the machine were a new one, but for containerd and its images. */
  private static final String WIPE =
      """
      systemctl disable --now kubelet 2>/dev/null
      systemctl stop containerd
      for process in /proc/[0-9]*; do
        case $(cat $process/comm 2>/dev/null) in
        containerd-shim* | kube-* | kubelet | etcd | flanneld | coredns | pause) kill -KILL ${process#/proc/} ;;
        esac
      done
      sleep 1
      awk '$2 ~ "^/(var/lib/kubelet|run/containerd)/" { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
      rm -rf /etc/kubernetes /var/lib/etcd /var/lib/kubelet/* /usr/local/bin/kube* \\
        /etc/systemd/system/kubelet.service* /etc/cni/net.d/* /var/lib/cni/* /var/lib/provision
      for link in cni0 flannel.1; do ip link delete "$link"; done 2>/dev/null
      systemctl daemon-reload
      systemctl start containerd
      """;

  @Test
  void aClusterWhoseControlPlanesAreLostBeginsAgainFromItsSnapshot() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    Assumptions.assumeTrue(
        given != null && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION)),
        "no real kubeadm at hand");
    System.out.println("RealKubeadmRestoreTest: with the real kubeadm " + VERSION);
    try (var lab = Lab.of(4)) {
      lab.nodes()
          .forEach(
              node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
      inventory(lab, given);
      lab.provision().json("apply", "cluster.yml").exits(0);
      var first = lab.node(1);
      first.sh(KUBECTL + "create configmap kept --from-literal=word=still-here");
      var secrets = SecretsAtRest.made(first, KUBECTL, "/var/lib/etcd/member");
      lab.provision().run("etcd", "snapshot", "cluster.yml").exits(0);
      first.sh(KUBECTL + "create configmap later --from-literal=word=lost");
      var archive = archive(lab);
      aLivingClusterIsNotLost(lab, archive);

      var worker = lab.node(4).sh("systemctl show -p InvocationID kubelet");
      lab.node(2).sh(WIPE);
      first.sh(WIPE);
      lab.node(3)
          .await(
              "silence of n3",
              "! "
                  + KUBECTL
                  + "--server=https://127.0.0.1:6443 --tls-server-name=kubernetes --request-timeout=5s get --raw /readyz/etcd");
      whileItIsKilledNoEmptyClusterBegins(lab, archive);

      lab.provision().run("etcd", "restore", "cluster.yml", archive, "--force-remove").exits(0);
      assertThat(first.sh(MEMBERS)).isEqualTo(" started, n1\n started, n2\n started, n3\n");
      assertThat(first.sh(KUBECTL + "get configmap kept -o jsonpath={.data.word}"))
          .isEqualTo("still-here");
      assertThat(first.succeeds(KUBECTL + "get configmap later")).isFalse();
      secrets.areEncryptedOn(lab.nodes().subList(0, 3));
      first.await(
          "all nodes to be Ready",
          "[ \"$(%sget nodes --no-headers | grep -c ' Ready ')\" = 4 ]".formatted(KUBECTL));
      assertThat(lab.node(4).sh("systemctl show -p InvocationID kubelet")).isEqualTo(worker);
      assertThat(first.succeeds("ls %s /var/lib/provision/etcd/forget".formatted(RESTORING)))
          .isFalse();
      lab.nothingIsLeftToDo(lab.nodes());
      aPodRunsOnTheWorker(lab);
      aLivingClusterIsNotLost(lab, archive);
    }
  }

  /** Refused before anything is changed, by a code of its own. */
  private static void aLivingClusterIsNotLost(Lab lab, String archive) {
    var refused =
        lab.provision().run("etcd", "restore", "cluster.yml", archive, "--force-remove").exits(7);
    assertThat(refused.text()).contains("the cluster lives");
    assertThat(lab.node(1).succeeds("ls " + RESTORING)).isFalse();
  }

  /** Once with -9, before there is a datastore: the mark is there, and an apply refuses by it. */
  private static void whileItIsKilledNoEmptyClusterBegins(Lab lab, String archive) {
    var restore =
        lab.provision().start("etcd", "restore", "cluster.yml", archive, "--force-remove");
    restore.awaitOn(lab.node(1), "what is restored", "ls %s/snapshot.db".formatted(RESTORING));
    restore.kill();
    lab.node(1).await("the end of what still ran", "flock -n /run/provision/lock true");
    assertThat(lab.provision().run("apply", "cluster.yml").exits(1).text())
        .contains("provision etcd restore");
    assertThat(lab.node(1).succeeds("ls /var/lib/etcd/member")).isFalse();
  }

  /** What is made after it: the worker's kubelet hears of what was restored, and tells of it. */
  private static void aPodRunsOnTheWorker(Lab lab) {
    var pods =
        KUBECTL
            + "-n kube-flannel get pods --field-selector spec.nodeName=n4,status.phase=Running -o name";
    var before = lab.node(1).sh(pods).strip();
    lab.node(1).sh(KUBECTL + "-n kube-flannel delete --wait=false " + before);
    lab.node(1)
        .await(
            "another pod of flannel on the worker",
            "pod=$(%s) && [ -n \"$pod\" ] && [ \"$pod\" != %s ]".formatted(pods, before));
  }

  private static String archive(Lab lab) {
    try (var files = Files.list(lab.file("etcd-snapshots"))) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".tar"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void inventory(Lab lab, String artifacts) {
    var roles = List.of("control-plane", "control-plane", "control-plane", "worker");
    var hosts =
        lab.nodes().stream()
            .map(node ->
                "  %s: { address: %s, roles: [%s] }%n"
                    .formatted(node.name(), node.address(), roles.get(lab.nodes().indexOf(node))))
            .collect(Collectors.joining());
    lab.write(
        "cluster.yml",
        lab.cluster("kubeadm.yml", Path.of(artifacts), VERSION, hosts)
            .replace("  ignore_", "  encryption: { provider: secretbox }\n  ignore_"));
  }
}
