package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Calico on k3s with stand-ins for both: what reaches the API and the node, and what is refused.
 */
class CalicoStandInTest {
  private static final String NET = Engine.SUBNET.replaceFirst("\\.0/24$", "");
  private static final String POOL = "/apis/crd.projectcalico.org/v1/ippools/default-ipv4-ippool";
  private static final String INSTALLATION = "/apis/operator.tigera.io/v1/installations/default";
  private static final String IMAGES = "what stands in for images\n";

  @Test
  void itComesOnceAndStaysAndItsPoolIsMendedAndItDoesNotGo() {
    try (var lab = Lab.of(1)) {
      var k3s = K3s.standIn(lab, "v1.36.4+k3s1");
      System.out.println("CalicoStandInTest: a stand-in for Calico with " + k3s.called());
      standIn(lab);
      inventory(lab, k3s, "cni: calico, calico: { mtu: 1400 }");
      lab.provision().json("apply", "cluster.yml", "--limit", "n1").exits(0);
      assertThat(lab.node(1).sh("cat /etc/rancher/k3s/config.yaml"))
          .contains("flannel-backend: none", "disable-network-policy: true");
      try (var api = new StandInApi(NET + ".1", lab.node(1))) {
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(api.changes())
            .containsExactly(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/installations.operator.tigera.io",
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ippools.crd.projectcalico.org",
                "/api/v1/namespaces/tigera-operator",
                "/apis/apps/v1/namespaces/tigera-operator/deployments/tigera-operator",
                POOL,
                INSTALLATION);
        assertThat(lab.node(1).sh("cat /var/lib/rancher/k3s/agent/images/provision-calico.tar"))
            .isEqualTo(IMAGES);
        nothingIsLeftToDo(lab);
        assertThat(lab.provision().run("status", "cluster.yml").text())
            .containsPattern("(?m)^ *calico +yes")
            .contains("default-ipv4-ippool");

        api.edit(POOL, "natOutgoing", false);
        assertThat(lab.provision().run("plan", "cluster.yml").text()).contains("natOutgoing");
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(api.changes()).endsWith(INSTALLATION, POOL);
        nothingIsLeftToDo(lab);

        inventory(lab, k3s, "cni: flannel");
        assertThat(lab.provision().run("apply", "cluster.yml").text())
            .contains("the cluster lives with 'cni' calico, and the inventory says flannel");
        assertThat(lab.node(1).sh("cat /etc/rancher/k3s/config.yaml"))
            .contains("flannel-backend: none");
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  private static void nothingIsLeftToDo(Lab lab) {
    var execs = lab.node(1).execs();
    var again = lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(again.total("changed")).as("%s", again).isZero();
    assertThat(lab.node(1).execs()).isEqualTo(execs + 1);
  }

  private static void standIn(Lab lab) {
    artifact(lab, "any", "operator-crds.yaml", Checkout.resource("calico-crds.yaml"));
    artifact(lab, "any", "tigera-operator.yaml", Checkout.resource("calico-operator.yaml"));
    for (var arch : new String[] {"amd64", "arm64"}) {
      artifact(lab, arch, "images.tar", IMAGES);
    }
  }

  private static void artifact(Lab lab, String arch, String name, String text) {
    var place = "artifacts/calico/v3.32.1/%s/".formatted(arch);
    lab.write(place + name, text);
    var lines =
        Commands.run(
            "sh",
            "-c",
            "cd '%s' && sha256sum -- *.yaml *.tar 2>/dev/null || :".formatted(lab.file(place)));
    lab.write(place + "sha256sum.txt", lines);
  }

  private static void inventory(Lab lab, K3s k3s, String network) {
    var host = "  n1: { address: %s, roles: [control-plane] }%n".formatted(lab.node(1).address());
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), host)
            .replace("{endpoint}", NET + ".1")
            .replace("cni: flannel", network));
  }
}
