package io.provision.steps.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.os.OnHosts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fits through the interface of a node's address, by the inventory. */
class PodMtuTest {
  private static final PodMtu STEP =
      new PodMtu(Distributions.of(List.of(new K3sDistribution(), new KubeadmDistribution())));

  private static final String FLANNEL = "network: { cni: flannel, pod_cidr: 10.42.0.0/16 }";
  private static final String IPV6 =
      "network: { cni: %s, pod_cidr: 'fd00:42::/56', service_cidr: 'fd00:43::/112'%s }";

  private static Target.OnHost target(String distribution, String network) {
    var version = distribution.equals("k3s") ? "v1.36.4+k3s1" : "v1.36.4";
    return OnHosts.of(
        "cp1",
        """
        cluster: { name: home, distribution: %s, version: %s, %s }
        hosts:
          cp1: { address: 10.0.0.1, roles: [control-plane] }
        """
            .formatted(distribution, version, network));
  }

  private static String check(String distribution, String network, int mtu) {
    var target = target(distribution, network);
    var known =
        new Cases.Settled()
            .has(target.host(), Nodes.INTERFACE, "eth1")
            .has(target.host(), Nodes.MTU, mtu);
    return switch (STEP.check(target, new Observations.Builder().build(), known)) {
      case Check.InSync _ -> "ok";
      case Check.Skipped(var why, _) -> why;
      case Check.Refused(var what, var remedy, _) -> what + ". " + remedy;
      default -> throw new AssertionError();
    };
  }

  @Test
  void podsOfIpv4DoWithWhatIsLeft() {
    for (var distribution : List.of("k3s", "kubeadm")) {
      assertThat(check(distribution, FLANNEL, 1500)).isEqualTo("ok");
      assertThat(check(distribution, FLANNEL, 1300)).isEqualTo("ok");
    }
  }

  @Test
  void podsOfIpv6NeedWhatEveryLinkOfIpv6Has() {
    for (var distribution : List.of("k3s", "kubeadm")) {
      for (var cni : List.of("flannel", "calico")) {
        var network = IPV6.formatted(cni, "");
        assertThat(check(distribution, network, 1350)).isEqualTo("ok");
        assertThat(check(distribution, network, 1349))
            .isEqualTo(
                "eth1 carries packets of 1349 bytes, of which VXLAN takes 70: pods would have 1279, and IPv6 needs 1280. let it carry 1350 or more, as well as what lies between the nodes; or set node_address to an address of another interface");
      }
    }
  }

  @Test
  void whatCalicoIsToldFitsThroughTheInterface() {
    for (var distribution : List.of("k3s", "kubeadm")) {
      var network = "network: { cni: calico, calico: { mtu: 1450 } }";
      assertThat(check(distribution, network, 1500)).isEqualTo("ok");
      assertThat(check(distribution, network, 9000)).isEqualTo("ok");
      assertThat(check(distribution, network, 1499))
          .isEqualTo(
              "cluster.network.calico.mtu is 1450, and eth1 carries packets of 1499 bytes, of which VXLAN takes 50: larger ones would get lost between nodes. set it to 1449 or less, or leave it out: Calico finds it on the nodes");
      assertThat(check(distribution, IPV6.formatted("calico", ", calico: { mtu: 1431 }"), 1500))
          .contains("VXLAN takes 70", "set it to 1430 or less");
      assertThat(check(distribution, IPV6.formatted("calico", ", calico: { mtu: 1430 }"), 1500))
          .isEqualTo("ok");
    }
  }

  @Test
  void anotherBackendOfFlannelIsNotMeasured() {
    var own = IPV6.formatted("flannel", "") + ", k3s: { flannel-backend: host-gw }";
    assertThat(check("k3s", own, 1280)).isEqualTo("its network of pods has no VXLAN");
  }

  @Test
  void whatIsNotKnownRefusesNobody() {
    var target = target("k3s", IPV6.formatted("flannel", ""));
    var nothing = new Observations.Builder().build();
    for (var known :
        List.of(
            new Cases.Settled(),
            new Cases.Settled().has(target.host(), Nodes.INTERFACE, "eth1"),
            new Cases.Settled().has(target.host(), Nodes.MTU, 1280))) {
      assertThat(STEP.check(target, nothing, known)).isInstanceOf(Check.Skipped.class);
    }
    assertThat(STEP.needs(target)).allMatch(need -> need.output() != Nodes.ADDRESS).hasSize(2);
  }
}
