package io.provision.steps.gluster;

import io.provision.model.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether the pool is whole, and stays usable without one host. Open only where all of it is known:
 * what is missing, what cannot be read and what is not zero shut it alike.
 *
 * @param reasons why it is shut; empty where it is open
 */
public record GlusterGate(List<String> reasons) {
  public GlusterGate {
    reasons = List.copyOf(reasons);
  }

  /**
   * All there is to know.
   *
   * @param storage the hosts that should be in the pool, in inventory order
   * @param seen what each of them saw that was reached
   * @param never why the others were not
   */
  record View(
      List<HostName> storage,
      Map<HostName, GlusterHealth.Seen> seen,
      Map<HostName, String> never) {}

  public boolean isOpen() {
    return reasons.isEmpty();
  }

  @Override
  public String toString() {
    return isOpen() ? "open" : "shut: " + String.join("; ", reasons);
  }

  /**
   * @param without the host that is to be taken down; empty to ask only whether all is whole
   */
  static GlusterGate check(View view, Optional<HostName> without) {
    var reasons = new ArrayList<String>();
    mesh(view, reasons);
    var volumes = volumes(view);
    switch (volumes) {
      case Reading.Unknown<List<Volume>>(var why) -> reasons.add("volumes are not known: " + why);
      case Reading.Of<List<Volume>>(var all) -> {
        all.forEach(volume -> volume(volume, view, reasons));
        without.ifPresent(host -> without(host, view, all, reasons));
      }
    }
    return new GlusterGate(reasons);
  }

  /** Every host must see every other: connected, and a full member. */
  private static void mesh(View view, List<String> reasons) {
    var uuids =
        view.seen().values().stream()
            .collect(Collectors.toMap(GlusterHealth.Seen::uuid, seen -> seen, (first, _) -> first));
    for (var host : view.storage()) {
      var seen = view.seen().get(host);
      if (seen == null) {
        reasons.add(
            "%s was not reached (%s)"
                .formatted(host, view.never().getOrDefault(host, "no answer")));
        continue;
      }
      switch (seen.pool()) {
        case Reading.Unknown<Pool>(var why) ->
            reasons.add("%s does not say who its peers are: %s".formatted(host, why));
        case Reading.Of<Pool>(var pool) -> {
          for (var other : view.seen().entrySet()) {
            var peer = pool.find(other.getValue().uuid());
            if (other.getValue().uuid().isEmpty() || peer.isEmpty()) {
              reasons.add("%s does not know %s".formatted(host, other.getKey()));
            }
          }
          pool.peers().stream()
              .filter(peer -> !peer.isWhole())
              .forEach(peer -> reasons.add("%s sees %s".formatted(host, peer)));
        }
      }
    }
    if (uuids.size() != view.seen().size()) {
      reasons.add("two hosts have the same gluster UUID");
    }
  }

  private static Reading<List<Volume>> volumes(View view) {
    Reading<List<Volume>> best = new Reading.Unknown<>("no storage host was reached");
    for (var host : view.storage()) {
      var seen = view.seen().get(host);
      if (seen != null && !(best instanceof Reading.Of<List<Volume>>)) {
        best = seen.volumes();
      }
    }
    return best;
  }

  /** The first answer that is one; otherwise why there is none. */
  private static <T> Reading<T> heard(
      View view, Volume volume, Function<GlusterHealth.Asked, Map<String, Reading<T>>> of) {
    Reading<T> best = new Reading.Unknown<>("no host that was reached could ask");
    for (var host : view.storage()) {
      var asked = Optional.ofNullable(view.seen().get(host)).flatMap(GlusterHealth.Seen::asked);
      var heard = asked.map(of).map(all -> all.get(volume.name()));
      if (heard.isPresent() && !(best instanceof Reading.Of<T>)) {
        best = heard.get();
      }
    }
    return best;
  }

  private static void volume(Volume volume, View view, List<String> reasons) {
    if (!volume.started()) {
      reasons.add("volume %s is not started".formatted(volume.name()));
      return;
    }
    switch (heard(view, volume, GlusterHealth.Asked::status)) {
      case Reading.Unknown<VolumeStatus>(var why) ->
          reasons.add("the state of volume %s is not known: %s".formatted(volume.name(), why));
      case Reading.Of<VolumeStatus>(var status) -> {
        bricks(volume, status, reasons);
        tasks(status, reasons);
      }
    }
    if (volume.heals()) {
      heal(volume, heard(view, volume, GlusterHealth.Asked::heal), reasons);
    }
  }

