package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three control planes and a worker of kubeadm go to the next minor version, with a strict stand-in
 * for its programs: in runs that are killed, stopped by a program that does not start, and gone on
 * with. What only the real programs can show is in {@link RealKubeadmUpgradeTest}.
 */
@Tag("long")
class KubeadmUpgradeStandInTest {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String OLD = "v1.35.6";
  private static final String NEW = StandInKubernetes.VERSION;
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker");
  private static final String MANIFESTS = "/etc/kubernetes/manifests/";
  private static final String UPGRADING = "/etc/kubernetes/provision/upgrading";

  @Test
  void nodesComeToTheNextVersionOneAfterAnotherWhateverStopsTheRun() {
    System.out.println("KubeadmUpgradeStandInTest: a stand-in for kubeadm %s".formatted(NEW));
    try (var lab = Lab.of(4)) {
      StandInKubernetes.putInto(lab, OLD);
      StandInKubernetes.putInto(lab, NEW);
      KubeadmStandInTest.inventory(lab, OLD, ROLES);
      KubeadmStandInTest.killedOnce(lab, lab.node(1), "[ -s /etc/kubernetes/pki/apiserver.crt ]");
      try (var api = KubeadmStandInTest.api(lab)) {
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(versions(lab)).isEqualTo(all(OLD));

        KubeadmStandInTest.inventory(lab, NEW, ROLES);
        var plan = lab.provision().run("plan", "cluster.yml").exits(0);
        assertThat(plan.text())
            .contains("control plane", "node n4, after n1, n2, n3", "kubelet", OLD, NEW);
        try (var nodes = new StandInNodes(GATEWAY, lab.nodes(), Optional.of(api))) {
          killedWhileAManifestWasAway(lab);
          stoppedByAProgramThatDoesNotStart(lab);
          killedWhileANodeWasOutOfUse(lab);
          lab.provision().json("apply", "cluster.yml").exits(0);
          assertThat(nodes.evicted()).startsWith("n1", "n2", "n3").endsWith("n4");
          assertThat(versions(lab)).isEqualTo(all(NEW));
          for (var server : List.of(1, 2, 3)) {
            assertThat(lab.node(server).sh("grep -ho 'kube-[a-z-]*:v.*' %s*".formatted(MANIFESTS)))
                .doesNotContain(OLD);
          }
          lab.nothingIsLeftToDo(lab.nodes());
          assertThat(nodes.refused()).isEmpty();
        }
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  /** By the power, so that kubeadm itself is killed as well. */
  private static void killedWhileAManifestWasAway(Lab lab) {
    var first = lab.node(1);
    first.sh("touch /etc/stand-in-upgrade-stops-kube-apiserver");
    var run = lab.provision().startJson("apply", "cluster.yml");
    first.await("a manifest that is away", "[ ! -e %skube-apiserver.yaml ]".formatted(MANIFESTS));
    run.kill();
    first.sh(
        "pkill -9 -x kubeadm; pkill -9 -x sleep; rm /etc/stand-in-upgrade-stops-kube-apiserver");
    assertThat(first.succeeds("test -e " + UPGRADING)).isTrue();
    assertThat(first.sh("ls /var/lib/provision/etcd")).contains("before-upgrade-to-" + NEW);
    assertThat(first.succeeds("test -e %skube-apiserver.yaml".formatted(MANIFESTS))).isFalse();
  }

  private static void stoppedByAProgramThatDoesNotStart(Lab lab) {
    var second = lab.node(2);
    second.sh("touch /etc/stand-in-upgrade-fails-kube-scheduler");
    var stopped = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(stopped.text())
        .contains("kubeadm upgrade ended in its phase 'control-plane'", "kube-scheduler", "n2");
    assertThat(lab.node(1).sh("ls /var/lib/provision/etcd | grep -c before-upgrade"))
        .as("one snapshot, whatever the number of runs")
        .isEqualTo("1\n");
    assertThat(lab.node(1).sh("/usr/local/bin/kubelet --version")).contains(NEW);
    assertThat(second.sh("/usr/local/bin/kubelet --version")).contains(OLD);
    assertThat(lab.node(3).sh("grep -h image: %s*".formatted(MANIFESTS)))
        .contains(OLD)
        .doesNotContain(NEW);
    assertThat(versions(lab)).as("nobody is left out of use").doesNotContain("Disabled");
    second.sh("rm /etc/stand-in-upgrade-fails-kube-scheduler");
  }

  private static void killedWhileANodeWasOutOfUse(Lab lab) {
    KubeadmStandInTest.killedOnce(lab, lab.node(3), "[ -e /etc/kubernetes/provision/cordoned ]");
    assertThat(lab.node(2).sh("/usr/local/bin/kubelet --version")).contains(NEW);
  }

  private static String all(String version) {
    return "n1 Ready %1$s\nn2 Ready %1$s\nn3 Ready %1$s\nn4 Ready %1$s\n".formatted(version);
  }

  private static String versions(Lab lab) {
    return lab.node(1)
        .sh(
            "KUBECONFIG=/etc/kubernetes/admin.conf kubectl get nodes | awk '{ print $1, $2, $4 }' | sort");
  }
}
