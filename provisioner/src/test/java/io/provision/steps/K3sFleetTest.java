package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterException;
import io.provision.kube.ObjectRef;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.local.TestCertificates;
import io.provision.model.Inventory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of k3s on a server and an agent, from nothing to labelled nodes and a kubeconfig. */
final class K3sFleetTest {
  private static final List<String> FROM_NOTHING =
      List.of(
          "k3s-artifacts",
          "k3s-images",
          "k3s-registries",
          "k3s-token",
          "k3s-settings",
          "k3s-config",
          "k3s-settings-left",
          "k3s-binary",
          "k3s-server",
          "k3s-agent",
          "node-labels",
          "kubeconfig");

  /** Those between them that only read. */
  private static final Map<String, String> BEFORE =
      Map.of("k3s-artifacts", "k3s-state", "node-labels", "node-registered");

  /** The steps that are seen here to go from a difference to none. */
  static final List<String> STEPS =
      Stream.concat(FROM_NOTHING.stream(), Stream.of("stopped-servers", "k3s-upgrade")).toList();

  private static final String INVENTORY =
      """
      cluster:
        name: lab
        distribution: k3s
        version: v1.36.4+k3s1
        kubelet: { imageGCHighThresholdPercent: 80 }
        registries: { mirrors: { docker.io: { endpoint: [ 'https://m.example.org' ] } } }
        kubeconfig: { merge_into: %s/config, context: lab }
      hosts:
        cp1: { address: 10.0.0.1, roles: [control-plane], labels: { disk: ssd } }
        w1:
          address: 10.0.0.2
          roles: [worker]
          labels: { zone: a }
          taints: [ 'dedicated=db:NoSchedule' ]
      """;

  @TempDir Path directory;

  private static final String ALONE =
      """
      cluster: { name: lab, distribution: k3s, version: %s }
      hosts:
        cp1: { address: 10.0.0.1, roles: [control-plane] }
      """;

  private Inventory inventory(String text) {
    return new InventoryLoader(new Surroundings(Map.of(), directory), Catalog.areas())
        .load(directory.resolve("inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  private Fleet fleet(String text, String version) throws IOException {
    var inventory = inventory(text);
    var published = "k3s/%s/amd64/".formatted(version);
    var fleet =
        new Fleet(
            directory,
            inventory,
            new Artifacts(directory)
                .with(published + "k3s", "the program of " + version)
                .with(published + "images.tar.zst", "the images of " + version)
                .desk());
    var resources = Path.of("src/test/resources/fleet").toAbsolutePath();
    for (var each : inventory.hosts()) {
      var host = each.name().value();
      Files.deleteIfExists(fleet.root(host).resolve("dev/urandom"));
      fleet.file(host, "run/systemd/system/x", "").file(host, "proc/uptime", "100000.00 1.00\n");
      Files.createSymbolicLink(fleet.root(host).resolve("dev/urandom"), Path.of("/dev/urandom"));
      for (var role : List.of("server", "agent")) {
        fleet.start(
            host,
            role.equals("server") ? "k3s.service" : "k3s-agent.service",
            "role=%s kubectl='%s/kubectl'\n".formatted(role, resources) + Fleet.resource("k3s"));
      }
    }
    Files.writeString(
        fleet.shared().resolve("k3s.yaml"),
        TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));
    return fleet
        .program("systemctl")
        .program("uname", "echo x86_64")
        .program(
            "ip",
            "echo \"2: eth0    inet 10.0.0.$([ $self = cp1 ] && echo 1 || echo 2)/24 scope global eth0\"")
        .program("journalctl", "exit 0");
  }

  @Test
  void everyStepIsInSyncAfterItsRepair() throws Exception {
    var fleet = fleet(INVENTORY.formatted(directory), "v1.36.4+k3s1");
    fleet.file(
        "w1", "var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.d/50-provision.toml", "x");
    var node = Files.createDirectories(fleet.shared().resolve("api/nodes/w1"));
    Files.writeString(Files.createDirectories(node.resolve("labels")).resolve("old"), "x");
    Files.writeString(
        Files.createDirectories(node.resolve("annotations")).resolve("provision.io,owned-labels"),
        "old"); // of ours, and out of the inventory since
    assertThat(fleet.converge("node-address")).isFalse();
    for (var step : FROM_NOTHING) {
      var before = Optional.ofNullable(BEFORE.get(step));
      if (before.isPresent()) {
        assertThat(fleet.converge(before.get())).as(before.get()).isFalse();
      }
      assertThat(fleet.converge(step)).as(step).isTrue();
    }
    Files.writeString(fleet.root("cp1").resolve("systemd/k3s.service.active"), "inactive");
    assertThat(fleet.converge("k3s-state")).isFalse();
    assertThat(fleet.converge("stopped-servers")).isTrue();
    assertThat(fleet.strange()).isEmpty();
    assertThat(fleet.shared().resolve("api/nodes/w1/labels/zone")).content().isEqualTo("a");
    assertThat(directory.resolve("config")).content().contains("https://10.0.0.1:6443");
  }

  @Test
  void anOlderServerIsInSyncAfterItsUpgrade() throws Exception {
    for (var version : List.of("v1.36.3+k3s1", "v1.36.4+k3s1")) {
      var fleet = fleet(ALONE.formatted(version), version);
      fleet.nodes.node("cp1");
      fleet.controller(() -> reports(fleet));
      for (var step :
          List.of("node-address", "k3s-state", "k3s-artifacts", "k3s-token", "k3s-config")) {
        fleet.converge(step);
      }
      var isLater = version.equals("v1.36.4+k3s1");
      assertThat(fleet.converge("k3s-upgrade")).isEqualTo(isLater);
      assertThat(fleet.converge("k3s-binary")).isEqualTo(!isLater);
      assertThat(fleet.converge("k3s-server")).isEqualTo(!isLater);
      assertThat(fleet.strange()).isEmpty();
    }
  }

  /** As its kubelet says it, which is of the program that its unit was started with. */
  private static void reports(Fleet fleet) {
    try {
      var version = Files.readString(fleet.root("cp1").resolve("etc/rancher/k3s/version")).strip();
      fleet.nodes.merge(
          ObjectRef.of("v1", "Node", "cp1"),
          Map.of(
              "status",
              Map.of(
                  "nodeInfo", Map.of("kubeletVersion", version),
                  "conditions", List.of(Map.of("type", "Ready", "status", "True")))));
    } catch (IOException | ClusterException e) {
      throw new IllegalStateException(e);
    }
  }
}
