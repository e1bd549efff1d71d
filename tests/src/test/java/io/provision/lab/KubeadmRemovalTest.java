package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Control planes leave a cluster of kubeadm, by a strict stand-in for its programs. */
@Tag("long")
class KubeadmRemovalTest {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String KUBECTL = "kubectl --kubeconfig=/etc/kubernetes/admin.conf";
  private static final String MEMBERS =
      KUBECTL
          + " -n kube-system exec etcd-n2 -c etcd -- etcdctl --endpoints=https://127.0.0.1:2379"
          + " --cacert=/etc/kubernetes/pki/etcd/ca.crt"
          + " --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt"
          + " --key=/etc/kubernetes/pki/etcd/healthcheck-client.key member list"
          + " | cut -d , -f 2,3 | sort";

  @Test
  void theControlPlaneThatBeganLeavesAndComesBackAndADeadOneLeaves() {
    try (var lab = Lab.of(3)) {
      StandInKubernetes.putInto(lab);
      inventory(lab, 3, "");
      KubeadmStandInTest.killedOnce(lab, lab.node(1), "[ -s /etc/kubernetes/pki/apiserver.crt ]");
      try (var api = KubeadmStandInTest.api(lab)) {
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(members(lab)).containsExactly("n1", "n2", "n3");
        var shown = List.of(lab.node(2), lab.node(1), lab.node(3));
        try (var nodes = new StandInNodes(GATEWAY, shown, Optional.of(api))) {
          itLeavesHoweverOftenItsRunIsKilled(lab, nodes);
          itComesBack(lab);
          aDeadOneLeaves(lab);
          assertThat(nodes.refused()).isEmpty();
        }
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  private static void itLeavesHoweverOftenItsRunIsKilled(Lab lab, StandInNodes nodes) {
    inventory(lab, 3, "n1");
    var runs =
        new KilledRuns(lab, 2, 9000, "apply", "cluster.yml", "--remove", "n1", "--force-remove");
    runs.untilItIsGone("n1");
    System.out.printf("KubeadmRemovalTest: runs killed in %s%n", runs.tried());
    assertThat(runs.tried()).containsKeys("n1 node-leaves", "n2 node-departures", "n1 node-wiped");
    assertThat(nodes.evicted()).containsExactly("n1");
    assertThat(members(lab)).containsExactly("n2", "n3");
    assertThat(names(lab)).isEqualTo("n2 Ready\nn3 Ready\n");
    assertThat(lab.node(2).sh("ls /var/lib/provision/etcd /var/lib/etcd"))
        .contains("before-n1-leaves-")
        .endsWith("\nmember\n");
    isWiped(lab.node(1));
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void itComesBack(Lab lab) {
    inventory(lab, 3, "");
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(members(lab)).containsExactly("n1", "n2", "n3");
    assertThat(names(lab)).isEqualTo("n1 Ready\nn2 Ready\nn3 Ready\n");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void aDeadOneLeaves(Lab lab) {
    lab.node(3).powerOff();
    lab.node(2).await("silence of n3", KUBECTL + " get nodes | grep -q '^n3 NotReady'");
    inventory(lab, 2, "");
    lab.provision().json("apply", "cluster.yml", "--remove", "n3", "--force-remove").exits(0);
    assertThat(members(lab)).containsExactly("n1", "n2");
    assertThat(names(lab)).isEqualTo("n1 Ready\nn2 Ready\n");
    lab.nothingIsLeftToDo(lab.nodes().subList(0, 2));
  }

  private static void isWiped(Node node) {
    assertThat(
            node.sh(
                """
                ls -d /etc/kubernetes /var/lib/kubelet/* /var/lib/etcd/* /usr/local/bin/kube* \
                  /etc/systemd/system/kubelet.service 2>/dev/null
                pgrep -a containerd-shim
                systemctl is-active kubelet
                timeout 1 bash -c ': <>/dev/tcp/127.0.0.1/6443' 2>/dev/null && echo its API answers
                :
                """))
        .as(node.name())
        .isEqualTo("inactive\n");
  }

  /** All of them have started. */
  private static List<String> members(Lab lab) {
    return lab.node(2).sh(MEMBERS).lines().map(line -> line.replace(" started, ", "")).toList();
  }

  private static String names(Lab lab) {
    return lab.node(2).sh(KUBECTL + " get nodes | awk '{ print $1, $2 }' | sort");
  }

  private static void inventory(Lab lab, int count, String leaving) {
    KubeadmStandInTest.inventory(
        lab, java.util.Collections.nCopies(count, "control-plane").toArray(String[]::new));
    var text = Checkout.text(lab.file("cluster.yml"));
    var names = lab.nodes().stream().map(Node::address).toList();
    lab.write(
        "cluster.yml",
        text.replace("  ignore_", "  tls_sans: %s%n  ignore_".formatted(names))
            .replaceFirst(
                "(?m)^  %s: (.*) }$".formatted(leaving.isEmpty() ? "none" : leaving),
                "  %s: $1, leaving: true }".formatted(leaving)));
  }
}
