package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Secrets of a living cluster of the real k3s come to be encrypted, get another key and are written
 * in plain again, while every API server is asked for one of them, and told to write it, all the
 * time.
 */
@Tag("long")
class RealK3sEncryptionTest {
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker");

  /** Of the host it runs on; nothing unpacks itself. */
  private static final String KUBECTL =
      "/var/lib/rancher/k3s/data/current/bin/kubectl --kubeconfig /etc/rancher/k3s/k3s.yaml --server=https://127.0.0.1:6443 --tls-server-name=kubernetes ";

  private static final String FILE = "/etc/rancher/k3s/encryption/config.yaml";
  private static final AskedSecrets SECRETS = new AskedSecrets(KUBECTL);

  /**
   * How a Secret lies in etcd, which k3s brings no program for: a key and its value stand side by
   * side in what it writes ahead, and the last one there counts.
   */
  private static final String KEPT =
      """
      cat $(ls /var/lib/rancher/k3s/server/db/etcd/member/wal/*.wal | sort) | perl -0777 -ne '
        $kept = $1 while m{/registry/secrets/default/%s[^/]{0,8}?(k8s:enc:[a-z]+:v1:[a-z0-9-]+:|k8s\\x00)}gs;
        END { $kept =~ s/\\x00/-plain/; print $kept }'\
      """;

  @Test
  void keysComeAndGoAndEverySecretCanBeReadAllTheTime() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(4)) {
      var k3s = K3s.forLab(lab);
      System.out.println("RealK3sEncryptionTest: with " + k3s.called());
      var text = inventory(lab, k3s);
      lab.write("cluster.yml", text);
      lab.provision().json("apply", "cluster.yml").exits(0);
      var servers = lab.nodes().subList(0, 3);
      SECRETS.begin(servers);
      areKeptAs(servers, "k8s-plain");

      lab.write("cluster.yml", with(text, "provider: secretbox"));
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text())
          .contains("and secretbox key 'first'", "restart unit k3s.service", "secrets-rewritten");
      lab.provision().json("apply", "cluster.yml").exits(0);
      areKeptAs(servers, "k8s:enc:secretbox:v1:first:");
      for (var server : servers) {
        assertThat(server.sh("stat -c '%%a %%u' %s /etc/rancher/k3s/encryption".formatted(FILE)))
            .as(server.name())
            .isEqualTo("600 0\n700 0\n");
      }
      lab.nothingIsLeftToDo(lab.nodes());

      lab.write("cluster.yml", with(text, "provider: aescbc, key: second"));
      var started = started(lab);
      KubeadmStandInTest.killedOnce(lab, lab.node(1), "grep -q aescbc " + FILE);
      KubeadmStandInTest.killedOnce(
          lab, lab.node(3), "grep -A1 providers: %s | grep -q aescbc".formatted(FILE));
      lab.provision().json("apply", "cluster.yml").exits(0);
      areKeptAs(servers, "k8s:enc:aescbc:v1:second:");
      for (var server : servers) {
        assertThat(server.sh("cat " + FILE)).as(server.name()).doesNotContain("first", "changing");
      }
      lab.nothingIsLeftToDo(lab.nodes());

      lab.write("cluster.yml", with(text, "provider: identity"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      areKeptAs(servers, "k8s-plain");
      assertThat(started(lab)).as("a key that rolls restarts no server").isEqualTo(started);
      lab.write("cluster.yml", text);
      lab.provision().json("apply", "cluster.yml").exits(0);
      for (var server : servers) {
        assertThat(server.sh("cat /etc/rancher/k3s/config.yaml"))
            .as(server.name())
            .doesNotContain("encryption");
      }
      lab.nothingIsLeftToDo(lab.nodes());
      SECRETS.couldAlwaysBeRead(servers);
    }
  }

  private static List<String> started(Lab lab) {
    return lab.nodes().subList(0, 3).stream()
        .map(server -> server.sh("systemctl show -p InvocationID k3s"))
        .toList();
  }

  private static void areKeptAs(List<Node> servers, String prefix) {
    for (var name : AskedSecrets.names(servers)) {
      servers
          .getFirst()
          .await(
              name + " to be kept as " + prefix,
              "[ \"$(%s)\" = '%s' ]".formatted(KEPT.formatted(name), prefix));
    }
  }

  private static String with(String text, String encryption) {
    return text.replace("  kubelet: {", "  encryption: { %s }\n  kubelet: {".formatted(encryption));
  }

  private static String inventory(Lab lab, K3s k3s) {
    var hosts =
        IntStream.rangeClosed(1, ROLES.size())
            .mapToObj(number ->
                "  n%d: { address: %s, roles: [%s] }%n"
                    .formatted(number, lab.node(number).address(), ROLES.get(number - 1)))
            .collect(Collectors.joining());
    var names = lab.nodes().stream().map(Node::address).toList();
    return lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts)
        .replaceFirst("(?m)^  endpoint: .*$", K3s.SETTINGS + "  tls_sans: " + List.copyOf(names));
  }
}
