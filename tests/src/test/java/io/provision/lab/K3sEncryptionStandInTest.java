package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * At no time does an API server of k3s write with a key that another has not in use, and keys that
 * k3s made itself stay. What the real one makes of it is in {@link RealK3sEncryptionTest}.
 */
@Tag("long")
class K3sEncryptionStandInTest {
  private static final String VERSION = "v1.36.4+k3s1";
  private static final String STORE = "/var/lib/rancher/k3s/server/db/etcd";
  private static final String FILE = "/etc/rancher/k3s/encryption/config.yaml";
  private static final StandInSecrets SECRETS = new StandInSecrets(STORE, FILE);

  @Test
  void keysOfSecretsComeRollAndGoWhereverTheRunIsKilled() {
    try (var lab = Lab.of(4)) {
      inventory(lab, "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      var servers = lab.nodes().subList(0, 3);
      SECRETS.put(servers);

      inventory(lab, "encryption: { provider: secretbox }");
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text())
          .contains("and secretbox key 'first'", "restart unit k3s.service", "secrets-rewritten");
      KubeadmStandInTest.killedOnce(
          lab, lab.node(2), "grep -q encryption /etc/rancher/k3s/config.yaml");
      SECRETS.rollWhereverTheRunIsKilled(lab, "secretbox");
      SECRETS.areWrittenWith(servers, "secretbox:first:[0-9a-f]{16}");
      lab.nothingIsLeftToDo(lab.nodes());

      var started = started(servers);
      inventory(lab, "encryption: { provider: aescbc, key: second }");
      SECRETS.rollWhereverTheRunIsKilled(lab, "aescbc");
      SECRETS.areWrittenWith(servers, "aescbc:second:[0-9a-f]{16}");
      for (var server : servers) {
        assertThat(server.sh("cat " + FILE))
            .as(server.name())
            .doesNotContain("secretbox", "changing");
      }
      inventory(lab, "");
      assertThat(lab.provision().run("plan", "cluster.yml").exits(1).text())
          .contains("no Secret of the cluster could be read");

      inventory(lab, "encryption: { provider: identity }");
      lab.provision().json("apply", "cluster.yml").exits(0);
      SECRETS.areWrittenWith(servers, "identity");
      assertThat(started(servers)).as("a key that rolls restarts no server").isEqualTo(started);
      inventory(lab, "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      for (var server : servers) {
        assertThat(server.sh("cat /etc/rancher/k3s/config.yaml"))
            .as(server.name())
            .doesNotContain("encryption");
      }
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  @Test
  void keysThatK3sMadeItselfStayAsTheyAre() {
    try (var lab = Lab.of(4)) {
      var own = "secrets-encryption: true, secrets-encryption-provider: secretbox";
      withOwn(lab, own);
      lab.provision().json("apply", "cluster.yml").exits(0);
      for (var other : List.of("", "encryption: { provider: secretbox }")) {
        inventory(lab, other);
        assertThat(lab.provision().run("apply", "--yes", "cluster.yml").exits(1).text())
            .contains("keys that it made itself (secretbox)", "k3s: { %s }".formatted(own));
        assertThat(lab.node(1).succeeds("test -e " + FILE)).isFalse();
      }
      withOwn(lab, own);
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  private static void withOwn(Lab lab, String options) {
    inventory(lab, "");
    var text = Checkout.text(lab.file("cluster.yml"));
    assertThat(text).contains("k3s: { disable:");
    lab.write(
        "cluster.yml", text.replace("k3s: { disable:", "k3s: { %s, disable:".formatted(options)));
  }

  private static List<String> started(List<Node> servers) {
    return servers.stream().map(node -> node.sh("systemctl show -p InvocationID k3s")).toList();
  }

  private static void inventory(Lab lab, String more) {
    var k3s = K3s.standIn(lab, VERSION);
    var hosts = new StringBuilder();
    for (var number : List.of(1, 2, 3, 4)) {
      hosts.append(
          "  n%d: { address: %s, roles: [%s] }%n"
              .formatted(
                  number, lab.node(number).address(), number == 4 ? "worker" : "control-plane"));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replaceFirst("(?m)^  endpoint: .*\n", more.isEmpty() ? "" : "  " + more + "\n"));
  }
}
