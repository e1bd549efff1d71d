package io.provision.steps.gluster;

import io.provision.model.GlusterVolume;
import io.provision.model.HostName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which hosts hold bricks of a volume. Sets that exist never move; storage hosts without a brick
 * form further whole sets in the order of the inventory; those left over have none.
 *
 * @param present hosts of the bricks there are, in their order
 * @param added hosts of bricks that are to be added, whole sets
 * @param leftOver storage hosts too few for a set
 */
record Layout(List<HostName> present, List<HostName> added, List<HostName> leftOver) {
  Layout {
    present = List.copyOf(present);
    added = List.copyOf(added);
    leftOver = List.copyOf(leftOver);
  }

  /**
   * @param present hosts of the bricks there are; empty for a volume that is not there yet
   */
  static Layout of(GlusterVolume wanted, List<HostName> storage, List<HostName> present) {
    var free = new ArrayList<>(new LinkedHashSet<>(storage));
    free.removeAll(present);
    var whole = free.size() - free.size() % wanted.replica();
    return new Layout(present, free.subList(0, whole), free.subList(whole, free.size()));
  }

  /** As {@link #of}, with what the pool says of the volume. */
  static Layout of(
      GlusterVolume wanted, List<HostName> storage, Optional<Volume> volume, PoolView view) {
    var present =
        volume.map(Volume::bricks).orElse(List.of()).stream()
            .flatMap(brick -> view.named(brick.uuid()).or(() -> byName(brick, storage)).stream())
            .toList();
    return of(wanted, storage, present);
  }

  /** A brick of a host that was not reached is found by its name. */
  private static Optional<HostName> byName(Volume.Brick brick, List<HostName> storage) {
    return storage.stream().filter(name -> name.value().equals(brick.host())).findFirst();
  }

  List<HostName> all() {
    return Stream.concat(present.stream(), added.stream()).toList();
  }
}
