package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.os.NodeAddressStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps that change a cluster through its API, and those that pin what they apply, against an
 * API that keeps what is applied and controllers that say of it what the real ones do.
 */
final class ClusterFleetTest {
  private static final List<String> OF_K3S =
      List.of(
          "metallb-manifest",
          "metallb",
          "metallb-pools",
          "manifest",
          "kube-vip",
          "gluster-storage-class",
          "gluster-persistent-volumes");
  private static final List<String> OF_CALICO =
      List.of("calico-manifest", "calico-operator", "calico");
  private static final List<String> OF_KUBEADM =
      List.of("flannel-manifest", "flannel", "dns-spread");

  /** The steps that are seen here to go from a difference to none. */
  static final List<String> STEPS =
      java.util.stream.Stream.of(OF_K3S, OF_CALICO, OF_KUBEADM).flatMap(List::stream).toList();

  private static final String K3S =
      """
      cluster:
        name: lab
        distribution: k3s
        version: v1.36.4+k3s1
        virtual_ip: 10.0.0.9
        load_balancer: { metallb: { addresses: [10.0.0.240-10.0.0.250] } }
        storage:
          gluster:
            volumes:
              - name: v
                replica: 3
                brick: /opt/bricks/v
                mount: /opt/mnt/v
                storage_class: v
                persistent_volumes: [{ name: photos, size: 1Gi }]
      hosts:
        n1: { address: 10.0.0.1, roles: [control-plane, storage] }
        n2: { address: 10.0.0.2, roles: [worker, storage] }
        n3: { address: 10.0.0.3, roles: [worker, storage] }
      """;

  private static final String CALICO =
      """
      cluster:
        name: lab
        distribution: k3s
        version: v1.36.4+k3s1
        network: { cni: calico }
      hosts:
        n1: { address: 10.0.0.1, roles: [control-plane] }
        n2: { address: 10.0.0.2, roles: [worker] }
      """;

  private static final String KUBEADM =
      CALICO
          .replace("k3s\n", "kubeadm\n")
          .replace("v1.36.4+k3s1", "v1.36.4")
          .replace("calico", "flannel");

  private static final String FLANNEL =
      """
      apiVersion: v1
      kind: Namespace
      metadata: { name: kube-flannel }
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: kube-flannel-cfg, namespace: kube-flannel }
      data: { net-conf.json: '{}' }
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: kube-flannel-ds, namespace: kube-flannel }
      spec:
        template:
          spec:
            containers:
              - { name: kube-flannel, args: [--ip-masq] }
      """;

  @TempDir Path directory;

  private Inventory inventory(String text) {
    return new InventoryLoader(new Surroundings(Map.of(), directory), Catalog.areas())
        .load(directory.resolve("inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  /** All its nodes are up. */
  private Fleet fleet(String text, Artifacts artifacts) throws Exception {
    var inventory = inventory(text);
    var fleet = new Fleet(directory, inventory, artifacts.desk());
    for (var host : inventory.hosts()) {
      if (Nodes.isServer(host)) {
        fleet.known(host.name(), Nodes.SERVER_UP, true).known(host.name(), Nodes.REGISTERED, true);
      } else {
        fleet.known(host.name(), Nodes.AGENT_UP, true);
      }
    }
    return fleet;
  }

  private static void converge(Fleet fleet, List<String> steps) throws Exception {
    for (var step : steps) {
      assertThat(fleet.converge(step)).as(step).isTrue();
    }
  }

  @Test
  void everyStepOfAClusterOfK3sIsInSyncAfterItsRepair() throws Exception {
    var artifacts =
        new Artifacts(directory).with("metallb/v0.16.1/any/metallb-native.yaml", Published.METALLB);
    var fleet = fleet(K3S, artifacts);
    fleet.known(new HostName("n1"), NodeAddressStep.INTERFACE, "eth0");
    fleet.controller(() -> {
      var speaker = new ObjectRef("apps/v1", "DaemonSet", Optional.of("metallb-system"), "speaker");
      if (fleet.cluster.find(speaker).isPresent()) {
        fleet.cluster.apply(webhook(), "controller", false);
      }
    });
    converge(fleet, OF_K3S);
  }

  private static Manifest webhook() {
    return Manifest.of(
        Map.of(
            "apiVersion",
            "admissionregistration.k8s.io/v1",
            "kind",
            "ValidatingWebhookConfiguration",
            "metadata",
            Map.of("name", "metallb-webhook-configuration"),
            "webhooks",
            List.of(Map.of("name", "a", "clientConfig", Map.of("caBundle", "YXV0aG9yaXR5")))));
  }

  @Test
  void everyStepOfCalicoIsInSyncAfterItsRepair() throws Exception {
    var artifacts =
        new Artifacts(directory)
            .with("calico/v3.32.1/any/operator-crds.yaml", Published.CALICO_DEFINITIONS)
            .with("calico/v3.32.1/any/tigera-operator.yaml", Published.CALICO_OPERATOR);
    var fleet = fleet(CALICO, artifacts);
    var installation = ObjectRef.of("operator.tigera.io/v1", "Installation", "default");
    var status = ObjectRef.of("operator.tigera.io/v1", "TigeraStatus", "calico");
    fleet.controller(() -> {
      if (fleet.cluster.find(installation).isPresent()) {
        fleet.cluster.apply(Published.object(status, "spec", Map.of()), "operator", false);
        fleet.cluster.status(
            status, Map.of("conditions", List.of(Map.of("type", "Available", "status", "True"))));
      }
    });
    converge(fleet, OF_CALICO);
  }

  /** What spreads the pods of CoreDNS is that one is made again, as its ReplicaSet does. */
  @Test
  void everyStepOfAClusterOfKubeadmIsInSyncAfterItsRepair() throws Exception {
    var artifacts = new Artifacts(directory).with("flannel/v0.28.9/any/kube-flannel.yml", FLANNEL);
    var fleet = fleet(KUBEADM, artifacts);
    fleet.cluster.apply(
        Published.object(
            new ObjectRef("apps/v1", "Deployment", Optional.of("kube-system"), "coredns"),
            "spec",
            Map.of("replicas", 2)),
        "kubeadm",
        false);
    for (var name : List.of("coredns-a", "coredns-b")) {
      fleet.cluster.apply(pod(name, "n1"), "kubelet", false);
    }
    fleet.controller(() -> {
      var gone = fleet.cluster.refs().stream().filter(it -> it.kind().equals("Pod")).count() < 2;
      if (gone) {
        fleet.cluster.apply(pod("coredns-c", "n2"), "kubelet", false);
      }
    });
    converge(fleet, OF_KUBEADM);
    assertThat(fleet.cluster.refs())
        .extracting(ObjectRef::name)
        .contains("coredns-c")
        .doesNotContain("coredns-b");
  }

  private static Manifest pod(String name, String node) {
    return Manifest.of(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "metadata",
            Map.of(
                "name", name, "namespace", "kube-system", "labels", Map.of("k8s-app", "kube-dns")),
            "spec",
            Map.of("nodeName", node)));
  }
}