  private static void tasks(VolumeStatus status, List<String> reasons) {
    status.tasks().stream()
        .filter(VolumeStatus.Task::isRunning)
        .forEach(task ->
            reasons.add(
                "%s of volume %s is %s".formatted(task.type(), status.name(), task.status())));
  }

  private static void bricks(Volume volume, VolumeStatus status, List<String> reasons) {
    for (var brick : volume.bricks()) {
      var online =
          status.processes().stream()
              .filter(VolumeStatus.Process::isBrick)
              .filter(it -> it.uuid().equals(brick.uuid()) && it.path().equals(brick.path()))
              .anyMatch(VolumeStatus.Process::online);
      if (!online) {
        reasons.add("brick %s of volume %s is down".formatted(brick, volume.name()));
      }
      var heals =
          status.processes().stream()
              .filter(VolumeStatus.Process::isSelfHeal)
              .filter(it -> it.uuid().equals(brick.uuid()))
              .anyMatch(VolumeStatus.Process::online);
      if (volume.heals() && !heals) {
        reasons.add(
            "the self-heal daemon on %s is down (volume %s)"
                .formatted(brick.host(), volume.name()));
      }
    }
  }

  private static void heal(Volume volume, Reading<HealSummary> summary, List<String> reasons) {
    switch (summary) {
      case Reading.Unknown<HealSummary>(var why) ->
          reasons.add(
              "what waits to be healed in volume %s is not known: %s"
                  .formatted(volume.name(), why));
      case Reading.Of<HealSummary>(var heal) -> {
        if (heal.bricks().size() != volume.bricks().size()) {
          reasons.add(
              "volume %s has %d bricks, and %d say what waits to be healed"
                  .formatted(volume.name(), volume.bricks().size(), heal.bricks().size()));
        }
        for (var brick : heal.bricks()) {
          entries(volume, brick).ifPresent(reasons::add);
        }
      }
    }
  }

  private static Optional<String> entries(Volume volume, HealSummary.Brick brick) {
    if (brick.splitBrain().filter(it -> it > 0).isPresent()) {
      return Optional.of(
          "%d entries of %s are in split-brain: decide which copy is right, 'gluster volume heal %s"
                  .formatted(brick.splitBrain().get(), brick.name(), volume.name())
              + " split-brain' (see 'info split-brain')");
    }
    if (!brick.isKnown()) {
      return Optional.of(
          "what waits to be healed on %s is not known (%s)"
              .formatted(brick.name(), GlusterXml.oneLine(brick.status())));
    }
    return brick.isWhole()
        ? Optional.empty()
        : Optional.of(
            "%d entries of %s wait to be healed"
                .formatted(Math.max(brick.total().orElse(0), 1), brick.name()));
  }

  /** What would be lost without this host, now that all is whole with it. */
  private static void without(
      HostName host, View view, List<Volume> volumes, List<String> reasons) {
    var seen = view.seen().get(host);
    if (seen == null) {
      reasons.add("%s was not reached: nobody knows what it holds".formatted(host));
      return;
    }
    if (seen.pool() instanceof Reading.Of<Pool>(var pool)) {
      var total = pool.peers().size();
      var left =
          pool.peers().stream()
              .filter(it -> !it.uuid().equals(seen.uuid()))
              .filter(Pool.Peer::connected)
              .count();
      if (left < total / 2 + 1) {
        reasons.add(
            "without %s only %d of %d peers are connected: no quorum".formatted(host, left, total));
      }
    }
    volumes.forEach(volume -> sets(host, seen.uuid(), volume, reasons));
  }

  private static void sets(HostName host, String uuid, Volume volume, List<String> reasons) {
    for (var set : volume.sets()) {
      var left = set.stream().filter(brick -> !brick.uuid().equals(uuid)).count();
      if (left == set.size()) {
        continue;
      }
      var needed =
          switch (volume.kind()) {
            case REPLICATED, ARBITER -> set.size() / 2 + 1;
            case DISPERSED -> set.size() - volume.redundancy();
            case DISTRIBUTED -> set.size();
          };
      if (left < needed) {
        reasons.add(
            volume.heals()
                ? "without %s only %d of %d bricks of a set of volume %s are left, and %d are needed"
                    .formatted(host, left, set.size(), volume.name(), needed)
                : "volume %s has no copies: without %s a part of its files is away"
                    .formatted(volume.name(), host));
      }
    }
  }
}
