package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A login that the inventory has opens a real registry (Debian's docker-registry) to real kubelets,
 * and another one does not.
 */
@Tag("long")
class RealRegistryTest {
  private static final String CONFIG =
      """
      version: 0.1
      storage: { filesystem: { rootdirectory: /var/lib/docker-registry } }
      http: { addr: "0.0.0.0:5000" }
      auth: { htpasswd: { realm: suite, path: /etc/docker/registry/htpasswd } }
      """;

  /** Of the password "hunter2", by bcrypt. */
  private static final String HTPASSWD =
      "me:$2b$04$26vog.wbCpg2sA3ZnKjwR.NtZ9tif8sbvJ3bezqbrtK3fMscV9aSS\n";

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: private }
      spec:
        containers: [{ name: it, image: "%s/private:1", imagePullPolicy: Always, args: [-version] }]
        restartPolicy: Never
      """;

  private static final String REASON =
      "get pod private -o 'jsonpath={.status.phase} {.status.containerStatuses[0].state.waiting.message}'";

  @Test
  void ofKubeadm() {
    try (var lab = Lab.of(2)) {
      isOpenedByTheLogin(lab, RealCluster.ofKubeadm(lab), "");
    }
  }

  @Test
  void ofKubeadmWithContainerd2() {
    try (var lab = Lab.of(2)) {
      var cluster = RealCluster.ofKubeadm(lab);
      Assumptions.assumeTrue(RealRuntimeTest.isAtHand(cluster), "no real containerd at hand");
      isOpenedByTheLogin(lab, cluster, RealRuntimeTest.RUNTIME);
    }
  }

  @Test
  void ofK3s() {
    try (var lab = Lab.of(2)) {
      isOpenedByTheLogin(lab, RealCluster.ofK3s(lab), "");
    }
  }

  private static void isOpenedByTheLogin(Lab lab, RealCluster cluster, String runtime) {
    System.out.println("RealRegistryTest: with " + cluster.called());
    var node = lab.node(1);
    var registry = registry(lab.node(2));
    cluster.letRun(node);
    inventory(lab, cluster, runtime, registry, "wrong");
    lab.provision().json("apply", "cluster.yml").exits(0);
    var ctr = (cluster.isKubeadm() ? "ctr" : "k3s ctr") + " -n k8s.io images ";
    var image = registry + "/private:1";
    node.sh(
        "IMAGE=$(%1$s ls -q | grep -m 1 '%2$s$') && %1$s tag \"$IMAGE\" %3$s && %1$s push --plain-http --platform linux/$(dpkg --print-architecture) --user me:hunter2 %3$s && %1$s rm %3$s"
            .formatted(ctr, cluster.listeningImage(), image));

    put(node, "/root/pod.yml", POD.formatted(registry));
    cluster.kubectl(node, "apply -f /root/pod.yml");
    cluster.awaits(node, "the registry to refuse the wrong login", REASON, "401\\|nauthorized");

    inventory(lab, cluster, runtime, registry, "hunter2");
    lab.provision().json("apply", "cluster.yml").exits(0);
    cluster.awaits(node, "the pod to have run", REASON, "Succeeded");
    assertThat(cluster.kubectl(node, "logs private")).contains("CoreDNS");
    lab.nothingIsLeftToDo(List.of(node));
  }

  private static String registry(Node node) {
    node.sh(
        "DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends docker-registry >/dev/null");
    put(node, "/etc/docker/registry/config.yml", CONFIG);
    put(node, "/etc/docker/registry/htpasswd", HTPASSWD);
    node.sh("systemctl restart docker-registry");
    var address = node.address() + ":5000";
    node.await(
        "the registry to listen", "bash -c 'echo >/dev/tcp/%s/5000'".formatted(node.address()));
    return address;
  }

  private static void put(Node node, String path, String text) {
    node.sh("cat >%s <<'END'\n%sEND\n".formatted(path, text));
  }

  private static void inventory(
      Lab lab, RealCluster cluster, String runtime, String registry, String password) {
    cluster.inventory(cluster.newer(), List.of("control-plane", "worker"), Set.of("n2"), Set.of());
    RealRuntimeTest.declare(
        lab,
        runtime
            + "  registries: { mirrors: { \"%1$s\": { endpoint: [\"http://%1$s\"] } }, configs: { \"%1$s\": { auth: { username: me, password: \"${cmd:[echo, %2$s]}\" } } } }\n"
                .formatted(registry, password));
  }
}
