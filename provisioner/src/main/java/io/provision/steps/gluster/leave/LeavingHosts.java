package io.provision.steps.gluster.leave;

import io.provision.model.Inventory;
import io.provision.step.Departure;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.WayBack;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Hosts that leave the pool: which of them go together, and as what a plan shows that. */
final class LeavingHosts {
  private LeavingHosts() {}

  static Departure departure(GlusterShrink shrink, Inventory inventory) {
    var names = shrink.hosts().stream().map(Pool.Peer::name).toList();
    return new Departure(
        names.stream().map(Orphan::host).collect(Collectors.toUnmodifiableSet()),
        shrink.changes(),
        shrink.removal(),
        shrink.begun(),
        WayBack.ofHosts(names),
        lost(names, inventory));
  }

  /** What the inventory took from those that it still names; empty where it names none. */
  static String lost(List<String> names, Inventory inventory) {
    var declared =
        inventory.hosts().stream().map(host -> host.name().value()).collect(Collectors.toSet());
    return names.stream().noneMatch(declared::contains)
        ? ""
        : names.stream()
            .map(name ->
                name + (declared.contains(name) ? " lost the role storage" : " left the inventory"))
            .collect(Collectors.joining(", "));
  }

  /**
   * Who leaves with whom: all that were asked for together; of the others those whose bricks are a
   * whole set.
   */
  static List<List<Pool.Peer>> groups(
      List<Pool.Peer> gone, List<VolumeInfo> volumes, Removals asked) {
    var groups = new ArrayList<List<Pool.Peer>>();
    var together = gone.stream().filter(peer -> asked.ask(Orphan.host(peer.name()))).toList();
    if (!together.isEmpty()) {
      groups.add(together);
    }
    var open = new ArrayList<>(gone);
    open.removeAll(together);
    while (!open.isEmpty()) {
      var group = new LinkedHashSet<Pool.Peer>(List.of(open.getFirst()));
      var before = 0;
      while (group.size() > before) {
        before = group.size();
        volumes.stream()
            .flatMap(volume -> volume.sets().stream())
            .filter(set -> set.stream().allMatch(brick -> holder(brick, open).isPresent()))
            .filter(set -> set.stream().anyMatch(brick -> group.contains(peer(brick, open))))
            .forEach(set -> set.forEach(brick -> group.add(peer(brick, open))));
      }
      open.removeAll(group);
      groups.add(List.copyOf(group));
    }
    return groups;
  }

  private static Optional<Pool.Peer> holder(VolumeInfo.Brick brick, List<Pool.Peer> among) {
    return among.stream().filter(peer -> peer.uuid().equals(brick.uuid())).findFirst();
  }

  private static Pool.Peer peer(VolumeInfo.Brick brick, List<Pool.Peer> among) {
    return holder(brick, among).orElseThrow();
  }
}
