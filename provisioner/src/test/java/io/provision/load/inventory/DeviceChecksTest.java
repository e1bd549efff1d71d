package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputRefused;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DeviceChecksTest {
  private static final String ONE =
      "{ name: a, replica: 3, brick: /data/a/brick, brick_device: /dev/sdb }";

  @Test
  void eachVolumeHasADeviceAndAPlaceOfItsOwn() {
    assertThat(problems(ONE)).isEmpty();
    assertThat(
            problems(
                ONE
                    + ", { name: b, replica: 3, brick: /data/b/brick, brick_device: /dev/sdc,"
                    + " brick_devices: { n2: /dev/sdd }, file_system: ext4 }"))
        .isEmpty();
  }

  @Test
  void oneDeviceOfAHostIsNotForTwoVolumes() {
    var other =
        ", { name: b, replica: 3, brick: /data/b/brick, brick_device: /dev/sdc, brick_devices: { n2: /dev/sdb } }";
    assertThat(problems(ONE + other))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("/dev/sdb of n2 is taken"));
  }

  @Test
  void twoDevicesAreNotMountedAtOnePlace() {
    var other = ", { name: b, replica: 3, brick: /data/a/other, brick_device: /dev/sdc }";
    assertThat(problems(ONE + other))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("mounted at /data/a, too", "/data/a/b/brick"));
  }

  @Test
  void aDeviceIsNeverMountedAtTheRoot() {
    assertThat(problems("{ name: a, replica: 3, brick: /brick, brick_device: /dev/sdb }"))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("which is / here"));
  }

  @Test
  void devicesAreNamedForHostsThatHoldBricks() {
    assertThat(
            problems(
                "{ name: a, replica: 3, brick: /data/a/brick, brick_devices: { n9: /dev/sdb, m1: /dev/sdb } }"))
        .hasSize(2)
        .anySatisfy(it -> assertThat(it).contains("no host 'n9'"))
        .anySatisfy(it -> assertThat(it).contains("m1 has no role storage"));
    assertThat(problems("{ name: a, replica: 3, brick: /data/a/brick, file_system: xfs }"))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("name one"));
  }

  private static List<String> problems(String volumes) {
    var text =
        """
        cluster:
          name: lab
          distribution: none
          storage: { gluster: { volumes: [ %s ] } }
        hosts:
          n1: { address: 10.0.0.1, roles: [storage] }
          n2: { address: 10.0.0.2, roles: [storage] }
          n3: { address: 10.0.0.3, roles: [storage] }
          m1: { address: 10.0.0.4 }
        """
            .formatted(volumes);
    var loader =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas());
    try {
      loader.load(Path.of("inventory.yml"), text.getBytes(StandardCharsets.UTF_8));
      return List.of();
    } catch (InputRefused e) {
      return e.problems().stream().map(Object::toString).toList();
    }
  }
}
