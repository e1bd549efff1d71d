package io.provision.steps.kubernetes.encryption;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Distributions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is the same with every distribution is looked at with each of them. */
enum EncryptionCases {
  KUBEADM(new KubeadmDistribution(), "v1.36.2", ""),
  K3S(new K3sDistribution(), "v1.36.3", "+k3s1");

  final Distributions distributions;
  final KeyStore keys;
  private final String version;
  private final String ending;

  EncryptionCases(Distribution distribution, String version, String ending) {
    this.distributions = Distributions.of(List.of(distribution));
    this.keys = new KeyStore(distribution.encryption(), distribution.kubectl());
    this.version = version;
    this.ending = ending;
  }

  /** Three servers and a worker. */
  Inventory inventory(String more) {
    return inventory(version, more);
  }

  /**
   * Of another version.
   *
   * @param other of Kubernetes
   */
  Inventory inventory(String other, String more) {
    var text =
        """
        cluster:
          name: home
          distribution: %s
          version: %s
        %s
        hosts:
          cp1: { address: 10.0.0.1, node_address: 10.0.0.1, roles: [control-plane] }
          cp2: { address: 10.0.0.2, node_address: 10.0.0.2, roles: [control-plane] }
          cp3: { address: 10.0.0.3, node_address: 10.0.0.3, roles: [control-plane] }
          w1: { address: 10.0.0.4, node_address: 10.0.0.4, roles: [worker] }
        """
            .formatted(
                name().toLowerCase(java.util.Locale.ROOT),
                other + ending,
                more.indent(2).stripTrailing());
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas())
        .load(Path.of("home.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  static Host host(String name, Inventory inventory) {
    return inventory.hosts().stream()
        .filter(host -> host.name().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  Target.OnHost on(String name, String more) {
    return on(name, inventory(more));
  }

  static Target.OnHost on(String name, Inventory inventory) {
    return new Target.OnHost(host(name, inventory), inventory);
  }

  /** What is seen of an API server that reads the keys. */
  String encrypts() {
    return "member=yes\nmade=yes\noption encryption-provider-config=%s\n".formatted(keys.path());
  }

  /** What is seen of the file. */
  static FileState file(int mode) {
    return state(FileState.Type.FILE, mode, Optional.of(Sha256.of(new byte[] {1})));
  }

  /** What is seen of the folder. */
  static FileState folder() {
    return state(FileState.Type.DIRECTORY, 0700, Optional.empty());
  }

  private static FileState state(FileState.Type type, int mode, Optional<Sha256> digest) {
    return new FileState(
        type,
        false,
        new FileMode(mode),
        new FileState.Owner("root", "root", "0", "0"),
        64,
        digest,
        Optional.empty());
  }
}
