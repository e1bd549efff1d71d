package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bare hosts become a cluster; the report says which k3s it was. */
class K3sTest {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");

  @Test
  void aServerAndAnAgentComeUpOnceAndStayAsTheyAre() throws IOException {
    try (var lab = Lab.of(2)) {
      var k3s = K3s.forLab(lab);
      System.out.println("K3sTest: with " + k3s.called());
      inventory(lab, k3s, "labels: { disk: ssd }");

      lab.provision().json("apply", "cluster.yml").exits(0);

      var before = Witness.of(lab.nodes());
      var execs = lab.nodes().stream().map(Node::execs).toList();
      var second = lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(second.total("changed")).as("%s", second).isZero();
      assertThat(lab.nodes().stream().map(Node::execs).toList())
          .isEqualTo(execs.stream().map(count -> count + 1).toList());
      before.forEach(Witness::stillHolds);
      assertThat(lab.node(1).sh("k3s kubectl get nodes -o json")).contains("n1", "n2");

      var kubeconfig = lab.file("kubeconfig");
      assertThat(Files.readString(kubeconfig)).contains("https://" + lab.node(1).address());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kubeconfig)))
          .isEqualTo("rw-------");

      theTokenIsSecret(lab, second);
      aLabelThatIsTakenOutIsRemoved(lab, k3s);
      underALimitTheKubeconfigIsWrittenOnlyWhereThisMachineIsNamed(lab);
    }
  }

  /** From systemd 255 on every unit then says that it needs a reload. */
  @Test
  @Tag("hosts")
  void anotherUnitThatIsEnabledWithoutAReloadRestartsNoServer() {
    try (var lab = Lab.of(1)) {
      inventory(lab, K3s.standIn(lab, "v1.36.4+k3s1"), "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      var started = lab.node(1).sh("systemctl show -p InvocationID k3s");
      lab.node(1).sh("systemctl disable --no-reload ssh; systemctl enable --no-reload ssh");
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
      assertThat(lab.node(1).sh("systemctl show -p InvocationID k3s")).isEqualTo(started);
    }
  }

  /** Both units would want the kubelet's port. */
  @Test
  void agentsThatBecomeServersLeaveNothingOfAnAgentBehind() {
    try (var lab = Lab.of(3)) {
      var k3s = K3s.standIn(lab, "v1.36.4+k3s1");
      inventory(lab, k3s, "");
      lab.provision().json("apply", "cluster.yml").exits(0);

      withoutEndpoint(lab, k3s);
      var changed = lab.provision().json("apply", "cluster.yml").exits(0);
      for (var name : List.of("n2", "n3")) {
        assertThat(actions(changed, name, "k3s-server")).contains("stop", "remove", "start");
      }
      for (var node : lab.nodes()) {
        assertThat(node.sh("systemctl is-active k3s; systemctl is-active k3s-agent; :"))
            .as(node.name())
            .isEqualTo("active\ninactive\n");
        assertThat(node.sh("ls /etc/systemd/system")).doesNotContain("k3s-agent.service");
      }
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();

      inventory(lab, k3s, "");
      var back = lab.provision().json("plan", "cluster.yml").exits(1);
      assertThat(back.text()).contains("the inventory makes it an agent", "kubectl delete node n2");
    }
  }

  /** What the real one makes of both is in {@link K3sRolesTest}. */
  @Test
  void aLogIsWrittenAsTheInventorySaysAndSecretsStayReadable() {
    try (var lab = Lab.of(1)) {
      inventory(lab, K3s.standIn(lab, "v1.36.4+k3s1"), "");
      var plain = Checkout.text(lab.file("cluster.yml"));
      var both =
          plain.replace("  k3s:", "  encryption: { provider: secretbox }\n  audit: {}\n  k3s:");
      lab.write("cluster.yml", both);
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
      assertThat(
              lab.node(1)
                  .sh("stat -c %a /var/log/kubernetes/audit /etc/rancher/k3s/audit-policy.yaml"))
          .isEqualTo("700\n600\n");
      assertThat(lab.node(1).succeeds("test -s /var/log/kubernetes/audit/audit.log")).isTrue();

      lab.write(
          "cluster.yml",
          both.replace("audit: {}", "audit: { policy: { rules: [{ level: Metadata }] } }"));
      var other = lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(actions(other, "n1", "k3s-server")).containsExactly("restart");

      lab.write("cluster.yml", plain);
      assertThat(lab.provision().run("plan", "cluster.yml").exits(1).text())
          .contains("no Secret of the cluster could be read", "provider: identity");
    }
  }

  @Test
  void aDowngradeIsRefusedInThePlan() {
    try (var lab = Lab.of(1)) {
      inventory(lab, K3s.standIn(lab, "v1.36.4+k3s1"), "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      inventory(lab, K3s.standIn(lab, "v1.36.3+k3s1"), "");
      var plan = lab.provision().json("plan", "cluster.yml").exits(1);
      assertThat(plan.text()).contains("v1.36.3+k3s1", "v1.36.4+k3s1");
      assertThat(lab.node(1).sh("k3s --version")).contains("v1.36.4+k3s1");
    }
  }

  /** Without an endpoint, where agents know the servers by their own addresses. */
  @Test
  @Tag("long")
  void aServerThatGoesAndComesBackChangesNothingOnTheOthers() {
    try (var lab = Lab.of(4)) {
      withoutEndpoint(lab, K3s.standIn(lab, "v1.36.4+k3s1"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(lab.node(4).sh("cat /etc/rancher/k3s/config.yaml"))
          .contains("server: https://" + lab.node(1).address());
      var started = lab.node(4).sh(STARTED);

      lab.node(1).powerOff();
      var plan = lab.provision().json("plan", "cluster.yml").exits(4);
      nothingOnTheOthers(plan, "would_change");
      var without = lab.provision().json("apply", "cluster.yml").exits(4);
      nothingOnTheOthers(without, "changed");
      var verified =
          without.events("step_finished").stream()
              .filter(event -> event.path("step").asText().equals("nodes-ready"))
              .filter(event -> event.path("result").asText().equals("ok"))
              .map(event -> event.path("target").asText());
      assertThat(verified).as("%s", without).containsExactly("n2");

      lab.node(1).powerOn();
      var back = lab.provision().json("apply", "cluster.yml").exits(0);
      nothingOnTheOthers(back, "changed");
      assertThat(back.total("(local)", "changed")).as("%s", back).isZero();
      assertThat(lab.node(4).sh(STARTED)).isEqualTo(started);

      serversThatWereAllStoppedComeBackTogether(lab);
    }
  }

  /** None of them is ready before a majority runs. */
  private static void serversThatWereAllStoppedComeBackTogether(Lab lab) {
    var servers = lab.nodes().subList(0, 3);
    servers.forEach(server -> server.sh("systemctl stop k3s"));
    var again = lab.provision().json("apply", "cluster.yml").exits(0);
    var started =
        again.events("step_finished").stream()
            .filter(event -> event.path("result").asText().equals("changed"))
            .map(event -> event.path("target").asText() + " " + event.path("step").asText());
    assertThat(started)
        .as("%s", again)
        .containsExactlyInAnyOrder(
            "n1 stopped-servers", "n2 stopped-servers", "n3 stopped-servers");
  }

  @Test
  @Tag("long")
  void thePlanOfAnUpgradeSaysWhatItDoesAndIsAppliedAsItStands() {
    try (var lab = Lab.of(4)) {
      withoutEndpoint(lab, K3s.standIn(lab, "v1.36.3+k3s1"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.provision()
          .json("apply", "cluster.yml")
          .exits(0); // nodes that have just come are at rest
      var k3s = K3s.standIn(lab, "v1.36.4+k3s1");
      withoutEndpoint(lab, k3s);

      theUpgradeStandsInItsPlanOnce(
          lab, lab.provision().json("plan", "cluster.yml", "--out", "upgrade.plan").exits(0));
      itIsTheSamePlanWhereOnlyAMirrorHasIt(lab, k3s);
      try (var nodes = new StandInNodes(GATEWAY, lab.nodes())) {
        lab.provision().json("apply", "upgrade.plan").exits(0);
        assertThat(nodes.evicted()).containsExactly("n1", "n2", "n3", "n4");
        assertThat(nodes.refused()).isEmpty();
      }
      assertThat(lab.node(1).sh("k3s kubectl get nodes; k3s kubectl get nodes -o json"))
          .doesNotContain("SchedulingDisabled", "provision.io/cordoned");
      for (var node : lab.nodes()) {
        assertThat(node.sh("k3s --version")).contains("v1.36.4+k3s1");
      }
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();

      anotherFileUnderThePinnedNameIsSaidInThePlan(lab, k3s);
    }
  }

  private static void theUpgradeStandsInItsPlanOnce(Lab lab, Result plan) {
    for (var node : lab.nodes()) {
      assertThat(actions(plan, node.name(), "k3s-upgrade"))
          .containsExactly("drain", "install", "upgrade", "restart");
      for (var step : List.of("k3s-binary", "k3s-server", "k3s-agent")) {
        assertThat(actions(plan, node.name(), step)).as("%s", plan).isEmpty();
      }
    }
  }

  private static void itIsTheSamePlanWhereOnlyAMirrorHasIt(Lab lab, K3s k3s) {
    var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var level = SimpleFileServer.OutputLevel.NONE;
    var server = SimpleFileServer.createFileServer(here, k3s.artifacts().toAbsolutePath(), level);
    server.start();
    try {
      var mirror = "mirror: http://127.0.0.1:%d".formatted(server.getAddress().getPort());
      var inventory = Checkout.text(lab.file("cluster.yml"));
      lab.write("mirrored.yml", inventory.replaceFirst("(?m)^artifacts: .*$", mirror));
      theUpgradeStandsInItsPlanOnce(lab, lab.provision().json("plan", "mirrored.yml").exits(0));
    } finally {
      server.stop(0);
    }
  }

  private static List<String> actions(Result result, String target, String step) {
    return result.events("step_finished").stream()
        .filter(event -> event.path("step").asText().equals(step))
        .filter(event -> event.path("target").asText().equals(target))
        .flatMap(event -> event.path("changes").valueStream())
        .map(change -> change.path("action").asText())
        .toList();
  }

  private static void anotherFileUnderThePinnedNameIsSaidInThePlan(Lab lab, K3s k3s) {
    Commands.run(
        "sh",
        "-c",
        "cd \"$1\"/k3s/v1.36.4*/* && echo '# another' >>k3s && sha256sum k3s >sha256sum.txt",
        "-",
        k3s.artifacts().toString());
    var plan = lab.provision().json("plan", "cluster.yml").exits(1);
    assertThat(plan.text()).contains("is pinned", "provision.lock");
  }

  private static final String STARTED =
      "systemctl show -p ExecMainStartTimestampMonotonic k3s-agent.service";

  private static void nothingOnTheOthers(Result result, String outcome) {
    for (var host : List.of("n2", "n3", "n4")) {
      assertThat(result.total(host, outcome)).as("%s: %s", host, result).isZero();
      assertThat(result.total(host, "failed")).as("%s: %s", host, result).isZero();
    }
  }

  private static void withoutEndpoint(Lab lab, K3s k3s) {
    inventory(lab, k3s, "");
    var file = lab.file("cluster.yml");
    lab.write(
        "cluster.yml",
        Checkout.text(file)
            .replaceFirst("(?m)^  endpoint: .*\n", "")
            .replaceAll("(?m)^(  n[23]: .*)worker", "$1control-plane"));
  }

  private static void theTokenIsSecret(Lab lab, Result output) {
    var token = lab.node(1).sh("cat /etc/rancher/k3s/server-token").strip();
    assertThat(token).hasSizeGreaterThan(16);
    assertThat(output.text()).doesNotContain(token);
    assertThat(lab.node(2).sh("cat /etc/rancher/k3s/agent-token").strip()).isNotEqualTo(token);
    assertThat(lab.node(2).sh("ls /etc/rancher/k3s")).doesNotContain("server-token");
  }

  private static void aLabelThatIsTakenOutIsRemoved(Lab lab, K3s k3s) {
    var labels = "k3s kubectl get nodes -o json";
    assertThat(lab.node(1).sh(labels)).contains("\"disk\"");
    inventory(lab, k3s, "");
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(1).sh(labels)).doesNotContain("\"disk\"");
  }

  private static void underALimitTheKubeconfigIsWrittenOnlyWhereThisMachineIsNamed(Lab lab)
      throws IOException {
    var kubeconfig = lab.file("kubeconfig");
    Files.delete(kubeconfig);
    for (var hosts : List.of("n2", "n1,n2", "all,cluster")) {
      lab.provision().json("apply", "cluster.yml", "--limit", hosts).exits(0);
      assertThat(kubeconfig).as(hosts).doesNotExist();
    }
    lab.provision().json("kubeconfig", "cluster.yml", "--limit", "n2").exits(0);
    assertThat(kubeconfig).exists();
    Files.delete(kubeconfig);
    lab.provision().json("apply", "cluster.yml", "--limit", "n2,local").exits(0);
    assertThat(kubeconfig).exists();
  }

  static void inventory(Lab lab, K3s k3s, String ofAgent) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes()) {
      var first = node == lab.node(1);
      hosts.append(
          "  %s: { address: %s, roles: [%s]%s }%n"
              .formatted(
                  node.name(),
                  node.address(),
                  first ? "control-plane" : "worker",
                  first || ofAgent.isEmpty() ? "" : ", " + ofAgent));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replace("{endpoint}", lab.node(1).address()));
  }
}
