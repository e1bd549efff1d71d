package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Secrets of a living cluster of the real kubeadm come to be encrypted, get another key and are
 * written in plain again, while every API server is asked for one of them, and told to write it,
 * all the time.
 */
@Tag("long")
class RealKubeadmEncryptionTest {
  private static final String VERSION = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker");
  private static final String KUBECTL =
      "kubectl --kubeconfig /etc/kubernetes/admin.conf --server=https://127.0.0.1:6443 --tls-server-name=kubernetes ";
  private static final String FILE = "/etc/kubernetes/encryption/config.yaml";

  private static final AskedSecrets SECRETS = new AskedSecrets(KUBECTL);

  @Test
  void keysComeAndGoAndEverySecretCanBeReadAllTheTime() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    Assumptions.assumeTrue(
        given != null && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION)),
        "no real kubeadm at hand");
    System.out.println("RealKubeadmEncryptionTest: with the real kubeadm " + VERSION);
    try (var lab = Lab.of(4)) {
      lab.nodes()
          .forEach(
              node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
      var text = inventory(lab, Path.of(given));
      lab.write("cluster.yml", text);
      lab.provision().json("apply", "cluster.yml").exits(0);
      var servers = lab.nodes().subList(0, 3);
      SECRETS.begin(servers);
      assertThat(kept(lab, "canary")).startsWith("k8s\0");

      lab.write("cluster.yml", with(text, "provider: secretbox"));
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text())
          .contains("and secretbox key 'first'", "API server of n3, after n1, n2")
          .contains("secrets-rewritten");
      lab.provision().json("apply", "cluster.yml").exits(0);
      areKeptAs(lab, "k8s:enc:secretbox:v1:first:");
      lab.nothingIsLeftToDo(lab.nodes());

      lab.write("cluster.yml", with(text, "provider: aescbc, key: second"));
      KubeadmStandInTest.killedOnce(lab, lab.node(1), "grep -q aescbc " + FILE);
      KubeadmStandInTest.killedOnce(
          lab, lab.node(3), "grep -A1 providers: %s | grep -q aescbc".formatted(FILE));
      var pods = lab.nodes().stream().map(RealKubeadmEncryptionTest::apiServer).toList();
      lab.provision().json("apply", "cluster.yml").exits(0);
      areKeptAs(lab, "k8s:enc:aescbc:v1:second:");
      for (var server : servers) {
        assertThat(server.sh("cat " + FILE)).as(server.name()).doesNotContain("first");
      }
      lab.nothingIsLeftToDo(lab.nodes());

      lab.write("cluster.yml", with(text, "provider: identity"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      areKeptAs(lab, "k8s\0");
      assertThat(lab.nodes().stream().map(RealKubeadmEncryptionTest::apiServer).toList())
          .as("a key that rolls restarts no API server")
          .isEqualTo(pods);
      lab.write("cluster.yml", text);
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());

      SECRETS.couldAlwaysBeRead(servers);
    }
  }

  private static String apiServer(Node node) {
    return node.sh("pgrep -x kube-apiserver || :");
  }

  /** All Secrets, in etcd itself. */
  private static void areKeptAs(Lab lab, String prefix) {
    for (var name : AskedSecrets.names(lab.nodes().subList(0, 3))) {
      assertThat(kept(lab, name)).as(name).startsWith(prefix);
    }
  }

  private static String kept(Lab lab, String name) {
    return lab.node(1)
        .sh(
            KUBECTL
                + "exec -n kube-system etcd-n1 -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key get --print-value-only /registry/secrets/default/%s | head -c 40"
                    .formatted(name));
  }

  private static String with(String text, String encryption) {
    return text.replace("  kubelet: {", "  encryption: { %s }\n  kubelet: {".formatted(encryption));
  }

  private static String inventory(Lab lab, Path artifacts) {
    var hosts =
        IntStream.rangeClosed(1, ROLES.size())
            .mapToObj(number ->
                "  n%d: { address: %s, roles: [%s] }%n"
                    .formatted(number, lab.node(number).address(), ROLES.get(number - 1)))
            .collect(Collectors.joining());
    return lab.cluster("kubeadm.yml", artifacts, VERSION, hosts);
  }
}
