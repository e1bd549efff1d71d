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
 * Settings of a cluster of the real kubeadm become others while its workload is served: what a
 * stand-in cannot show is that the programs take them, and that nobody is without an answer.
 */
@Tag("long")
class RealKubeadmSettingsTest {
  private static final String VERSION = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker");
  private static final String KUBECTL = "kubectl --kubeconfig /etc/kubernetes/admin.conf ";

  /** The others may begin anew: they end where they lose their lease, as an API server restarts. */
  private static final String ETCD = "pgrep -x etcd";

  @Test
  void settingsReachALivingClusterWhileItsWorkloadIsServed() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    Assumptions.assumeTrue(
        given != null && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION)),
        "no real kubeadm at hand");
    System.out.println("RealKubeadmSettingsTest: with the real kubeadm " + VERSION);
    try (var lab = Lab.of(4)) {
      lab.nodes()
          .forEach(
              node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
      var text = inventory(lab, Path.of(given));
      lab.write("cluster.yml", text);
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      var load = ServedLoad.of(lab.node(1), lab.node(4), "v1.14.2");
      var calm = load.whileNothingHappens();
      var servers = lab.nodes().subList(0, 3);
      var etcd = servers.stream().map(node -> node.sh(ETCD)).toList();
      assertThat(etcd).allSatisfy(it -> assertThat(it.lines()).hasSize(1));
      load.begin();

      lab.write(
          "cluster.yml",
          text.replace("  kubelet: {", "  audit: { max_age: 3 }\n  kubelet: { maxPods: 80,")
              .replace("  kube_proxy: {", "  kube_proxy: { configSyncPeriod: 10m,")
              .replace(
                  "restrict_oom_score_adj: true",
                  "restrict_oom_score_adj: true, max_concurrent_downloads: 5"));
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      assertThat(plan.text())
          .contains("API server of n3, after n1, n2", "unit kubelet.service, after n1, n2, n3")
          .contains("pods of kube-proxy, one after another", "containerd.service");
      lab.provision().json("apply", "cluster.yml").exits(0);
      var during = load.end();

      for (var server : lab.nodes().subList(0, 3)) {
        assertThat(server.sh("tr '\\0' '\\n' </proc/$(pgrep -x kube-apiserver)/cmdline"))
            .as("what runs on %s", server.name())
            .contains("--audit-log-maxage=3");
        assertThat(server.succeeds("test -s /var/log/kubernetes/audit/audit.log")).isTrue();
      }
      for (var node : lab.nodes()) {
        assertThat(
                lab.node(1)
                    .sh(
                        KUBECTL
                            + "get --raw /api/v1/nodes/%s/proxy/configz".formatted(node.name())))
            .as("what the kubelet of %s runs with", node.name())
            .contains("\"maxPods\":80");
        assertThat(node.sh("containerd config dump"))
            .as("what containerd of %s is started with", node.name())
            .contains("max_concurrent_downloads = 5");
      }
      assertThat(
              lab.node(1)
                  .sh(
                      KUBECTL
                          + "-n kube-system get cm kubelet-config kube-proxy kubeadm-config -o yaml"))
          .contains("maxPods: 80", "configSyncPeriod: 10m", "audit-log-maxage");
      assertThat(servers.stream().map(node -> node.sh(ETCD)).toList())
          .as("etcd runs on")
          .isEqualTo(etcd);
      lab.nothingIsLeftToDo(lab.nodes());
      System.out.printf(
          "longest gap without an answer: %s while nothing happened, %s while settings changed%n",
          calm, during);
      aKubeletThatDoesNotStartIsStoppedAtAndSetBack(lab);
    }
  }

  /** Its Node stays Ready for most of a minute, and etcd is asked through it. */
  private static void aKubeletThatDoesNotStartIsStoppedAtAndSetBack(Lab lab) {
    var kept = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml",
        kept.replace("  kubelet: {", "  kubelet: { evictionHard: { memory.available: nonsense },"));
    var stopped = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(stopped.text())
        .contains("the kubelet does not stay up with its settings", "quantities must match");
    for (var node : lab.nodes().subList(1, 4)) {
      assertThat(node.sh("cat /var/lib/kubelet/config.yaml")).doesNotContain("nonsense");
    }
    lab.write("cluster.yml", kept);
    lab.provision().json("apply", "cluster.yml").exits(0);
    lab.nothingIsLeftToDo(lab.nodes());
    assertThat(lab.node(2).sh(KUBECTL + "-n kube-system get cm kubelet-config -o yaml"))
        .doesNotContain("nonsense");
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
