package io.provision.steps.gluster.leave;

import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Repair;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.GlusterBrick;
import io.provision.steps.gluster.brick.Layout;
import io.provision.steps.gluster.gate.GlusterGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How some hosts leave the pool together: sets of bricks that are all theirs are emptied into the
 * other sets, single bricks go to a host that takes them over, and then the hosts are detached.
 * Refused with the reason where data or quorum would be lost.
 */
record GlusterShrink(Scene scene, List<Pool.Peer> hosts) {
  private static final Duration LIMIT = Duration.ofHours(12);

  /**
   * All there is to know.
   *
   * @param view of the storage hosts of the inventory, as the gate wants it
   * @param pool as the host knows it that does the work
   * @param volumes all but those that are deleted before
   * @param wanted declared volumes, and who takes over which brick
   * @param bricks those that are ready, of the hosts that said so already
   * @param never hosts that will not have any, and why
   */
  record Scene(
      GlusterGate.View view,
      Pool pool,
      List<VolumeInfo> volumes,
      Map<String, Layout> wanted,
      Map<HostName, GlusterBrick.Ready> bricks,
      Map<HostName, String> never) {}

  private record Brick(VolumeInfo volume, VolumeInfo.Brick brick) {}

  /** What would go, whether or not it can go now. */
  List<Change> changes() {
    var changes = new ArrayList<Change>();
    shrinking()
        .forEach((volume, bricks) ->
            changes.add(
                Change.of(
                    Change.Action.REMOVE,
                    "bricks %s of volume %s".formatted(joined(bricks), volume.name()),
                    "%d x %d bricks".formatted(volume.sets().size(), volume.setSize()),
                    "%d x %d, their files moved to the other sets"
                        .formatted(
                            volume.sets().size() - bricks.size() / volume.setSize(),
                            volume.setSize()))));
    for (var single : singles()) {
      changes.add(
          Change.of(
              Change.Action.REMOVE,
              "brick %s of volume %s".formatted(single.brick(), single.volume().name()),
              single.brick().host(),
              successor(single).map(HostName::value).orElse("nobody takes it over")));
    }
    hosts.forEach(host ->
        changes.add(
            Change.of(
                Change.Action.REMOVE,
                "gluster peer " + host.name(),
                host.connected() ? "in the pool" : "in the pool, down",
                "")));
    return changes;
  }

  /** What an interrupted run, or somebody else, has begun already. */
  String begun() {
    return shrinking().entrySet().stream()
        .flatMap(entry -> begun(entry.getKey(), entry.getValue()).stream())
        .collect(Collectors.joining("; "));
  }

  private Optional<String> begun(VolumeInfo volume, List<VolumeInfo.Brick> bricks) {
    var names = bricks.stream().map(VolumeInfo.Brick::toString).toList();
    return scene.view().seen().values().stream()
        .flatMap(seen -> seen.asked().stream())
        .flatMap(asked -> Optional.ofNullable(asked.status().get(volume.name())).stream())
        .flatMap(status -> status.value().stream())
        .flatMap(status -> status.tasks().stream())
        .filter(task -> task.isRemovalOf(names))
        .findFirst()
        .map(task ->
            "a removal is under way: the files of volume %s are being moved off %s (%s)"
                .formatted(volume.name(), String.join(", ", names), task.status()));
  }

  /** The repair that does it, or why it must not be done. */
  Check removal() {
    var refusal = new ArrayList<String>();
    var remedies = new ArrayList<String>();
    undeclared(refusal, remedies);
    sets(refusal, remedies);
    singles(refusal, remedies);
    majority(refusal, remedies);
    if (refusal.isEmpty()) {
      var gate = gate();
      if (!gate.isHealthy()) {
        refusal.addAll(gate.reasons());
        remedies.add(
            "fix that first (see 'provision gluster check'), wait for self-heal, then run again");
      }
    }
    return refusal.isEmpty()
        ? new Check.Drift(changes(), new Repair.OnHost(scripts(), false))
        : new Check.Refused(
            "%s cannot leave: %s"
                .formatted(
                    hosts.stream().map(Pool.Peer::name).collect(Collectors.joining(", ")),
                    String.join("; ", refusal)),
            remedies.stream().distinct().collect(Collectors.joining("; ")));
  }

  private List<Script> scripts() {
    var scripts = new ArrayList<Script>();
    shrinking()
        .forEach((volume, bricks) -> {
          var words = new ArrayList<>(List.of(volume.name()));
          bricks.forEach(brick -> words.add(brick.toString()));
          scripts.add(Script.of(LeavingScripts.SHRINK, words.toArray(String[]::new)).within(LIMIT));
        });
    for (var single : singles()) {
      var next = successor(single).orElseThrow() + ":" + single.brick().path();
      scripts.add(
          Script.of(LeavingScripts.REPLACE, single.volume().name(), single.brick().toString(), next)
              .within(LIMIT));
    }
    for (var host : hosts) {
      scripts.add(
          Script.of(LeavingScripts.DETACH, host.name(), host.connected() ? "yes" : "no")
              .within(Duration.ofMinutes(10)));
    }
    return scripts;
  }

  private boolean leaves(VolumeInfo.Brick brick) {
    return hosts.stream().anyMatch(host -> host.uuid().equals(brick.uuid()));
  }

