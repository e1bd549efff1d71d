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
import org.testcontainers.utility.MountableFile;

/** A cluster that somebody made by kubeadm, typed as its documentation has it, is taken over. */
@Tag("long")
class RealKubeadmAdoptionTest {
  private static final String VERSION = "v1.36.2";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");

  /** What a restart, another authority, another datastore or another node would change. */
  private static final String UNITS =
      "systemctl show -p MainPID,ExecMainStartTimestampMonotonic,InvocationID %s";

  private static final String PODS =
      "pgrep -x 'etcd|kube-apiserver|kube-scheduler|kube-controller|kube-proxy' | sort; sha256sum </etc/kubernetes/pki/ca.crt";

  /** Without CoreDNS, whose pods a plan spreads, and flannel, which becomes ours. */
  private static final String CLUSTER =
      """
      kubectl get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'
      kubectl get configmap kept -o 'jsonpath={.metadata.uid} {.data.value}'
      kubectl -n kube-system get pods -l k8s-app!=kube-dns -o 'jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{"\\n"}{end}' | sort
      sha256sum </etc/kubernetes/pki/apiserver.crt
      ls -i /var/lib/etcd/member
      """;

  private static final List<String> BY_HAND = List.of("control-plane", "worker");

  /** What is of the nodes before they are taken over, and stays. */
  private record Kept(
      String cluster, String pods, String podsOfWorker, String units, String kubeletOfWorker) {
    static Kept of(Lab lab) {
      var first = lab.node(1);
      var worker = lab.node(2);
      return new Kept(
          first.sh(CLUSTER),
          first.sh(PODS),
          worker.sh(PODS),
          first.sh(UNITS.formatted("kubelet containerd")),
          worker.sh(UNITS.formatted("kubelet")));
    }
  }

