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
 * A cluster of the real kubeadm goes to the next minor version: what a stand-in cannot show is that
 * kubeadm, kubelet and etcd do what they are asked, and that a workload is served meanwhile.
 */
@Tag("long")
class RealKubeadmUpgradeTest {
  private static final String OLD = "v1.35.6";
  private static final String NEW = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker", "worker");
  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf ";

  /** Three replicas, of which a budget keeps two. */
  private static final String WORKLOAD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 3
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers:
              - name: web
                image: registry.k8s.io/coredns/coredns:v1.13.1
                imagePullPolicy: IfNotPresent
                args: [-conf, /etc/web/Corefile]
                readinessProbe: { httpGet: { path: /health, port: 8080 }, periodSeconds: 1 }
                lifecycle: { preStop: { sleep: { seconds: 3 } } }
                volumeMounts: [{ name: web, mountPath: /etc/web }]
            volumes: [{ name: web, configMap: { name: web } }]
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: web }
      data: { Corefile: ".:1053 {\\n health :8080\\n}\\n" }
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: { name: web }
      spec: { minAvailable: 2, selector: { matchLabels: { app: web } } }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      spec: { clusterIP: 10.96.0.80, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
      """;

  /** Ten times a second, a line for each answer that came; the time in milliseconds. */
  private static final String LOAD =
      """
      cat >/usr/local/bin/load <<'END'
      #!/bin/bash
      while :; do
        exec 3<>/dev/tcp/10.96.0.80/80 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 &&
          read -r -t 1 line <&3 && case $line in *' 200 '*) date +%s%3N ;; esac
        exec 3>&-
        sleep 0.1
      done 2>/dev/null
      END
      chmod +x /usr/local/bin/load
      """;

  /** The longest time without an answer, in milliseconds. */
  private static final String LONGEST =
      "awk 'NR > 1 && $1 - before > longest { longest = $1 - before } { before = $1 } END { print longest + 0, NR }' ";

  @Test
  void aClusterGoesToTheNextMinorVersionWhileItsWorkloadIsServed() {
    var artifacts = artifacts();
    System.out.println(
        "RealKubeadmUpgradeTest: with the real kubeadm %s and %s".formatted(OLD, NEW));
    try (var lab = Lab.of(5)) {
      inventory(lab, artifacts, OLD);
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      var asking = lab.node(5);
      lab.node(1).sh(KUBECTL + "apply -f - <<'END'\n" + WORKLOAD + "END");
      lab.node(1).sh(KUBECTL + "rollout status deployment/web --timeout=180s");
      asking.sh(LOAD);
      asking.sh("timeout -s KILL 60 /usr/local/bin/load >/root/calm.log || :");
      asking.sh("setsid /usr/local/bin/load >/root/upgrade.log 2>&1 </dev/null &");

      inventory(lab, artifacts, NEW);
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text()).contains("control plane, after n1, n2", "node n4, after n1, n2, n3");
      lab.provision().json("apply", "cluster.yml").exits(0);
      asking.sh("pkill -9 -f /usr/local/bin/load");

      assertThat(
              lab.node(1)
                  .sh(
                      KUBECTL
                          + "get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion} {.spec.unschedulable}{\"\\n\"}{end}'"))
          .isEqualTo(
              IntStream.rangeClosed(1, 5)
                  .mapToObj(number -> "n%d %s \n".formatted(number, NEW))
                  .collect(Collectors.joining()));
      assertThat(lab.node(1).sh(KUBECTL + "-n kube-system get pods -o yaml | grep -h ' image: '"))
          .contains("kube-apiserver:" + NEW, "kube-proxy:" + NEW)
          .doesNotContain(OLD);
      assertThat(lab.node(1).sh("ls /var/lib/provision/etcd"))
          .containsPattern("before-upgrade-to-v1.36.2-.*[.]db");
      lab.nothingIsLeftToDo(lab.nodes());
      var calm = asking.sh(LONGEST + "/root/calm.log").strip().split(" ");
      var during = asking.sh(LONGEST + "/root/upgrade.log").strip().split(" ");
      System.out.printf(
          "longest gap without an answer: %s ms of %s answers while nothing happened, %s ms of %s during the upgrade%n",
          calm[0], calm[1], during[0], during[1]);
      assertThat(Integer.parseInt(calm[1])).as("it is asked").isPositive();
      assertThat(Integer.parseInt(during[1])).as("it is asked").isPositive();
    }
  }

  private static String artifacts() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    var isThere =
        given != null
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + OLD))
            && Files.isDirectory(Path.of(given).resolve("kubernetes/" + NEW));
    Assumptions.assumeTrue(isThere, "no two versions of the real kubeadm at hand");
    return given;
  }

  private static void inventory(Lab lab, String artifacts, String version) {
    lab.nodes()
        .forEach(node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
    var hosts =
        IntStream.rangeClosed(1, ROLES.size())
            .mapToObj(number ->
                "  n%d: { address: %s, roles: [%s] }%n"
                    .formatted(number, lab.node(number).address(), ROLES.get(number - 1)))
            .collect(Collectors.joining());
    lab.write("cluster.yml", lab.cluster("kubeadm.yml", Path.of(artifacts), version, hosts));
  }
}
