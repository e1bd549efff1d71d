package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster of the real kubeadm goes to the next minor version: what a stand-in cannot show is that
 * kubeadm, kubelet and etcd do what they are asked, and that a workload is served meanwhile. On the
 * second control plane the new kubelet does not start at first.
 */
@Tag("long")
class RealKubeadmUpgradeTest {
  private static final String OLD = "v1.35.6";
  private static final String NEW = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker", "worker");
  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf ";

  @Test
  void aClusterGoesToTheNextMinorVersionWhileItsWorkloadIsServed() {
    var artifacts = artifacts();
    System.out.println(
        "RealKubeadmUpgradeTest: with the real kubeadm %s and %s".formatted(OLD, NEW));
    try (var lab = Lab.of(5)) {
      inventory(lab, artifacts, OLD);
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      var load = ServedLoad.of(lab.node(1), lab.node(5), "v1.13.1");
      var calm = load.whileNothingHappens();
      load.begin();

      inventory(lab, artifacts, NEW);
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text()).contains("control plane, after n1, n2", "node n4, after n1, n2, n3");
      itStopsWhereTheNewKubeletDoesNotStartAndGoesOnOnceItDoes(lab);
      var during = load.end();

      assertThat(
              lab.node(1)
                  .sh(
                      KUBECTL
                          + "get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion} {.spec.unschedulable}{\"\\n\"}{end}'"))
          .isEqualTo(
              IntStream.rangeClosed(1, 5)
                  .mapToObj(number -> "n%d %s \n".formatted(number, NEW))
                  .collect(Collectors.joining()));
      assertThat(lab.node(1).sh(KUBECTL + "-n kube-system get pods -o yaml | grep -h ' image: '"))
          .contains("kube-apiserver:" + NEW, "kube-proxy:" + NEW)
          .doesNotContain(OLD);
      assertThat(lab.node(1).sh("ls /var/lib/provision/etcd"))
          .containsPattern("before-upgrade-to-v1.36.2-.*[.]db");
      lab.nothingIsLeftToDo(lab.nodes());
      System.out.printf(
          "longest gap without an answer: %s while nothing happened, %s during the upgrade%n",
          calm, during);
    }
  }

  private static void itStopsWhereTheNewKubeletDoesNotStartAndGoesOnOnceItDoes(Lab lab) {
    var second = lab.node(2);
    second.sh(
        "mkdir -p /etc/systemd/system/kubelet.service.d && printf '[Service]\\nExecStartPre=/bin/sh -c \"! /usr/local/bin/kubelet --version | grep -qF %s\"\\n' >/etc/systemd/system/kubelet.service.d/broken.conf && systemctl daemon-reload"
            .formatted(NEW));
    var stopped = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(stopped.text()).contains("n2: kubeadm-upgrade: failed");
    assertThat(lab.node(3).sh("kubelet --version")).contains(OLD);
    assertThat(lab.node(4).sh("kubelet --version")).contains(OLD);
    second.sh("rm /etc/systemd/system/kubelet.service.d/broken.conf && systemctl daemon-reload");
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  private static String artifacts() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    var isThere =
        given != null
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + OLD))
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + NEW));
    Assumptions.assumeTrue(isThere, "no two versions of the real kubeadm at hand");
    return given;
  }

  private static void inventory(Lab lab, String artifacts, String version) {
    lab.nodes()
        .forEach(node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
    var hosts =
        IntStream.rangeClosed(1, ROLES.size())
            .mapToObj(number ->
                "  n%d: { address: %s, roles: [%s] }%n"
                    .formatted(number, lab.node(number).address(), ROLES.get(number - 1)))
            .collect(Collectors.joining());
    lab.write("cluster.yml", lab.cluster("kubeadm.yml", Path.of(artifacts), version, hosts));
  }
}
