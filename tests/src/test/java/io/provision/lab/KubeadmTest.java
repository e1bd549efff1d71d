package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bare hosts become a cluster of kubeadm, with the real programs: without them there is nothing to
 * show.
 */
@Tag("long")
class KubeadmTest {
  private static final String VERSION = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");

  private static final String MEMBERS =
      "kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system exec etcd-n1 --"
          + " etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt"
          + " --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key"
          + " member list | cut -d, -f 2,3 | sort";

  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf";
  private static final String ENCRYPTION = "  encryption: { provider: secretbox }\n";

  private static String artifacts() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    var isThere =
        given != null && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION));
    Assumptions.assumeTrue(isThere, "no real kubeadm at hand");
    return given;
  }

  @Test
  void aClusterComesUpOnceStaysAsItIsAndGrowsByItsInventory() {
    var artifacts = artifacts();
    System.out.println("KubeadmTest: with the real kubeadm " + VERSION);
    try (var lab = Lab.of(4)) {
      lab.nodes()
          .forEach(
              node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
      inventory(lab, artifacts, List.of("control-plane", "worker"));
      lab.provision().json("apply", "cluster.yml").exits(0);

      var two = lab.nodes().subList(0, 2);
      var before = Witness.ofCluster(lab.node(1), KUBECTL, two);
      var execs = two.stream().map(Node::execs).toList();
      var second = lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(second.total("changed")).as("%s", second).isZero();
      assertThat(two.stream().map(Node::execs).toList())
          .isEqualTo(execs.stream().map(count -> count + 1).toList());
      before.forEach(Witness::stillHolds);
      theKubeconfigWorks(lab);
      coreDnsRunsOnBothNodes(lab);
      var secrets = SecretsAtRest.made(lab.node(1), KUBECTL, "/var/lib/etcd/member");
      secrets.areEncryptedOn(lab.nodes().subList(0, 1));
      theTokensOfJoinsAreNowhere(lab);

      inventory(
          lab, artifacts, List.of("control-plane", "worker", "control-plane", "control-plane"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(lab.node(1).sh(MEMBERS)).isEqualTo(" started, n1\n started, n3\n started, n4\n");
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();

      var servers = List.of(lab.node(1), lab.node(3), lab.node(4));
      secrets.areEncryptedOn(servers);
      secrets.areNotInTheLogOf(servers);
      whatIsEncryptedStaysSo(lab);
      aNameThatComesLaterIsShownByEveryApiServer(lab);
      aWorkerOutlivesTheFirstControlPlane(lab);
    }
  }

  private static void theKubeconfigWorks(Lab lab) {
    var kubeconfig = Checkout.text(lab.file("kubeconfig"));
    assertThat(kubeconfig).contains("https://" + lab.node(1).address());
    lab.node(2)
        .sh("umask 077; cat >/root/kubeconfig <<'END'\n%s\nEND".formatted(kubeconfig.strip()));
    assertThat(lab.node(2).sh("kubectl --kubeconfig /root/kubeconfig get nodes -o name"))
        .isEqualTo("node/n1\nnode/n2\n");
    lab.node(2).sh("rm /root/kubeconfig");
  }

  /** Both of its pods were on the first one when there was no other. */
  private static void coreDnsRunsOnBothNodes(Lab lab) {
    var nodes =
        lab.node(1)
            .sh(
                "kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get pods -l k8s-app=kube-dns"
                    + " -o 'jsonpath={range .items[*]}{.spec.nodeName}{\"\\n\"}{end}' | sort");
    assertThat(nodes).isEqualTo("n1\nn2\n");
  }

  /** Those that were made for joins end by themselves; no file of a node holds one. */
  private static void theTokensOfJoinsAreNowhere(Lab lab) {
    var control = "/etc/kubernetes/provision/control";
    lab.node(1).sh("echo 'token: abcdef.0123456789abcdef' >" + control);
    assertThat(withTokens(lab.node(1))).as("what is looked for is found").isEqualTo(control + "\n");
    lab.node(1).sh("rm " + control);
    assertThat(lab.nodes().subList(0, 2))
        .allSatisfy(node -> assertThat(withTokens(node)).as(node.name()).isEmpty());
  }

  private static String withTokens(Node node) {
    return node.sh(
        "grep -rElI '[a-z0-9]{6}\\.[a-z0-9]{16}' /etc/kubernetes /var/lib/kubelet/*.yaml"
            + " /run/provision /var/lib/provision 2>/dev/null || :");
  }

  private static void whatIsEncryptedStaysSo(Lab lab) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write("cluster.yml", text.replace(ENCRYPTION, ""));
    assertThat(lab.provision().run("plan", "cluster.yml").exits(1).text())
        .contains("provider: identity");
    lab.write("cluster.yml", text);
  }

  /** Each reads its new certificate by itself. */
  private static void aNameThatComesLaterIsShownByEveryApiServer(Lab lab) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml", text.replace("  ignore_", "  tls_sans: [later.example.org]\n  ignore_"));
    lab.provision().json("apply", "cluster.yml").exits(0);
    for (var server : List.of(1, 3, 4)) {
      lab.node(server)
          .await(
              "the API with its new name",
              "openssl s_client -connect 127.0.0.1:6443 </dev/null 2>/dev/null"
                  + " | openssl x509 -noout -text | grep -q DNS:later.example.org");
    }
    assertThat(
            lab.node(3)
                .sh(
                    "kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get cm kubeadm-config -o yaml"))
        .contains("later.example.org");
    assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
  }

  /** Its kubelet knows all of them by one name. */
  private static void aWorkerOutlivesTheFirstControlPlane(Lab lab) {
    lab.node(1).powerOff();
    var heartbeat =
        "kubectl --kubeconfig /etc/kubernetes/admin.conf --server https://%s:6443 get lease n2 -n kube-node-lease -o jsonpath={.spec.renewTime}"
            .formatted(lab.node(3).address());
    lab.node(3).await("an API without n1", heartbeat);
    var then = lab.node(3).sh(heartbeat);
    lab.node(3).await("a heartbeat of n2", "[ \"$(%s)\" != '%s' ]".formatted(heartbeat, then));
    lab.node(1).powerOn();
  }

  private static void inventory(Lab lab, String artifacts, List<String> roles) {
    var hosts = new StringBuilder();
    for (var i = 0; i < roles.size(); i++) {
      hosts.append(
          "  n%d: { address: %s, roles: [%s] }%n"
              .formatted(i + 1, lab.node(i + 1).address(), roles.get(i)));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("kubeadm.yml", Path.of(artifacts), VERSION, hosts.toString())
            .replace("  ignore_", ENCRYPTION + "  audit: { max_age: 3 }\n  ignore_"));
  }
}
