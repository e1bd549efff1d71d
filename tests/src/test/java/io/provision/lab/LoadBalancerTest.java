package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Addresses for services; the report says which MetalLB it was. */
class LoadBalancerTest {
  private static final String NET = Engine.SUBNET.replaceFirst("\\.0/24$", "");
  private static final String FIRST = NET + ".240";
  private static final String KEY =
      "  load_balancer: { metallb: { addresses: [%s.240-%1$s.249] } }%n".formatted(NET);

  /** Asked from a host of the lab that is no node: an answer on a node proves nothing. */
  @Test
  void anAddressAnswersFromOutsideAlsoWhenItsNodeIsGoneAndAKilledApplyIsFinished() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(4)) {
      var k3s = K3s.forLab(lab);
      var images = k3s.artifacts().resolve("metallb/v0.16.1");
      Assumptions.assumeTrue(Files.isDirectory(images), "no MetalLB at hand: " + images);
      System.out.println("LoadBalancerTest: MetalLB v0.16.1 with " + k3s.called());
      lab.nodes().subList(0, 3).forEach(K3s::letRun);
      inventory(lab, k3s, 3, lab.node(1).address(), KEY);

      killedAtAFewPoints(lab);
      lab.provision().json("apply", "cluster.yml").exits(0);
      var execs = lab.nodes().stream().mapToInt(Node::execs).sum();
      var again = lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(again.total("changed")).as("%s", again).isZero();
      assertThat(lab.nodes().stream().mapToInt(Node::execs).sum() - execs).isEqualTo(3);

      var kubectl = "k3s kubectl -n kube-system ";
      lab.node(1).sh(kubectl + "scale deployment coredns --replicas=3");
      lab.node(1).sh(kubectl + "rollout status deployment coredns --timeout=120s");
      lab.node(1)
          .sh(
              kubectl
                  + "expose deployment coredns --name=outside --type=LoadBalancer --port=53 --protocol=TCP");
      lab.node(4).await("answer of " + FIRST, ASK);
      assertThat(lab.provision().run("status", "cluster.yml").text())
          .containsPattern("kube-system/outside +%s:53 +n[123] +yes".formatted(FIRST));

      var announcer = lab.node(1).sh(ANNOUNCER).strip();
      var gone = lab.nodes().stream().filter(it -> it.name().equals(announcer)).findFirst();
      assertThat(gone).as("who announces it: '%s'", announcer).isPresent();
      gone.get().powerOff();
      lab.node(4).sh("ip neigh flush all");
      lab.node(4).await("answer of " + FIRST + " without " + announcer, ASK);
      gone.get().powerOn();
    }
  }

  private static final String ASK = "timeout 2 bash -c 'exec 3<>/dev/tcp/%s/53'".formatted(FIRST);

  private static final String ANNOUNCER =
      "for i in 1 2 3 4 5 6 7 8 9 10; do"
          + " n=$(k3s kubectl get servicel2statuses.metallb.io -A -o jsonpath='{.items[0].status.node}');"
          + " [ -n \"$n\" ] && break; sleep 1; done; echo $n";

  /** What was begun is finished by the same command, wherever it was ended. */
  private static void killedAtAFewPoints(Lab lab) {
    for (var step : List.of("node-images", "metallb", "metallb-pools")) {
      var run = lab.provision().startJson("apply", "cluster.yml");
      run.await(event ->
          event.path("event").asText().equals("step_started")
              && event.path("step").asText().equals(step));
      run.kill();
    }
  }

  @Test
  void itComesAndStaysAndLeavesByItsNameAlone() {
    try (var lab = Lab.of(1)) {
      var k3s = K3s.standIn(lab, "v1.36.4+k3s1");
      System.out.println("LoadBalancerTest: a stand-in for MetalLB with " + k3s.called());
      var gateway = NET + ".1";
      standIn(lab);
      inventory(lab, k3s, 1, gateway, "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      inventory(lab, k3s, 1, gateway, KEY);
      try (var api = new StandInApi(gateway, lab.node(1))) {
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(api.changes())
            .contains(
                "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/default",
                "/apis/metallb.io/v1beta1/namespaces/metallb-system/l2advertisements/default");
        var there = api.changes().size();
        assertThat(lab.node(1).sh("cat /var/lib/rancher/k3s/agent/images/provision-metallb.tar"))
            .isEqualTo(IMAGES);
        assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
        assertThat(api.changes()).hasSize(there);

        inventory(lab, k3s, 1, gateway, "");
        var left = lab.provision().run("apply", "cluster.yml").exits(0);
        assertThat(left.text()).contains("addon/metallb");
        assertThat(lab.provision().run("plan", "cluster.yml").exits(0).text())
            .contains("metallb/v0.16.1/any/metallb-native.yaml");
        assertThat(api.changes()).as("nobody asked for it").hasSize(there);
        assertThat(lab.node(1).succeeds("ls /var/lib/rancher/k3s/agent/images/provision-*"))
            .isFalse();

        var removed =
            lab.provision().run("apply", "cluster.yml", "--remove", "metallb", "--yes").exits(0);
        assertThat(removed.text())
            .contains(
                "add-ons-left: remove ValidatingWebhookConfiguration", "add-ons-pinned: changed");
        assertThat(api.changes().subList(there, api.changes().size()))
            .startsWith(
                "DELETE /apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/metallb-webhook-configuration")
            .endsWith("DELETE /api/v1/namespaces/metallb-system");
        assertThat(lab.provision().run("plan", "cluster.yml").exits(0).text())
            .doesNotContain("addon/metallb");
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  private static final String IMAGES = "what stands in for images\n";

  private static void standIn(Lab lab) {
    var manifest = Checkout.resource("metallb-native.yaml");
    artifact(lab, "any", "metallb-native.yaml", manifest);
    artifact(lab, "amd64", "images.tar", IMAGES);
    artifact(lab, "arm64", "images.tar", IMAGES);
  }

  private static void artifact(Lab lab, String arch, String name, String text) {
    var place = "artifacts/metallb/v0.16.1/%s/".formatted(arch);
    Path file = lab.write(place + name, text);
    lab.write(
        place + "sha256sum.txt",
        Commands.run("sha256sum", file.toString()).replaceFirst(" +.*", "  " + name));
  }

  private static void inventory(Lab lab, K3s k3s, int count, String endpoint, String key) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes().subList(0, count)) {
      var role = node == lab.node(1) ? "control-plane" : "worker";
      hosts.append(
          "  %s: { address: %s, roles: [%s] }%n".formatted(node.name(), node.address(), role));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replace("{endpoint}", endpoint)
            .replace("artifacts:", key + "artifacts:"));
  }
}
