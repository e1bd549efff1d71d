package io.provision.steps.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterChange;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.comparison.Previews;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.render.YamlDocuments;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of storage that the inventory declares no more. */
class LeftStorageTest {
  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
  private static final Step<Target.OnCluster> CLASSES = new GlusterStorageClass(false);
  private static final Step<Target.OnCluster> VOLUMES = new GlusterPersistentVolumes(false);
  private static final String FAST = "storage_class: fast";
  private static final String PHOTOS = "persistent_volumes: [{ name: photos, size: 1Gi }]";
  private static final String NOTHING = "mount_on: [n1]";

  @TempDir Path directory;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);

  @BeforeEach
  void aClassAndAVolume() throws Exception {
    repair(CLASSES, inventory(FAST));
    repair(VOLUMES, inventory(PHOTOS));
    applied(
        "{ apiVersion: v1, kind: ConfigMap, metadata: { name: theirs, namespace: gluster-storage } }");
  }

  @Test
  void whatLeavesIsNamedAndLeftAlone() throws Exception {
    var before = cluster.refs();
    assertThat(left(CLASSES, inventory(NOTHING)).orphans())
        .containsExactly(new Orphan("storageclass", "fast"));
    assertThat(left(VOLUMES, inventory(NOTHING)).orphans())
        .containsExactly(new Orphan("pv", "photos"));
    assertThat(cluster.refs()).isEqualTo(before);
  }

  @Test
  void whatIsDeclaredDoesNotLeaveAndWhatIsNotOursIsNobodysToRemove() throws Exception {
    applied(
        "{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: theirs }, provisioner: x/y }");
    applied(
        "{ apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: x/z, metadata: { name: other,"
            + " labels: { app.kubernetes.io/managed-by: provision, app.kubernetes.io/part-of: other } } }");
    applied("{ apiVersion: v1, kind: PersistentVolume, metadata: { name: theirs } }");
    assertThat(seen(CLASSES, inventory(FAST), Known.NOTHING)).isNotInstanceOf(Check.Leaving.class);
    assertThat(seen(VOLUMES, inventory(PHOTOS), Known.NOTHING))
        .isNotInstanceOf(Check.Leaving.class);
    assertThat(left(CLASSES, inventory(NOTHING)).orphans()).hasSize(1);
    assertThat(left(VOLUMES, inventory(NOTHING)).orphans()).hasSize(1);
  }

  /** It has lost its volumes, and is still asked as long as a host has the role. */
  @Test
  void theLastVolumeOfAnInventoryLeavesItsObjectsNamed() throws Exception {
    var none = without("control-plane, storage");
    assertThat(left(CLASSES, none).orphans()).hasSize(1);
    assertThat(left(VOLUMES, none).orphans()).hasSize(1);
    var nowhere = without("control-plane");
    assertThat(CLASSES.probes(new Target.OnCluster(nowhere)).cluster()).isEmpty();
    assertThat(VOLUMES.probes(new Target.OnCluster(nowhere)).cluster()).isEmpty();
    assertThat(seen(CLASSES, nowhere, Known.NOTHING)).isInstanceOf(Check.Skipped.class);
    assertThat(seen(VOLUMES, nowhere, Known.NOTHING)).isInstanceOf(Check.Skipped.class);
    assertThat(seen(CLASSES, nowhere, asked("fast"))).isInstanceOf(Check.Leaving.class);
    assertThat(seen(VOLUMES, nowhere, asked("photos"))).isInstanceOf(Check.Leaving.class);
  }

  @Test
  void aClassGoesWithAllThatWasMadeForItAndNothingElse() throws Exception {
    repair(CLASSES, inventory("storage_class: slow", "w"));
    remove(CLASSES, inventory("storage_class: slow", "w"), "storageclass/fast");
    assertThat(cluster.refs())
        .extracting(ObjectRef::toString)
        .contains(
            "Namespace gluster-storage",
            "ConfigMap gluster-storage/theirs",
            "PersistentVolume photos",
            "StorageClass slow",
            "Deployment gluster-storage/slow-provisioner",
            "ConfigMap gluster-storage/slow-provisioner",
            "ClusterRole provision:slow-provisioner")
        .noneMatch(it -> it.contains("fast"));
    assertThat(seen(CLASSES, inventory("storage_class: slow", "w"), asked("x")))
        .isNotInstanceOf(Check.Leaving.class);
  }

  /** By the class the rest is found again, whenever a run ends. */
  @Test
  void theClassItselfGoesLast() throws Exception {
    var departure = departure(CLASSES, inventory(NOTHING), "fast");
    assertThat(departure.changes())
        .extracting(Change::subject)
        .hasSize(8)
        .startsWith("Deployment gluster-storage/fast-provisioner")
        .endsWith("StorageClass fast");
    var all = deletions(departure);
    for (var i = 0; i < all.size(); i++) {
      var rest = departure(CLASSES, inventory(NOTHING), "fast");
      assertThat(deletions(rest)).isEqualTo(all.subList(i, all.size()));
      api.change(all.get(i));
    }
    assertThat(seen(CLASSES, inventory(NOTHING), asked("fast")))
        .isNotInstanceOf(Check.Leaving.class);
  }

  @Test
  void aClassStaysWhileItsProvisionerIsNeeded() throws Exception {
    var made = volume("pvc-1", "fast", "Delete", "provision.io/fast");
    applied(made);
    assertThat(departure(CLASSES, inventory(NOTHING), "fast").removal())
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.what())
                    .contains("PersistentVolume pvc-1 of the claim apps/data", "directories"));
    applied(made.replace("Delete", "Retain"));
    assertThat(departure(CLASSES, inventory(NOTHING), "fast").removal())
        .isInstanceOf(Check.Drift.class);
    applied(volume("pvc-2", "slow", "Delete", "provision.io/slow"));
    applied(volume("pvc-3", "fast", "Delete", "other.io/fast"));
    assertThat(departure(CLASSES, inventory(NOTHING), "fast").removal())
        .isInstanceOf(Check.Drift.class);
  }

  @Test
  void aClassStaysWhileAnotherOneHasItsProvisioner() throws Exception {
    applied(
        "{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: mine }, provisioner: provision.io/fast }");
    assertThat(departure(CLASSES, inventory(NOTHING), "fast").removal())
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("StorageClass mine"));
  }

  @Test
  void theClassOfK3sIsNoDefaultBesideOneOfOthers() throws Exception {
    classOfK3s();
    repair(CLASSES, inventory("storage_class: fast, default_class: true"));
    applied(
        "{ apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: x/y, metadata: { name: theirs,"
            + " annotations: { %s: 'true' } } }".formatted(DEFAULT));
    repair(CLASSES, inventory(FAST));
    assertThat(live("StorageClass fast").annotation(DEFAULT)).hasValue("false");
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("false");
    remove(CLASSES, inventory(NOTHING), "fast");
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("false");
  }

  @Test
  void theClassOfK3sIsTheDefaultAgainOnceOursHasGone() throws Exception {
    classOfK3s();
    repair(CLASSES, inventory("storage_class: fast, default_class: true"));
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("false");
    assertThat(seen(CLASSES, inventory(NOTHING), Known.NOTHING))
        .as("two default classes would be one too many")
        .isInstanceOfSatisfying(
            Check.Leaving.class, it -> assertThat(it.rest()).isInstanceOf(Check.Skipped.class));
    remove(CLASSES, inventory(NOTHING), "fast");
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("true");
    assertThat(cluster.refs()).extracting(ObjectRef::name).doesNotContain("fast");
  }

  @Test
  void itIsNotWhereAnotherOfOursIsTheDefaultByNow() throws Exception {
    classOfK3s();
    repair(CLASSES, inventory("storage_class: fast, default_class: true"));
    var slow = inventory("storage_class: slow, default_class: true", "w");
    addonOf("rolebindings");
    repair(CLASSES, slow);
    remove(CLASSES, slow, "fast");
    assertThat(live("StorageClass slow").annotation(DEFAULT)).hasValue("true");
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("false");
  }

  @Test
  void aRunThatEndedBeforeThatIsGoneOnWith() throws Exception {
    classOfK3s();
    repair(CLASSES, inventory("storage_class: fast, default_class: true"));
    for (var deletion : deletions(departure(CLASSES, inventory(NOTHING), "fast"))) {
      if (deletion instanceof ClusterChange.Delete) {
        api.change(deletion);
      }
    }
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("false");
    repair(CLASSES, inventory(NOTHING));
    assertThat(live("StorageClass local-path").annotation(DEFAULT)).hasValue("true");
  }

  @Test
  void aVolumeThatSomebodyClaimsStays() throws Exception {
    var bound =
        "spec: { claimRef: { namespace: apps, name: data }, hostPath: { path: /mnt/v/photos } }";
    applied(
        "{ apiVersion: v1, kind: PersistentVolume, metadata: { name: photos }, %s }"
            .formatted(bound));
    applied(
        "{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: data, namespace: other } }");
    applied(
        "{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: other, namespace: apps } }");
    assertThat(departure(VOLUMES, inventory(NOTHING), "pv/photos").removal())
        .as("claims of another namespace, and of another name")
        .isInstanceOf(Check.Drift.class);
    applied(
        "{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: data, namespace: apps } }");
    assertThat(departure(VOLUMES, inventory(NOTHING), "pv/photos").removal())
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("PersistentVolumeClaim apps/data"));
  }

  @Test
  void aVolumeGoesAndItsFilesAreSaidToStay() throws Exception {
    var departure = departure(VOLUMES, inventory(NOTHING), "photos");
    assertThat(departure.aftermath()).contains("/mnt/v/photos");
    remove(VOLUMES, inventory(NOTHING), "photos");
    assertThat(cluster.refs()).extracting(ObjectRef::name).doesNotContain("photos");
  }

  @Test
  void whereTheApiDoesNotAnswerNothingLeavesAndThatIsSaid() throws Exception {
    for (var step : List.of(CLASSES, VOLUMES)) {
      var target = new Target.OnCluster(inventory(NOTHING));
      var silent = new Observations.Builder();
      step.probes(target).cluster().forEach(it -> silent.put(it, java.util.Optional.empty()));
      assertThat(step.check(target, silent.build(), Known.NOTHING))
          .isInstanceOfSatisfying(
              Check.Skipped.class,
              it -> assertThat(it.reason()).contains("could not be asked whether one was left"));
    }
  }

  private static String volume(String name, String storageClass, String reclaim, String by) {
    return """
    { apiVersion: v1, kind: PersistentVolume,
      metadata: { name: %s, annotations: { pv.kubernetes.io/provisioned-by: %s } },
      spec: { storageClassName: %s, persistentVolumeReclaimPolicy: %s,
              claimRef: { namespace: apps, name: data } } }
    """
        .formatted(name, by, storageClass, reclaim);
  }

  private void classOfK3s() {
    var manifest =
        manifest(
            "{ apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: rancher.io/local-path,"
                + " metadata: { name: local-path, annotations: { %s: 'true' } } }"
                    .formatted(DEFAULT));
    assertThat(cluster.apply(manifest, "deploy@n1", false)).isEmpty();
  }

  private void addonOf(String name) {
    applied(
        "{ apiVersion: k3s.cattle.io/v1, kind: Addon, metadata: { name: %s, namespace: kube-system } }"
            .formatted(name));
  }

  private void applied(String text) {
    assertThat(cluster.apply(manifest(text), "people", true)).isEmpty();
  }

  private static Manifest manifest(String text) {
    return Manifest.of(YamlDocuments.of("test", text).getFirst());
  }

  private Departure left(Step<Target.OnCluster> step, Inventory inventory) throws Exception {
    return departure(seen(step, inventory, Known.NOTHING));
  }

  private Departure departure(Step<Target.OnCluster> step, Inventory inventory, String word)
      throws Exception {
    return departure(seen(step, inventory, asked(word)));
  }

  private static Departure departure(Check check) {
    assertThat(check).isInstanceOf(Check.Leaving.class);
    return ((Check.Leaving) check).departures().getFirst();
  }

  private static List<ClusterChange> deletions(Departure departure) {
    return departure.removal()
            instanceof Check.Drift(_, Repair.OnCluster(List<ClusterChange> changes), _)
        ? changes
        : List.of();
  }

  private void remove(Step<Target.OnCluster> step, Inventory inventory, String word)
      throws Exception {
    for (var change : deletions(departure(step, inventory, word))) {
      api.change(change);
    }
    assertThat(seen(step, inventory, asked(word)))
        .isNotInstanceOf(Check.Leaving.class)
        .isNotInstanceOf(Check.Drift.class);
  }

  private void repair(Step<Target.OnCluster> step, Inventory inventory) throws Exception {
    if (rest(seen(step, inventory, Known.NOTHING))
        instanceof Check.Drift(_, Repair.OnCluster(List<ClusterChange> changes), _)) {
      for (var change : changes) {
        api.change(change);
      }
    }
    assertThat(rest(seen(step, inventory, Known.NOTHING))).isNotInstanceOf(Check.Drift.class);
  }

  private static Check rest(Check check) {
    return check instanceof Check.Leaving leaving ? leaving.rest() : check;
  }

  private static Known asked(String word) {
    return Known.NOTHING.asked(new Removals(Set.of(word)));
  }

  private Check seen(Step<Target.OnCluster> step, Inventory inventory, Known known)
      throws Exception {
    var target = new Target.OnCluster(inventory);
    var seen = new Observations.Builder();
    var probes = step.probes(target).and(step.probes(target, known));
    var answers = api.view().look(probes.cluster());
    Previews.added(api.view(), answers).forEach(seen::put);
    return step.check(target, seen.build(), known);
  }

  private LiveObject live(String name) {
    return cluster.refs().stream()
        .filter(ref -> ref.toString().equals(name))
        .map(cluster::live)
        .findFirst()
        .orElseThrow();
  }

  private Inventory inventory(String ofVolume) throws Exception {
    return inventory(ofVolume, "v");
  }

  private Inventory inventory(String ofVolume, String volume) throws Exception {
    return load(
        "storage: { gluster: { volumes: [{ name: %1$s, replica: 3, brick: /data/%1$s, mount: /mnt/%1$s, %2$s }] } }"
            .formatted(volume, ofVolume),
        "control-plane, storage");
  }

  private Inventory without(String roles) throws Exception {
    return load("", roles);
  }

  private Inventory load(String storage, String roles) throws Exception {
    var text =
        """
        cluster:
          name: x
          distribution: k3s
          version: v1.30.0+k3s1
          %s
        hosts:
          n1: { address: n1, roles: [%s] }
          n2: { address: n2, roles: [worker%s] }
          n3: { address: n3, roles: [worker%3$s] }
        """
            .formatted(storage, roles, roles.contains("storage") ? ", storage" : "");
    var loader = new InventoryLoader(new Surroundings(Map.of(), directory), Catalog.areas());
    return loader
        .load(directory.resolve("inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }
}
