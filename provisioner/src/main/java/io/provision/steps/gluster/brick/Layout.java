package io.provision.steps.gluster.brick;

import io.provision.model.HostName;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.PoolView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which hosts hold bricks of a volume. Sets that exist never move; storage hosts without a brick
 * form further whole sets in the order of the inventory; those left over have none.
 *
 * @param present hosts of the bricks there are, in their order
 * @param added hosts of bricks that are to be added, whole sets
 * @param leftOver storage hosts too few for a set
 * @param successors who takes over a brick of a host that has left and is to be removed
 */
public record Layout(
    List<HostName> present,
    List<HostName> added,
    List<HostName> leftOver,
    Map<VolumeInfo.Brick, HostName> successors) {
  public Layout {
    successors = Collections.unmodifiableMap(new LinkedHashMap<>(successors));
    present = List.copyOf(present);
    added = List.copyOf(added);
    leftOver = List.copyOf(leftOver);
  }

  /**
   * @param present hosts of the bricks there are; empty for a volume that is not there yet
   */
  public static Layout of(GlusterVolume wanted, List<HostName> storage, List<HostName> present) {
    var free = new ArrayList<>(new LinkedHashSet<>(storage));
    free.removeAll(present);
    var whole = free.size() - free.size() % wanted.replica();
    return new Layout(present, free.subList(0, whole), free.subList(whole, free.size()), Map.of());
  }

  /** The same, where the first free hosts take over these bricks before further sets are formed. */
  private static Layout of(
      GlusterVolume wanted,
      List<HostName> storage,
      List<HostName> present,
      List<VolumeInfo.Brick> orphans) {
    var free = new ArrayList<>(new LinkedHashSet<>(storage));
    free.removeAll(present);
    var successors = new LinkedHashMap<VolumeInfo.Brick, HostName>();
    for (var at = 0; at < Math.min(orphans.size(), free.size()); at++) {
      successors.put(orphans.get(at), free.get(at));
    }
    var rest = new ArrayList<>(storage);
    rest.removeAll(successors.values());
    var plain = of(wanted, rest, present);
    return new Layout(plain.present(), plain.added(), plain.leftOver(), successors);
  }

  /** As {@link #of}, with what the pool says of the volume. */
  public static Layout of(
      GlusterVolume wanted,
      List<HostName> storage,
      Optional<VolumeInfo> volume,
      PoolView view,
      Removals asked) {
    var present =
        volume.map(VolumeInfo::bricks).orElse(List.of()).stream()
            .flatMap(brick -> view.named(brick.uuid()).or(() -> byName(brick, storage)).stream())
            .toList();
    var orphans =
        volume.stream()
            .flatMap(it -> it.sets().stream())
            .flatMap(set -> orphans(set, storage, view, asked).stream())
            .toList();
    return of(wanted, storage, present, orphans);
  }

  /**
   * Bricks whose hosts have left and are to be removed, in a set that does not leave as a whole.
   */
  private static List<VolumeInfo.Brick> orphans(
      List<VolumeInfo.Brick> set, List<HostName> storage, PoolView view, Removals asked) {
    var orphans =
        set.stream()
            .filter(brick -> view.named(brick.uuid()).or(() -> byName(brick, storage)).isEmpty())
            .filter(brick -> asked.ask(Orphan.host(brick.host())))
            .toList();
    return orphans.size() == set.size() ? List.of() : orphans;
  }

  /** A brick of a host that was not reached is found by its name. */
  private static Optional<HostName> byName(VolumeInfo.Brick brick, List<HostName> storage) {
    return storage.stream().filter(name -> name.value().equals(brick.host())).findFirst();
  }

  List<HostName> all() {
    return Stream.of(present, added, successors.values()).flatMap(Collection::stream).toList();
  }
}
