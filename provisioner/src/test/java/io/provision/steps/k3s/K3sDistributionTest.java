package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.DnsService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class K3sDistributionTest {
  private static Optional<DnsService> dns(Map<String, Object> k3s) {
    return new K3sDistribution().dns(Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, k3s));
  }

  @Test
  void theDnsIsWhereTheInventoryPutsIt() {
    assertThat(dns(Map.of())).contains(new DnsService("10.43.0.10", "cluster.local"));
    assertThat(dns(Map.of("cluster-dns", "10.43.7.7,fd00::a", "cluster-domain", "home.arpa")))
        .contains(new DnsService("10.43.7.7", "home.arpa"));
  }

  @Test
  void withoutCorednsThereIsNone() {
    assertThat(dns(Map.of("disable", "coredns"))).isEmpty();
    assertThat(dns(Map.of("disable", List.of("traefik", "coredns")))).isEmpty();
    assertThat(dns(Map.of("disable", List.of("traefik")))).isPresent();
  }

  /** Who asked for host-gw or WireGuard has no VXLAN, and may lack its module. */
  @Test
  void onlyWhereFlannelMakesVxlanItsPortIsOneOfTheNode() {
    for (var backend :
        Map.of("", true, "vxlan", true, "host-gw", false, "none", false).entrySet()) {
      Map<String, Object> k3s =
          backend.getKey().isEmpty() ? Map.of() : Map.of("flannel-backend", backend.getKey());
      var cluster = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, k3s);
      var target = Cases.on(Cases.server(1), Cases.inventory(cluster, Cases.server(1)));
      assertThat(new K3sDistribution().requirements(target).ports().contains("udp/8472"))
          .as(backend.getKey())
          .isEqualTo(backend.getValue());
    }
  }
}