  private static Path artifacts() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    Assumptions.assumeTrue(
        given != null && Files.isDirectory(Path.of(given).resolve("kubernetes/" + VERSION)),
        "no real kubeadm at hand");
    System.out.println("RealKubeadmAdoptionTest: with the real kubeadm " + VERSION);
    return Path.of(given);
  }

  @Test
  void aTakeoverThatIsKilledInEachOfItsActionsEndsAsIfItWereNot() {
    var artifacts = artifacts();
    try (var lab = Lab.of(2)) {
      byHand(lab, artifacts);
      var kept = Kept.of(lab);
      inventory(lab, artifacts, BY_HAND, "kubernetes", "maxPods: 50, ");
      var runs = new KilledRuns(lab, 1, 1500, "apply", "cluster.yml");
      runs.untilOneEnds().exits(0);
      System.out.println("killed in " + runs.tried());
      assertThat(runs.tried())
          .containsKeys(
              "n1 container-runtime", "n1 kubelet", "n1 kubeadm-config", "n1 kubeadm-settings")
          .containsKeys("n2 container-runtime", "n2 kubelet", "n2 kubeadm-settings");
      assertThat(Kept.of(lab)).isEqualTo(kept);
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  @Test
  void aClusterMadeByHandIsTakenOverAsItRunsAndGrows() {
    var artifacts = artifacts();
    try (var lab = Lab.of(4)) {
      byHand(lab, artifacts);
      var first = lab.node(1);
      var worker = lab.node(2);
      var kept = Kept.of(lab);
      var containerdOfWorker = worker.sh(UNITS.formatted("containerd"));

      inventory(lab, artifacts, BY_HAND, "suite", "");
      assertThat(lab.provision().run("plan", "cluster.yml").exits(1).text())
          .contains("call the cluster 'kubernetes' in the inventory");
      inventory(lab, artifacts, BY_HAND, "kubernetes", "");
      assertThat(lab.provision().run("plan", "cluster.yml").exits(1).text())
          .contains("write 'kubelet: { maxPods: 50 }' under 'cluster'")
          .contains("tls_sans: [home.example]");
      inventory(lab, artifacts, BY_HAND, "kubernetes", "maxPods: 50, ");
      var plan = lab.provision().run("plan", "cluster.yml").exits(0);
      System.out.println(plan.text());
      assertThat(plan.text())
          .contains("taken over as it runs: node n1", "taken over as it runs: node n2")
          .contains("registry/config_path")
          .doesNotContain("restart unit kubelet");
      lab.provision().json("apply", "cluster.yml").exits(0);

      assertThat(Kept.of(lab)).isEqualTo(kept);
      assertThat(worker.sh(UNITS.formatted("containerd")))
          .as("for the folder of registries")
          .isNotEqualTo(containerdOfWorker);
      lab.nothingIsLeftToDo(lab.nodes().subList(0, 2));

      for (var node : lab.nodes().subList(0, 2)) {
        node.sh("systemctl restart containerd kubelet");
        assertThat(
                node.sh("tr '\\0' ' ' </proc/$(systemctl show -p MainPID --value kubelet)/cmdline"))
            .startsWith("/usr/local/bin/kubelet ");
      }
      first.await("nodes", READY.formatted(2));
      assertThat(first.sh(CLUSTER))
          .as("once they start by what was written")
          .isEqualTo(kept.cluster());
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();

      inventory(
          lab,
          artifacts,
          List.of("control-plane", "worker", "worker", "control-plane"),
          "kubernetes",
          "maxPods: 50, ");
      assertThat(lab.provision().run("apply", "--yes", "cluster.yml").exits(1).text())
          .contains("which is n1 alone", "kubeadm lets none join");
      inventory(
          lab,
          artifacts,
          List.of("control-plane", "worker", "worker"),
          "kubernetes",
          "maxPods: 60, ");
      lab.provision().json("apply", "cluster.yml").exits(0);
      first.await("nodes", READY.formatted(3));
      for (var node : lab.nodes().subList(0, 3)) {
        assertThat(node.sh("cat /var/lib/kubelet/config.yaml")).contains("maxPods: 60");
      }
      lab.nothingIsLeftToDo(lab.nodes().subList(0, 3));
    }
  }

  private static final String READY = "[ \"$(kubectl get nodes | grep -c ' Ready ')\" = %d ]";

  private static void inventory(
      Lab lab, Path artifacts, List<String> roles, String name, String kubelet) {
    var hosts =
        IntStream.rangeClosed(1, roles.size())
            .mapToObj(number ->
                "  n%d: { address: %s, roles: [%s] }%n"
                    .formatted(number, lab.node(number).address(), roles.get(number - 1)))
            .collect(Collectors.joining());
    lab.write(
        "cluster.yml",
        lab.cluster("kubeadm.yml", artifacts, VERSION, hosts)
            .replace("name: suite", "name: " + name)
            .replace("  kubelet: {", "  tls_sans: [home.example]\n  kubelet: { " + kubelet)
            .replace(kubelet.isEmpty() ? "  tls_sans: [home.example]\n" : "none of it", ""));
  }

  /** As its documentation has it, and a container's kubelet and kube-proxy need besides. */
  private static void byHand(Lab lab, Path artifacts) {
    bring(lab.node(1), artifacts, true);
    bring(lab.node(2), artifacts, false);
    for (var node : lab.nodes().subList(2, lab.nodes().size())) {
      node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY));
    }
    var first = lab.node(1);
    first.sh(
        """
        cat >/root/init.yaml <<X
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: InitConfiguration
        localAPIEndpoint: { advertiseAddress: %s }
        ---
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: ClusterConfiguration
        kubernetesVersion: %s
        networking: { podSubnet: 10.244.0.0/16 }
        apiServer: { certSANs: [home.example] }
        ---
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        failCgroupV1: false
        featureGates: { KubeletInUserNamespace: true }
        resolvConf: /etc/resolv-pods.conf
        maxPods: 50
        ---
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        conntrack: { maxPerCore: 0, min: 0 }
        X
        kubeadm init --config /root/init.yaml --ignore-preflight-errors=SystemVerification >/root/init.log 2>&1 || { tail -n 30 /root/init.log; exit 1; }
        mkdir -p /root/.kube && cp /etc/kubernetes/admin.conf /root/.kube/config
        kubectl apply -f /root/kube-flannel.yml
        """
            .formatted(first.address(), VERSION));
    var join = first.sh("kubeadm token create --print-join-command").strip();
    lab.node(2)
        .sh(
            join
                + " --ignore-preflight-errors=SystemVerification >/root/join.log 2>&1 || { tail -n 30 /root/join.log; exit 1; }");
    first.await("nodes", READY.formatted(2));
    first.await("pods", "! kubectl get pods -A --no-headers | grep -vE ' ([0-9]+)/\\1 +Running '");
    first.sh("kubectl create configmap kept --from-literal=value=whole");
  }

  private static void bring(Node node, Path artifacts, boolean isLikeOurs) {
    node.sh(
        "echo 'nameserver %s' >/etc/resolv-pods.conf; hostname %2$s && echo %2$s >/etc/hostname"
            .formatted(GATEWAY, node.name()));
    var programs = artifacts.resolve("kubernetes/%s/amd64".formatted(VERSION));
    for (var program : new String[] {"kubeadm", "kubelet", "kubectl"}) {
      copy(node, programs.resolve(program), "/usr/bin/" + program);
      node.sh("chown root:root /usr/bin/%1$s && chmod 755 /usr/bin/%1$s".formatted(program));
    }
    copy(node, programs.resolve("images.tar"), "/root/images.tar");
    copy(node, artifacts.resolve("flannel/v0.28.9/amd64/images.tar"), "/root/flannel.tar");
    copy(node, artifacts.resolve("flannel/v0.28.9/any/kube-flannel.yml"), "/root/kube-flannel.yml");
    copy(node, artifacts.resolve("cni-plugins/v1.9.1/amd64/cni-plugins.tgz"), "/root/cni.tgz");
    node.sh(
        """
        apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends containerd runc iptables conntrack ethtool socat
        mkdir -p /etc/containerd /opt/cni/bin && tar -xzf /root/cni.tgz -C /opt/cni/bin
        containerd config default | sed 's/SystemdCgroup = false/SystemdCgroup = true/; s/restrict_oom_score_adj = false/restrict_oom_score_adj = true/; s#sandbox_image = .*#sandbox_image = "registry.k8s.io/pause:3.10.2"#' >/etc/containerd/config.toml
        %s
        systemctl restart containerd
        for file in /root/images.tar /root/flannel.tar; do ctr -n k8s.io images import $file >/dev/null; rm $file; done
        ctr -n k8s.io images ls -q
        mkdir -p /usr/lib/systemd/system/kubelet.service.d
        cat >/usr/lib/systemd/system/kubelet.service <<'X'
        [Unit]
        Description=kubelet: The Kubernetes Node Agent
        Documentation=https://kubernetes.io/docs/
        Wants=network-online.target
        After=network-online.target

        [Service]
        ExecStart=/usr/bin/kubelet
        Restart=always
        StartLimitInterval=0
        RestartSec=10

        [Install]
        WantedBy=multi-user.target
        X
        cat >/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf <<'X'
        # Note: This dropin only works with kubeadm and kubelet v1.11+
        [Service]
        Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
        Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
        # This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
        EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
        # This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
        # the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
        EnvironmentFile=-/etc/default/kubelet
        ExecStart=
        ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
        X
        systemctl daemon-reload && systemctl enable -q kubelet
        """
            .formatted(
                isLikeOurs
                    ? "sed -i 's#config_path = \"\"#config_path = \"/etc/containerd/certs.d\"#' /etc/containerd/config.toml"
                    : ":"));
  }

  private static void copy(Node node, Path from, String to) {
    node.container().copyFileToContainer(MountableFile.forHostPath(from), to);
  }
}
