package io.provision.steps.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageImagesTest {
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
  void onlyAStorageClassNeedsThem() throws Exception {
    assertThat(new StorageImages().isWanted(target("", ""))).isFalse();
    assertThat(new StorageImages().isWanted(target("", "storage_class: fast"))).isTrue();
  }

  private static String id(String ofGluster, String arch) throws Exception {
    return new StorageImages()
        .artifact(target(ofGluster, "storage_class: fast"), arch)
        .map(ArtifactId::toString)
        .orElse("");
  }

  private static Target target(String ofGluster, String ofVolume) throws Exception {
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
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/op")), Catalog.areas());
    return new Target.OnDesk(loader.load(file, text.getBytes(StandardCharsets.UTF_8)).inventory());
  }
}
