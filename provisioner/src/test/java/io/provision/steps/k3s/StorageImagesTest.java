package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.Cases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StorageImagesTest {
  private static final ArtifactId AMD =
      new ArtifactId("local-path-provisioner", "v0.0.37", "amd64", "images.tar");

  @Test
  void imagesAreNamedByTheProvisionersImageAndItsTag() throws Exception {
    assertThat(id("", "amd64")).isEqualTo("local-path-provisioner/v0.0.37/amd64/images.tar");
    assertThat(id("images: { provisioner: \"r.example:5000/x/lpp:v9\" }", "arm64"))
        .isEqualTo("lpp/v9/arm64/images.tar");
    assertThat(id("images: { provisioner: lpp }", "amd64")).isEmpty();
    var digest = "images: { provisioner: \"lpp:v1@sha256:%s\" }".formatted("a".repeat(64));
    assertThat(id(digest, "amd64")).isEmpty();
  }

  @Test
  void whatTheOperatorOffersIsPinnedAndThenSeen() throws Exception {
    var offered = desk(Set.of(AMD), Map.of());
    assertThat(offered)
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .extracting(Change::subject)
                    .containsExactly("local-path-provisioner/v0.0.37/amd64/images.tar"));
    assertThat(desk(Set.of(AMD), Map.of(AMD.toString(), Cases.DIGEST)))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(
                        StorageImages.DIGESTS,
                        new Digests(Map.of(), Map.of("amd64", Cases.DIGEST))));
    assertThat(desk(Set.of(), Map.of())).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void aNodeGetsThemOnceAndTakesThemInBeforeTheyAreInTheirPlace() throws Exception {
    assertThat(node("", Map.of("amd64", Cases.DIGEST)))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> {
              var scripts = ((Repair.OnHost) it.repair()).scripts();
              assertThat(scripts)
                  .extracting(script -> script.call().function().name())
                  .containsExactly("push_file", "take_in_images");
              assertThat(scripts.getFirst().call().arguments()).doesNotContain(StorageImages.PLACE);
            });
    var there =
        "81a4 root root 0 0 9 %s\n\n\n%s  %1$s\n\n"
            .formatted(StorageImages.PLACE, Cases.DIGEST.hex());
    assertThat(node(there, Map.of("amd64", Cases.DIGEST))).isInstanceOf(Check.InSync.class);
    assertThat(node("", Map.of("arm64", Cases.DIGEST))).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void aClusterWithoutStorageClassesIsAskedNothing() throws Exception {
    var inventory = inventory("", "");
    var host = inventory.hosts().getFirst();
    assertThat(new K3sStorageImages().probes(Cases.on(host, inventory))).isEqualTo(Probes.NONE);
    assertThat(new K3sStorageArtifacts().probes(new Target.OnDesk(inventory)))
        .isEqualTo(Probes.NONE);
  }

  private static String id(String ofGluster, String arch) throws Exception {
    var target = new Target.OnDesk(inventory(ofGluster, "storage_class: fast"));
    return StorageImages.artifact(target, arch).map(ArtifactId::toString).orElse("");
  }

  private static Check desk(Set<ArtifactId> offered, Map<String, Sha256> pins) throws Exception {
    var target = new Target.OnDesk(inventory("", "storage_class: fast"));
    var step = new K3sStorageArtifacts();
    var seen = new Observations.Builder();
    for (var question : step.probes(target).desk()) {
      switch (question) {
        case DeskQuestion.Offered it -> seen.put(it, offered);
        case DeskQuestion.Pins it -> seen.put(it, pins);
        case DeskQuestion.Lying it -> seen.put(it, Map.of());
        case DeskQuestion.Published it -> seen.put(it, Map.of());
        case DeskQuestion.KubeconfigEntry it -> throw new IllegalStateException(it.toString());
        case DeskQuestion.Text it -> throw new IllegalStateException(it.toString());
      }
    }
    return step.check(target, seen.build(), Known.NOTHING);
  }

  private static Check node(String files, Map<String, Sha256> pinned) throws Exception {
    var inventory = inventory("", "storage_class: fast");
    var seen =
        new Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics("arch=x86_64"))
            .put(Files.at(StorageImages.PLACE), Cases.read(Files.at(StorageImages.PLACE), files))
            .build();
    var known = K3sCases.settled().atDesk(StorageImages.DIGESTS, new Digests(Map.of(), pinned));
    var target = Cases.on(inventory.hosts().getFirst(), inventory);
    return new K3sStorageImages().check(target, seen, known);
  }

  private static Inventory inventory(String ofGluster, String ofVolume) throws Exception {
    var text =
        """
        cluster:
          name: x
          distribution: k3s
          version: v1.30.0+k3s1
          storage:
            gluster:
              volumes: [{ name: v, kind: distributed, brick: /data/v, mount: /mnt/v, %s }]
              %s
        hosts:
          n1: { address: n1, roles: [control-plane, storage] }
        """
            .formatted(ofVolume, ofGluster);
    var file = Path.of("/inv/inventory.yml");
    var loader =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/op")), Catalog.sections());
    return loader.load(file, text.getBytes(StandardCharsets.UTF_8)).inventory();
  }
}
