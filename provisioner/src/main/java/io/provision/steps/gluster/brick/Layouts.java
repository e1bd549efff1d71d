package io.provision.steps.gluster.brick;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Removals;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.PoolView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The layout of every volume that the inventory declares. All that make bricks, volumes or room for
 * them take it from here: whoever came to another one would put a brick where nobody looks for it.
 *
 * @param byVolume in the order of the inventory
 */
public record Layouts(Map<GlusterVolume, Layout> byVolume) {

  /** By what the pool says of its volumes: the same on every host. */
  public static Layouts of(Inventory inventory, PoolView view, Removals removals) {
    return of(inventory, view, removals, view::volume);
  }

  /** By what a host said of them just now, such as the one that acts for all. */
  public static Layouts of(
      Inventory inventory, PoolView view, Removals removals, List<VolumeInfo> volumes) {
    return of(inventory, view, removals, name -> VolumeInfo.find(volumes, name));
  }

  /** Of volumes that are not there yet. */
  static Layouts ofNone(Inventory inventory) {
    var storage = storage(inventory);
    var layouts = new LinkedHashMap<GlusterVolume, Layout>();
    for (var volume : DeclaredStorage.volumes(inventory)) {
      layouts.put(volume, Layout.of(volume, storage, List.of()));
    }
    return new Layouts(layouts);
  }

  private static Layouts of(
      Inventory inventory,
      PoolView view,
      Removals removals,
      Function<String, Optional<VolumeInfo>> live) {
    var storage = storage(inventory);
    var layouts = new LinkedHashMap<GlusterVolume, Layout>();
    for (var volume : DeclaredStorage.volumes(inventory)) {
      layouts.put(volume, Layout.of(volume, storage, live.apply(volume.name()), view, removals));
    }
    return new Layouts(layouts);
  }

  private static List<HostName> storage(Inventory inventory) {
    return PoolView.names(DeclaredStorage.storage(inventory));
  }

  /** That of one of these volumes. */
  public Layout of(GlusterVolume volume) {
    var layout = byVolume.get(volume);
    if (layout == null) {
      throw new IllegalStateException("not a volume of the inventory: " + volume.name());
    }
    return layout;
  }

  /** By the names of their volumes. */
  public Map<String, Layout> byName() {
    var named = new LinkedHashMap<String, Layout>();
    byVolume.forEach((volume, layout) -> named.put(volume.name(), layout));
    return named;
  }
}
