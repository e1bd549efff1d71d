package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.pool.GlusterLook;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a look can tell is refused before anything is installed. */
final class RootBricksTest {
  private static final String SHARED = "{ name: shared, replica: 3, brick: /data/gluster/shared }";

  @Test
  void aBrickOnTheRootFileSystemIsRefusedBeforeThePackagesAreInstalled() {
    var inventory = Declared.inventory(4, SHARED);
    var target = target(inventory, 0);
    var seen =
        new Observations.Builder()
            .put(GlusterLook.UUID, "")
            .put(question(inventory), at("/"))
            .build();
    assertThat(new GlusterServer().check(target, seen, Known.NOTHING))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.what()).contains("/data/gluster/shared is on the root file system"));
    assertThat(refusal(target, "", "/data")).isEmpty();
    assertThat(refusal(target, "a-uuid", "/")).as("in a pool already").isEmpty();
  }

  @Test
  void whoGetsNoBrickOrMayOrHasADeviceForItIsNotRefused() {
    assertThat(refusal(target(Declared.inventory(4, SHARED), 3), "", "/")).isEmpty();
    for (var key : java.util.List.of("allow_root: true", "brick_device: /dev/disk/by-id/x")) {
      var inventory = Declared.inventory(3, SHARED.replace(" }", ", " + key + " }"));
      assertThat(refusal(target(inventory, 0), "", "/")).as(key).isEmpty();
    }
  }

  private static Optional<Check> refusal(Target.OnHost target, String uuid, String mount) {
    var seen =
        new Observations.Builder()
            .put(GlusterLook.UUID, uuid)
            .put(question(target.inventory()), at(mount))
            .build();
    return RootBricks.refusal(target, seen);
  }

  private static io.provision.step.Question<BrickState> question(Inventory inventory) {
    return GlusterBrick.question(
        GlusterStorage.of(inventory.cluster().orElseThrow()).volumes().getFirst());
  }

  private static BrickState at(String mount) {
    return new BrickState(mount, false, false, "", false, "", false, "", "", false);
  }

  private static Target.OnHost target(Inventory inventory, int index) {
    return new Target.OnHost(inventory.hosts().get(index), inventory);
  }
}