  /** Volumes of which whole sets leave, with the bricks of those. */
  private Map<VolumeInfo, List<VolumeInfo.Brick>> shrinking() {
    var all = new LinkedHashMap<VolumeInfo, List<VolumeInfo.Brick>>();
    for (var volume : scene.volumes()) {
      for (var set : volume.sets()) {
        if (set.stream().allMatch(this::leaves)) {
          all.computeIfAbsent(volume, _ -> new ArrayList<>()).addAll(set);
        }
      }
    }
    return all;
  }

  /** Bricks that leave while others of their set stay. */
  private List<Brick> singles() {
    var all = new ArrayList<Brick>();
    for (var volume : scene.volumes()) {
      for (var set : volume.sets()) {
        if (!set.stream().allMatch(this::leaves)) {
          set.stream().filter(this::leaves).forEach(brick -> all.add(new Brick(volume, brick)));
        }
      }
    }
    return all;
  }

  private Optional<HostName> successor(Brick single) {
    return Optional.ofNullable(scene.wanted().get(single.volume().name()))
        .map(layout -> layout.successors().get(single.brick()));
  }

  private void undeclared(List<String> refusal, List<String> remedies) {
    for (var volume : scene.volumes()) {
      if (!scene.wanted().containsKey(volume.name())
          && volume.bricks().stream().anyMatch(this::leaves)) {
        refusal.add(
            "there are bricks of volume %s, which the inventory does not name"
                .formatted(volume.name()));
        remedies.add(
            "add volume %s to the inventory, or remove it too (--remove volume/%s)"
                .formatted(volume.name(), volume.name()));
      }
    }
  }

  private void sets(List<String> refusal, List<String> remedies) {
    shrinking()
        .forEach((volume, bricks) -> {
          if (bricks.size() == volume.bricks().size()) {
            refusal.add("volume %s would have no bricks".formatted(volume.name()));
            remedies.add(
                "take volume %s out of the inventory and remove it, or put other hosts in first"
                    .formatted(volume.name()));
          }
          var layout = scene.wanted().get(volume.name());
          if (layout != null && !layout.added().isEmpty()) {
            refusal.add("volume %s is to grow in the same run".formatted(volume.name()));
            remedies.add("apply without --remove first, then run again with it");
          }
          bricks.stream()
              .filter(this::isDown)
              .forEach(brick -> {
                refusal.add(
                    "%s is down, and gluster moves no files off a set that is not whole"
                        .formatted(brick));
                remedies.add(
                    "start %s, or put another storage host into the inventory and remove only %s"
                        .formatted(brick.host(), brick.host()));
              });
        });
  }

  private void singles(List<String> refusal, List<String> remedies) {
    for (var single : singles()) {
      var next = successor(single);
      var volume = single.volume();
      if (next.isEmpty()) {
        var set =
            volume.sets().stream()
                .filter(it -> it.contains(single.brick()))
                .findFirst()
                .orElseThrow();
        var gone = set.stream().filter(this::leaves).count();
        refusal.add(
            "a set of volume %s has %d bricks and would have %d (%s stay)"
                .formatted(
                    volume.name(),
                    set.size(),
                    set.size() - gone,
                    joined(set.stream().filter(it -> !leaves(it)).toList())));
        remedies.add(
            "put another storage host into the inventory, which then takes the place of %s; or take"
                    .formatted(single.brick().host())
                + " the other hosts of the set out of it too and remove them together");
      } else if (!mayBeReady(volume, next.get())) {
        refusal.add(
            "%s is to take over %s and has no brick ready (%s)"
                .formatted(
                    next.get(),
                    single.brick(),
                    scene.never().getOrDefault(next.get(), "this run does not make one")));
        remedies.add("see what gluster-brick says of " + next.get());
      }
    }
  }

  /** In a plan, who has not said so yet may be. */
  private boolean mayBeReady(VolumeInfo volume, HostName host) {
    var ready = scene.bricks().get(host);
    return ready == null
        ? !scene.never().containsKey(host)
        : ready.volumes().contains(volume.name());
  }

  private boolean isDown(VolumeInfo.Brick brick) {
    return scene.pool().find(brick.uuid()).filter(Pool.Peer::connected).isEmpty();
  }

  private void majority(List<String> refusal, List<String> remedies) {
    var left = scene.pool().peers().stream().filter(peer -> !hosts.contains(peer)).toList();
    var connected = left.stream().filter(Pool.Peer::connected).count();
    if (connected < left.size() / 2 + 1) {
      refusal.add(
          "only %d of the %d peers that stay would be connected: no quorum"
              .formatted(connected, left.size()));
      remedies.add("bring the others back first");
    }
  }

  /** All must be whole, but for what leaves because it is dead, and what is under way for us. */
  private GlusterGate gate() {
    var dead =
        hosts.stream()
            .filter(host -> !host.connected())
            .map(Pool.Peer::uuid)
            .collect(Collectors.toSet());
    var own = new LinkedHashMap<String, List<String>>();
    shrinking()
        .forEach((volume, bricks) ->
            own.put(volume.name(), bricks.stream().map(VolumeInfo.Brick::toString).toList()));
    var kept = scene.volumes().stream().map(VolumeInfo::name).collect(Collectors.toSet());
    return GlusterGate.once(new WithoutTheDead(dead, own, kept).of(scene.view()), Optional.empty());
  }

  private static String joined(Collection<VolumeInfo.Brick> bricks) {
    return bricks.stream().map(VolumeInfo.Brick::toString).collect(Collectors.joining(", "));
  }
}
