package io.provision.steps.gluster.pool;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import java.util.List;

/** What the inventory declares of storage, and whom it concerns. */
public final class DeclaredStorage {
  public static final Check.Skipped NO_VOLUMES =
      new Check.Skipped("the inventory has no gluster volumes");

  private DeclaredStorage() {}

  /** The volumes that the inventory declares. */
  public static List<GlusterVolume> volumes(Inventory inventory) {
    return inventory.cluster().map(it -> GlusterStorage.of(it).volumes()).orElse(List.of());
  }

  public static List<Host> storage(Inventory inventory) {
    return inventory.with(Role.STORAGE);
  }

  /** Whether there is anything to do here for GlusterFS as a server. */
  public static boolean concerns(Target.OnHost target) {
    return target.host().is(Role.STORAGE) && !volumes(target.inventory()).isEmpty();
  }

  /** Whether this host is to mount it. */
  public static boolean mounts(GlusterVolume volume, Host host) {
    return volume.mount().isPresent()
        && (volume.mountOn().isEmpty() || volume.mountOn().contains(host.name()));
  }
}
