package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Storage classes and declared volumes on a mount, in a cluster that the same run brings up. */
class KubernetesStorageTest {
  private static final String MOUNT = "/mnt/gluster/shared";
  private static final String BRICK = "/var/lib/rancher/gluster/shared";
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String CLASS =
      "storage_class: gluster, default_class: true, persistent_volumes: [{ name: photos, size: 1Gi }]";

  @Test
  void twoNodesWriteToOneClaimAndASecondApplyChangesNothing() {
    var images =
        System.getenv().getOrDefault("PROVISION_ARTIFACTS", "") + "/local-path-provisioner";
    Assumptions.assumeTrue(Files.isDirectory(Path.of(images)), "no images at hand: " + images);
    try (var lab = Lab.of(3)) {
      var k3s = K3s.forLab(lab);
      Assumptions.assumeTrue(k3s.real(), "no k3s at hand that runs pods");
      System.out.println("KubernetesStorageTest: a claim with " + k3s.called());
      lab.nodes().forEach(node -> letPodsRun(node, k3s));
      inventory(lab, k3s, 3, lab.node(1).address(), "replica: 3", CLASS);

      lab.provision().json("apply", "cluster.yml").exits(0);
      var state = "k3s kubectl get sc,pv,cm,deploy,sa,role,clusterrole -A -o yaml | grep -v Time";
      var before = lab.node(1).sh("k3s kubectl get sc,pv,cm -A -o jsonpath='{.items[*].data}'");
      var execs = lab.nodes().stream().mapToInt(Node::execs).sum();
      var again = lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(again.total("changed")).isZero();
      assertThat(lab.nodes().stream().mapToInt(Node::execs).sum() - execs).isEqualTo(3);
      assertThat(lab.node(1).sh("k3s kubectl get sc,pv,cm -A -o jsonpath='{.items[*].data}'"))
          .isEqualTo(before);
      assertThat(lab.node(1).succeeds(state)).isTrue();

      lab.node(1).sh("k3s kubectl apply -f - <<'YAML'\n" + Checkout.resource("claim.yml") + "YAML");
      for (var writer : new String[] {"n2", "n3"}) {
        lab.node(1).await("file of " + writer, "cat %s/pvc-*/%s".formatted(MOUNT, writer));
      }
      assertThat(lab.node(1).sh("k3s kubectl get pvc both -o jsonpath={.status.phase}"))
          .isEqualTo("Bound");
      assertThat(lab.node(1).sh("k3s kubectl get sc local-path -o yaml"))
          .contains("is-default-class: \"false\"");
      fromWhereTheApiIsNotReached(lab);
    }
  }

  /** Whoever can log in can ask the API, through that login. */
  private static void fromWhereTheApiIsNotReached(Lab lab) {
    lab.node(1).sh("iptables -I INPUT -p tcp --dport 6443 -s %s -j REJECT".formatted(GATEWAY));
    for (var library : new String[] {"mina", "jsch"}) {
      var text = Checkout.text(lab.file("cluster.yml"));
      lab.write("tunnel.yml", text.replace("ssh:\n", "ssh:\n  transport: %s\n".formatted(library)));
      var result = lab.provision().json("apply", "tunnel.yml").exits(0);
      assertThat(result.total("changed")).isZero();
      assertThat(result.text()).contains("\"target\":\"(cluster)\",\"ok\":2");
    }
  }

  @Test
  void objectsAreAppliedOnceAndAPlanOnlyLooks() {
    try (var lab = Lab.of(1)) {
      var k3s = K3s.standIn(lab, "v1.36.4+k3s1");
      System.out.println("KubernetesStorageTest: objects with " + k3s.called());
      inventory(lab, k3s, 1, GATEWAY, "kind: distributed", "");
      lab.provision().json("apply", "cluster.yml").exits(0);
      inventory(lab, k3s, 1, GATEWAY, "kind: distributed", CLASS);

      var closed = lab.provision().json("plan", "cluster.yml").exits(1);
      assertThat(closed.text())
          .contains(
              "the cluster's API at https://%s:6443 does not answer"
                  .formatted(lab.node(1).address()));

      try (var api = new StandInApi(GATEWAY, lab.node(1))) {
        var plan = lab.provision().json("plan", "cluster.yml").exits(0);
        assertThat(plan.text())
            .contains("k3s to make its StorageClass local-path", "PersistentVolume photos");
        assertThat(api.changes()).isEmpty();

        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(api.changes())
            .hasSize(11)
            .contains("/apis/storage.k8s.io/v1/storageclasses/gluster", StandInApi.CLASS_OF_K3S);
        var execs = lab.node(1).execs();
        assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
        assertThat(lab.node(1).execs() - execs).isEqualTo(1);
        assertThat(api.changes()).hasSize(11);

        inventory(lab, k3s, 1, GATEWAY, "kind: distributed", "");
        assertThat(lab.provision().run("apply", "cluster.yml").exits(0).text())
            .contains("storageclass/gluster", "pv/photos");
        assertThat(api.changes()).hasSize(11);
        whatLeftIsTakenAwayByName(lab, api);
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  private static void whatLeftIsTakenAwayByName(Lab lab, StandInApi api) {
    var names = "storageclass/gluster,pv/photos";
    var plan = lab.provision().run("plan", "cluster.yml", "--remove", names).exits(0);
    assertThat(plan.text())
        .contains("Deployment gluster-storage/gluster-provisioner", "PersistentVolume photos");
    assertThat(api.changes()).hasSize(11);
    lab.provision().run("apply", "cluster.yml", "--remove", names, "--force-remove").exits(0);
    assertThat(api.changes().subList(11, api.changes().size()))
        .hasSize(10)
        .contains(
            "DELETE /apis/storage.k8s.io/v1/storageclasses/gluster",
            "DELETE /api/v1/persistentvolumes/photos",
            StandInApi.CLASS_OF_K3S)
        .noneMatch(
            it -> it.contains("/namespaces/gluster-storage") && it.endsWith("gluster-storage"));
    var again = lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(again.total("changed")).isZero();
    assertThat(again.text()).doesNotContain("storageclass/gluster");
  }

  /** Root in a lab container may not lower its OOM score, which containerd must be told. */
  private static void letPodsRun(Node node, K3s k3s) {
    var template = k3s.artifacts().resolve("k3s/%s/config.toml.tmpl".formatted(k3s.version()));
    if (Files.isRegularFile(template)) {
      var place = "/var/lib/rancher/k3s/agent/etc/containerd";
      node.sh(
          "mkdir -p %s && cat >%1$s/config.toml.tmpl <<'TMPL'\n%s\nTMPL"
              .formatted(place, Checkout.text(template)));
    }
  }

  private static void inventory(
      Lab lab, K3s k3s, int count, String endpoint, String kind, String ofVolume) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes().subList(0, count)) {
      var role = node == lab.node(1) ? "control-plane" : "worker";
      hosts.append(
          "  %s: { address: %s, roles: [%s, storage] }%n"
              .formatted(node.name(), node.address(), role));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replace("{endpoint}", endpoint)
            .replace(
                "artifacts:",
                """
                  storage: { gluster: { volumes: [
                    { name: shared, %s, brick: %s, mount: %s, %s } ] } }
                artifacts:\
                """
                    .formatted(kind, BRICK, MOUNT, ofVolume)));
  }
}
