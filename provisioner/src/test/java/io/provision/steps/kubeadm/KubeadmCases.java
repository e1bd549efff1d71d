package io.provision.steps.kubeadm;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A cluster of kubeadm, and what its hosts answer. */
public final class KubeadmCases {
  /** What a control plane says that was begun to the end, and answers. */
  public static final String LIVES =
      """
      arch=x86_64
      version=v1.36.2
      member=yes
      left=admin.conf
      left=kubelet.conf
      left=manifests/kube-apiserver.yaml
      left=pki/ca.crt
      authority=%s
      server=https://api.home.internal:6443
      cluster=home
      configured=yes
      ready=yes
      """
          .formatted("a".repeat(64));

  /** What a worker says that has joined. */
  public static final String JOINED =
      """
      arch=x86_64
      version=v1.36.2
      left=kubelet.conf
      left=pki/ca.crt
      authority=%s
      server=https://api.home.internal:6443
      cluster=default-cluster
      configured=yes
      """
          .formatted("a".repeat(64));

  /** Of an authority, as a host tells it. */
  static final String CERTIFICATE =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJmakNDQVNPZ0F3SUJBZ0lVQkZYK2k0"
          + "Z05xQ2R2ejVJaDNkdnNQaU55MkZVd0NnWUlLb1pJemowRUF3SXcKRkRFU01CQUdBMVVFQXd3"
          + "SmNISnZkbWx6YVc5dU1CNFhEVEkyTVRFeU9ERXpNVFF6TlZvWERUSTNNVEV5T0RFegpNVFF6"
          + "TlZvd0ZERVNNQkFHQTFVRUF3d0pjSEp2ZG1semFXOXVNRmt3RXdZSEtvWkl6ajBDQVFZSUtv"
          + "Wkl6ajBECkFRY0RRZ0FFWDlKbWJXRzF1VUg2NjkvVHk5aVg0VXN0RThtVlo1Njl2OTJMdTJM"
          + "QWpSZDNoVDdKdERZRmZVekwKN1dnaFRqbUs5QmdTOUwzTm5uRVZ4Zy96LzJUWExLTlRNRkV3"
          + "SFFZRFZSME9CQllFRkxFQ0FqZGJrWTlIeGR5bgpFTVA2djhIc081SDVNQjhHQTFVZEl3UVlN"
          + "QmFBRkxFQ0FqZGJrWTlIeGR5bkVNUDZ2OEhzTzVINU1BOEdBMVVkCkV3RUIvd1FGTUFNQkFm"
          + "OHdDZ1lJS29aSXpqMEVBd0lEU1FBd1JnSWhBTm1xaWRuUERVL2FSYVVURDVXYUhrVHgKUVZ0"
          + "QzYxZndNcGQ5aW9wYStIYmNBaUVBd1RUZlo1VGlrcXV6YjNubkFycldUakZjRTdkMDJBRXdu"
          + "V3hlbmtXYgppUGM9Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K";

  /** What people can compare it by. */
  static final String KEY =
      "sha256:84ad70408f27ab651ebf3ec0bb1beb60784f924f91368b8fd28e9acd1b899173";

  static final String BARE = "arch=x86_64\n";

  private KubeadmCases() {}

  public static Inventory inventory(String more) {
    return inventory("v1.36.2", more);
  }

  /** Of another version. */
  public static Inventory inventory(String version, String more) {
    var text =
        """
        cluster:
          name: home
          distribution: kubeadm
          version: %s
        %s
        hosts:
          cp1: { address: 10.0.0.1, node_address: 10.0.0.1, roles: [control-plane] }
          cp2: { address: 10.0.0.2, node_address: 10.0.0.2, roles: [control-plane] }
          cp3: { address: 10.0.0.3, node_address: 10.0.0.3, roles: [control-plane] }
          w1: { address: 10.0.0.4, node_address: 10.0.0.4, roles: [worker] }
        """
            .formatted(version, more.indent(2).stripTrailing());
    return loaded(text);
  }

  /** With so many workers. */
  static Inventory ofWorkers(int count) {
    var text =
        new StringBuilder(
            """
            cluster: { name: home, distribution: kubeadm, version: v1.36.2 }
            hosts:
              cp1: { address: 10.0.0.1, roles: [control-plane] }
            """);
    for (var number = 1; number <= count; number++) {
      text.append("  w%d: { address: 10.0.1.%d, roles: [worker] }\n".formatted(number, number));
    }
    return loaded(text.toString());
  }

  /** What such a file says. */
  static Inventory inventoryOf(String text) {
    return loaded(text);
  }

  private static Inventory loaded(String text) {
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas())
        .load(Path.of("home.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  public static Host host(String name, Inventory inventory) {
    return inventory.hosts().stream()
        .filter(host -> host.name().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  public static Target.OnHost on(String name, Inventory inventory) {
    return new Target.OnHost(host(name, inventory), inventory);
  }

  /**
   * Those of a host that is where the inventory says, in a cluster whose API has its usual name.
   */
  static KubeadmFiles files(Target.OnHost target) {
    return new KubeadmFiles(
        target,
        io.provision.model.NodeAddress.parse(target.host().address().value()),
        io.provision.steps.kubeadm.names.ApiName.of(target.cluster()));
  }
}
