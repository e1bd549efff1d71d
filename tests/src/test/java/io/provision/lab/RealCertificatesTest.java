package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Certificates of a real k3s that end soon are seen, and renewed by an apply that touches nothing
 * else. The stand-in starts no program that would refuse one.
 */
@Tag("long")
class RealCertificatesTest {
  private static final String TLS = "/var/lib/rancher/k3s/server/tls/";
  private static final String SCHEDULER = TLS + "client-scheduler.crt";
  private static final String SERVING = TLS + "serving-kube-apiserver.crt";
  private static final String KUBELET = "/var/lib/rancher/k3s/agent/client-kubelet.crt";

  /** What lasts for a year still, and the containers of pods. */
  private static final String ELSE =
      "cd %s && sha256sum *-ca.crt *-ca.key client-admin.crt client-controller.crt etcd/*ca.* 2>/dev/null; k3s crictl ps -q | sort"
          .formatted(TLS);

  @Test
  void whatEndsSoonIsSeenAndRenewedAndNothingElse() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(2)) {
      var k3s = K3s.forLab(lab);
      System.out.println("RealCertificatesTest: with " + k3s.called());
      lab.nodes().forEach(K3s::letRun);
      var server = lab.node(1);
      var agent = lab.node(2);
      lab.write(
          "cluster.yml",
          lab.cluster(
                  "cluster.yml",
                  k3s.artifacts(),
                  k3s.version(),
                  "  n1: { address: %s, roles: [control-plane] }%n  n2: { address: %s, roles: [worker] }%n"
                      .formatted(server.address(), agent.address()))
              .replace("{endpoint}", server.address())
              .replace("  kubeconfig:", "  kubeconfig_users: [admin]\n  kubeconfig:"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      assertThat(
              server.sh(
                  "stat -c '%a %U' ~admin/.kube/config && cmp ~admin/.kube/config /etc/rancher/k3s/k3s.yaml"))
          .isEqualTo("600 admin\n");
      var fine = lab.provision().run("certs", "cluster.yml", "--within", "300").exits(0);
      assertThat(fine.text()).contains(SCHEDULER, KUBELET, "server-ca.crt", "nobody");

      Certificates.endsInDays(server, server, SCHEDULER, TLS + "client-ca", 30);
      Certificates.endsInDays(server, server, SERVING, TLS + "server-ca", 30);
      Certificates.endsInDays(server, agent, KUBELET, TLS + "client-ca", 30);
      var soon = lab.provision().run("certs", "cluster.yml", "--within", "60").exits(7);
      assertThat(soon.text()).contains("n1: " + SCHEDULER, "n1: " + SERVING, "n2: " + KUBELET);
      lab.provision().run("certs", "cluster.yml").exits(0);
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text())
          .contains(SCHEDULER, SERVING, KUBELET, "k3s.service", "k3s-agent.service")
          .doesNotContain("client-admin.crt");

      var before = server.sh(ELSE);
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(Certificates.lastsTheYear(server, SCHEDULER)).isTrue();
      assertThat(Certificates.lastsTheYear(server, SERVING)).isTrue();
      assertThat(Certificates.lastsTheYear(agent, KUBELET)).isTrue();
      assertThat(server.sh(ELSE)).isEqualTo(before);
      lab.nothingIsLeftToDo(lab.nodes());
      whatHasEndedComesBack(lab, List.of(server, agent));
    }
  }

  /** A cluster that was off for too long: no kubelet and no scheduler is let in any more. */
  private static void whatHasEndedComesBack(Lab lab, List<Node> nodes) {
    var server = nodes.getFirst();
    var agent = nodes.getLast();
    Certificates.endsInDays(server, server, SERVING, TLS + "server-ca", -1);
    Certificates.endsInDays(server, agent, KUBELET, TLS + "client-ca", -1);
    lab.provision().run("certs", "cluster.yml").exits(7);
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(Certificates.lastsTheYear(server, SERVING)).isTrue();
    assertThat(Certificates.lastsTheYear(agent, KUBELET)).isTrue();
    lab.nothingIsLeftToDo(lab.nodes());
  }
}
