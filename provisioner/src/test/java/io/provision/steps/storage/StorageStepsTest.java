package io.provision.steps.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.ClusterChange;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.comparison.Comparison;
import io.provision.kube.comparison.Previews;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageStepsTest {
  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
  private static final Step<Target.OnCluster> CLASSES = new GlusterStorageClass(false);
  private static final Step<Target.OnCluster> VOLUMES = new GlusterPersistentVolumes(false);

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: reader }
      spec:
        containers:
          - name: it
            image: busybox
            env: [{ name: SELF, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]
      """;

  @TempDir Path directory;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);

  @Test
  void aClassComesWithAProvisionerOfItsOwnOnTheMount() throws Exception {
    var inventory = inventory("storage_class: fast");
    converge(CLASSES, inventory);
    assertThat(cluster.refs())
        .extracting(ObjectRef::toString)
        .containsExactlyInAnyOrder(
            "Namespace gluster-storage",
            "ServiceAccount gluster-storage/fast-provisioner",
            "Role gluster-storage/fast-provisioner",
            "RoleBinding gluster-storage/fast-provisioner",
            "ClusterRole provision:fast-provisioner",
            "ClusterRoleBinding provision:fast-provisioner",
            "ConfigMap gluster-storage/fast-provisioner",
            "Deployment gluster-storage/fast-provisioner",
            "StorageClass fast");
    assertThat(live("StorageClass fast").content())
        .containsEntry("provisioner", "provision.io/fast")
        .containsEntry("volumeBindingMode", "Immediate");
    assertThat(live("ConfigMap gluster-storage/fast-provisioner").content().toString())
        .contains("\"sharedFileSystemPath\": \"/mnt/v\"", ".provision-volume");
    assertThat(live("Deployment gluster-storage/fast-provisioner").content().toString())
        .contains("image=rancher/local-path-provisioner:v0.0.37");
    assertThat(check(CLASSES, inventory)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void imagesOfTheInventoryReplaceTheUsualOnes() throws Exception {
    var text =
        inventory("storage_class: fast", "images: { provisioner: mine/lpp:v1, helper: sh:2 }");
    converge(CLASSES, text);
    assertThat(live("Deployment gluster-storage/fast-provisioner").content().toString())
        .contains("image=mine/lpp:v1", "--helper-image=sh:2");
  }

  @Test
  void aClassThatIsTheDefaultTakesThatFromTheOneOfK3sAndGivesItBack() throws Exception {
    classOf("local-path", "rancher.io/local-path", "deploy@n1", "true");
    converge(CLASSES, inventory("storage_class: fast"));
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("true");
    assertThat(Comparison.isOurs(live("StorageClass local-path"))).isFalse();

    converge(CLASSES, inventory("storage_class: fast, default_class: true"));
    assertThat(live("StorageClass fast").annotation(DEFAULT)).hasValue("true");
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("false");

    converge(CLASSES, inventory("storage_class: fast"));
    assertThat(live("StorageClass fast").annotation(DEFAULT)).hasValue("false");
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("true");
  }

  @Test
  void whatK3sHasStillToMakeIsWaitedForBeforeAnythingIsSaidOfTheDefault() throws Exception {
    var inventory = inventory("storage_class: fast, default_class: true");
    assertThat(comingOf(inventory)).as("a new cluster").contains("local-path");
    addonOf("coredns", "1f");
    assertThat(comingOf(inventory)).as("it is at the manifests before").contains("local-path");
    addonOf("local-storage", "");
    assertThat(comingOf(inventory)).as("it is at the class").contains("local-path");
    addonOf("local-storage", "2e");
    classOf("local-path", "rancher.io/local-path", "deploy@n1", "true");
    var drift = (Check.Drift) seen(CLASSES, inventory);
    assertThat(drift.changes())
        .extracting(Change::subject)
        .contains("StorageClass fast", "StorageClass local-path");
  }

  @Test
  void aClassThatK3sDoesNotMakeIsNotWaitedFor() throws Exception {
    assertThat(seen(CLASSES, inventory("storage_class: fast")))
        .as("the default stays with k3s")
        .isInstanceOf(Check.Drift.class);
    var inventory = inventory("storage_class: fast, default_class: true");
    addonOf("rolebindings", "1f");
    assertThat(seen(CLASSES, inventory)).as("disabled").isInstanceOf(Check.Drift.class);
    addonOf("local-storage", "2e");
    assertThat(seen(CLASSES, inventory)).as("deleted by a person").isInstanceOf(Check.Drift.class);
  }

  @Test
  void nothingOfK3sIsAskedOrWaitedForInAClusterThatHasNone() throws Exception {
    var inventory =
        load(
            """
            cluster:
              name: x
              distribution: kubeadm
              version: v1.36.4
              storage:
                gluster:
                  volumes:
                    - name: v
                      replica: 3
                      brick: /data/v
                      mount: /mnt/v
                      storage_class: fast
                      default_class: true
            """);
    assertThat(CLASSES.probes(new Target.OnCluster(inventory)).cluster().toString())
        .contains("storage.k8s.io")
        .doesNotContain("cattle");
    assertThat(seen(CLASSES, inventory)).isInstanceOf(Check.Drift.class);
  }

  @Test
  void anotherDefaultClassIsNamedAndNothingIsDone() throws Exception {
    classOf("theirs", "example.org/csi", "helm", "true");
    var check = check(CLASSES, inventory("storage_class: fast, default_class: true"));
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("StorageClass theirs is the default class"));
    assertThat(check(CLASSES, inventory("storage_class: fast"))).isInstanceOf(Check.Drift.class);
  }

  @Test
  void aClassOfThatNameAndAnotherProvisionerIsLeftAlone() throws Exception {
    classOf("fast", "example.org/csi", "helm", "false");
    assertThat(check(CLASSES, inventory("storage_class: fast")))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("example.org/csi"));
  }

  @Test
  void aDeclaredVolumeIsADirectoryThatMustBeThereAlready() throws Exception {
    var inventory =
        inventory(
            "mount_on: [n1, n2], persistent_volumes: [{ name: photos, size: 1Gi, path: a/b,"
                + " storage_class: x, access_modes: ReadOnlyMany }]");
    converge(VOLUMES, inventory);
    var text = live("PersistentVolume photos").content().toString();
    assertThat(text)
        .contains("path=/mnt/v/a/b", "type=Directory", "persistentVolumeReclaimPolicy=Retain")
        .contains("storageClassName=x", "accessModes=[ReadOnlyMany]", "values=[n1, n2]");
    assertThat(check(VOLUMES, inventory)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void objectsOfTheRemovedPluginAreRefusedByNameAllAtOnce() throws Exception {
    var file =
        write(
            "bad.yml",
            """
            { apiVersion: v1, kind: PersistentVolume, metadata: { name: old },
              spec: { glusterfs: { endpoints: e, path: p } } }
            ---
            { apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: heketi },
              provisioner: kubernetes.io/glusterfs }
            ---
            apiVersion: v1
            kind: List
            items:
              - { apiVersion: apps/v1, kind: Deployment, metadata: { name: app }, spec: { template:
                  { spec: { volumes: [{ name: d, glusterfs: { endpoints: e, path: p } }] } } } }
            """);
    assertThatThrownBy(() -> new ManifestStep(file, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PersistentVolume old uses the volume plugin 'glusterfs'")
        .hasMessageContaining("StorageClass heketi uses the provisioner kubernetes.io/glusterfs")
        .hasMessageContaining("Deployment app uses the volume plugin");
  }

  @Test
  void aManifestIsAppliedAndASecretInItIsNotShown() throws Exception {
    var file =
        write(
            "mine.yml",
            """
            { apiVersion: v1, kind: Namespace, metadata: { name: app } }
            ---
            # the volume that is called glusterfs is none of the plugin's
            { apiVersion: v1, kind: ConfigMap, metadata: { name: glusterfs, namespace: app },
              data: { glusterfs: x } }
            ---
            { apiVersion: v1, kind: Secret, metadata: { name: s, namespace: app },
              stringData: { password: hunter2 } }
            """);
    var step = new ManifestStep(file, false);
    var inventory = inventory("mount_on: [n1]");
    var drift = (Check.Drift) check(step, inventory);
    assertThat(drift.changes())
        .extracting(Change::subject)
        .containsExactly("Namespace app", "ConfigMap app/glusterfs", "Secret app/s");
    assertThat(drift.changes().toString()).doesNotContain("hunter2", "aHVudGVyMg");
    assertThat(converge(step, inventory)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aPodThatReadsAFieldOfItsOwnConverges() throws Exception {
    var step = new ManifestStep(write("mine.yml", POD), false);
    var inventory = inventory("mount_on: [n1]");
    assertThat(converge(step, inventory)).isInstanceOf(Check.InSync.class);
    var applied = cluster.applied();
    assertThat(converge(step, inventory)).isInstanceOf(Check.InSync.class);
    assertThat(cluster.applied()).isEqualTo(applied);
    assertThat(api.previewed()).contains(ObjectRef.of("v1", "Pod", "reader"));
  }

  @Test
  void whereTheApiTakesNoDryRunThatIsSaidAndNothingIsAppliedAgain() throws Exception {
    var step = new ManifestStep(write("mine.yml", POD), false);
    var inventory = inventory("mount_on: [n1]");
    converge(step, inventory);
    cluster.takesNoDryRuns("admission webhook \"audit\" does not support dry run");
    assertThat(check(step, inventory))
        .isInstanceOfSatisfying(
            Check.Skipped.class,
            it -> assertThat(it.reason()).contains("Pod reader", "webhook \"audit\""));

    var other = new ManifestStep(write("mine.yml", POD.replace("metadata.name", "x")), false);
    assertThat(check(other, inventory))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .singleElement()
                    .asString()
                    .contains("# as far as can be told", "webhook \"audit\""));
  }

  @Test
  void ourOwnObjectsLeaveTheApiNothingToFillIntoAWholeValue() throws Exception {
    var inventory = inventory("storage_class: fast");
    converge(CLASSES, inventory);
    converge(VOLUMES, inventory("persistent_volumes: [{ name: photos, size: 1Gi }]"));
    converge(CLASSES, inventory);
    assertThat(live("Deployment gluster-storage/fast-provisioner").content().toString())
        .contains("fieldRef={apiVersion=v1, fieldPath=metadata.namespace}");
  }

  @Test
  void aFileThatIsNoManifestIsRefusedWithTheDocumentOrTheLine() throws Exception {
    for (var each :
        Map.of(
                "a: [", "it is not valid YAML",
                "kind: Pod", "object 1: it is not an object of Kubernetes: it has no 'apiVersion'",
                "- 1", "a document is not a mapping",
                "# nothing", "has no objects in it",
                "!!java.net.URL [x]", "it is not valid YAML")
            .entrySet()) {
      var file = write("it.yml", each.getKey());
      assertThatThrownBy(() -> new ManifestStep(file, false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(each.getValue());
    }
  }

  /** Looks, repairs, looks again, as the engine does. */
  private Check converge(Step<Target.OnCluster> step, Inventory inventory) throws Exception {
    if (check(step, inventory)
        instanceof Check.Drift(var changes, Repair.OnCluster(List<ClusterChange> repairs), _)) {
      assertThat(changes).isNotEmpty();
      for (var repair : repairs) {
        api.change(repair);
      }
    }
    var after = check(step, inventory);
    assertThat(after).isNotInstanceOf(Check.Drift.class).isNotInstanceOf(Check.Refused.class);
    return after;
  }

  /** The fake's Deployments never become ready, as no node runs them. */
  private Check check(Step<Target.OnCluster> step, Inventory inventory) throws Exception {
    var check = seen(step, inventory);
    return check instanceof Check.NotYet(var awaited, _, _) && awaited.contains("available")
        ? new Check.InSync()
        : check;
  }

  private String comingOf(Inventory inventory) throws Exception {
    return ((Check.NotYet) seen(CLASSES, inventory)).awaited();
  }

  private Check seen(Step<Target.OnCluster> step, Inventory inventory) throws Exception {
    var target = new Target.OnCluster(inventory);
    var seen = new Observations.Builder();
    var answers = api.view().look(step.probes(target).cluster());
    Previews.added(api.view(), answers).forEach(seen::put);
    return step.check(target, seen.build(), Known.NOTHING);
  }

  private void addonOf(String name, String checksum) {
    var manifest =
        Manifest.of(
            Map.of(
                "apiVersion",
                "k3s.cattle.io/v1",
                "kind",
                "Addon",
                "metadata",
                Map.of("name", name, "namespace", "kube-system"),
                "spec",
                Map.of("source", "/manifests/%s.yaml".formatted(name), "checksum", checksum)));
    assertThat(cluster.apply(manifest, "deploy@n1", true)).isEmpty();
  }

  private void classOf(String name, String provisioner, String manager, String isDefault) {
    var manifest =
        Manifest.of(
            Map.of(
                "apiVersion",
                "storage.k8s.io/v1",
                "kind",
                "StorageClass",
                "metadata",
                Map.of("name", name, "annotations", Map.of(DEFAULT, isDefault)),
                "provisioner",
                provisioner));
    assertThat(cluster.apply(manifest, manager, false)).isEmpty();
  }

  private LiveObject live(String name) {
    return cluster.refs().stream()
        .filter(ref -> ref.toString().equals(name))
        .map(cluster::live)
        .findFirst()
        .orElseThrow();
  }

  private Inventory inventory(String ofVolume) throws Exception {
    return inventory(ofVolume, "images: {}");
  }

  private Inventory inventory(String ofVolume, String ofGluster) throws Exception {
    return load(
        """
        cluster:
          name: x
          distribution: k3s
          version: v1.30.0+k3s1
          storage:
            gluster:
              %s
              volumes:
                - { name: v, replica: 3, brick: /data/v, mount: /mnt/v, %s }
        """
            .formatted(ofGluster, ofVolume));
  }

  private Inventory load(String cluster) throws Exception {
    var text =
        cluster
            + """
            hosts:
              n1: { address: n1, roles: [control-plane, storage] }
              n2: { address: n2, roles: [worker, storage] }
              n3: { address: n3, roles: [worker, storage] }
            """;
    var loader = new InventoryLoader(new Surroundings(Map.of(), directory), Catalog.areas());
    return loader
        .load(directory.resolve("inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
