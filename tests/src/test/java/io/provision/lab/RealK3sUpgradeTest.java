package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster of the real k3s goes to the next minor version while its workload is served. On its
 * second server the new program does not start at first. Then settings become others.
 */
@Tag("long")
class RealK3sUpgradeTest {
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker", "worker");
  private static final String KUBECTL = "k3s kubectl ";

  @Test
  void aClusterGoesToTheNextMinorVersionWhileItsWorkloadIsServed() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(5)) {
      var newer = K3s.forLab(lab);
      var found = K3s.before(newer);
      Assumptions.assumeTrue(found.isPresent(), "no two minor versions of the real k3s at hand");
      var older = found.get();
      System.out.println(
          "RealK3sUpgradeTest: from %s to %s".formatted(older.called(), newer.called()));
      inventory(lab, older, "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      var load = ServedLoad.ofK3s(lab.node(1), lab.node(5));
      var calm = load.whileNothingHappens();
      load.begin();
      var second = lab.node(2);
      second.sh(
          "mkdir -p /etc/systemd/system/k3s.service.d && printf '[Service]\\nExecStartPre=/bin/sh -c \"! /usr/local/bin/k3s --version | grep -qF %s\"\\n' >/etc/systemd/system/k3s.service.d/broken.conf && systemctl daemon-reload"
              .formatted(newer.version()));

      inventory(lab, newer, "");
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text()).contains("node n3, after n1, n2", "node n4, after n1, n2, n3");
      var stopped = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
      assertThat(stopped.text()).contains("n2: k3s-upgrade: failed");
      assertThat(versions(lab))
          .startsWith("n1 " + newer.version())
          .contains("n3 " + older.version());
      second.sh("rm /etc/systemd/system/k3s.service.d/broken.conf && systemctl daemon-reload");
      lab.provision().json("apply", "cluster.yml").exits(0);
      var during = load.end();

      assertThat(versions(lab))
          .isEqualTo(
              IntStream.rangeClosed(1, 5)
                  .mapToObj(number -> "n%d %s \n".formatted(number, newer.version()))
                  .collect(Collectors.joining()));
      assertThat(lab.node(1).sh("ls /var/lib/provision/etcd"))
          .contains("before-upgrade-to-" + newer.version());
      lab.nothingIsLeftToDo(lab.nodes());
      System.out.printf(
          "longest gap without an answer: %s while nothing happened, %s during the upgrade%n",
          calm, during);
      settingsReachIt(lab, newer, load);
    }
  }

  private static void settingsReachIt(Lab lab, K3s k3s, ServedLoad load) {
    load.begin();
    inventory(lab, k3s, "  audit: { max_age: 3 }\n");
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml",
        text.replace("  kubelet: {", "  kubelet: { maxPods: 80,")
            .replace(
                "restrict_oom_score_adj: true",
                "restrict_oom_score_adj: true, max_container_log_line_size: 32768"));
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(plan.text())
        .contains("restart unit k3s.service", "then restart unit k3s-agent.service");
    lab.provision().json("apply", "cluster.yml").exits(0);
    var during = load.end();
    for (var node : lab.nodes()) {
      assertThat(
              lab.node(1)
                  .sh(KUBECTL + "get --raw /api/v1/nodes/%s/proxy/configz".formatted(node.name())))
          .as("what the kubelet of %s runs with", node.name())
          .contains("\"maxPods\":80");
      assertThat(node.sh("k3s crictl info"))
          .as("what containerd of %s says that it runs with", node.name())
          .containsPattern("\"maxContainerLogLineSize\": *32768");
    }
    for (var server : lab.nodes().subList(0, 3)) {
      assertThat(server.succeeds("test -s /var/log/kubernetes/audit/audit.log"))
          .as("audit log of %s", server.name())
          .isTrue();
    }
    lab.nothingIsLeftToDo(lab.nodes());
    System.out.printf("longest gap without an answer: %s while settings changed%n", during);
  }

  private static String versions(Lab lab) {
    return lab.node(1)
        .sh(
            KUBECTL
                + "get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion} {.spec.unschedulable}{\"\\n\"}{end}'");
  }

  private static void inventory(Lab lab, K3s k3s, String besides) {
    var hosts =
        IntStream.rangeClosed(1, ROLES.size())
            .mapToObj(number ->
                "  n%d: { address: %s, roles: [%s] }%n"
                    .formatted(number, lab.node(number).address(), ROLES.get(number - 1)))
            .collect(Collectors.joining());
    var names = lab.nodes().stream().map(Node::address).toList();
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts)
            .replaceFirst(
                "(?m)^  endpoint: .*$",
                K3s.SETTINGS + besides + "  tls_sans: " + List.copyOf(names)));
  }
}
