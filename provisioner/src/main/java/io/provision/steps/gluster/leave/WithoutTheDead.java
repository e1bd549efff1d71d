package io.provision.steps.gluster.leave;

import io.provision.model.HostName;
import io.provision.steps.gluster.answers.HealSummary;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.answers.VolumeStatus;
import io.provision.steps.gluster.gate.GlusterGate;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.gate.HealthSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the gate would see if hosts that are down and leave were gone already: their bricks' copies
 * cannot be healed, so what waits for them is no reason to wait; split-brain among the others is.
 * Nor is a removal that is under way for those who leave.
 *
 * @param dead UUIDs of hosts
 * @param volumes those that stay
 * @param removing by volume, the bricks that are being removed
 */
record WithoutTheDead(Set<String> dead, Map<String, List<String>> removing, Set<String> volumes) {
  WithoutTheDead {
    volumes = Set.copyOf(volumes);
    dead = Set.copyOf(dead);
    removing = Map.copyOf(removing);
  }

  GlusterGate.View of(GlusterGate.View view) {
    var seen = new TreeMap<HostName, GlusterHealth.Seen>();
    view.seen().forEach((host, it) -> seen.put(host, seen(it)));
    return new GlusterGate.View(view.storage(), view.declared(), seen, view.never());
  }

  private GlusterHealth.Seen seen(GlusterHealth.Seen seen) {
    var bricks = new ArrayList<String>();
    seen.volumes().value().orElse(List.of()).stream()
        .flatMap(volume -> volume.bricks().stream())
        .filter(this::isDead)
        .forEach(brick -> bricks.add(brick.toString()));
    return new GlusterHealth.Seen(
        seen.uuid(),
        seen.pool()
            .map(pool ->
                new Pool(
                    pool.peers().stream().filter(peer -> !dead.contains(peer.uuid())).toList())),
        seen.volumes()
            .map(all ->
                all.stream()
                    .filter(volume -> volumes.contains(volume.name()))
                    .map(this::volume)
                    .toList()),
        seen.asked().map(asked -> asked(asked, bricks)));
  }

  private boolean isDead(VolumeInfo.Brick brick) {
    return dead.contains(brick.uuid());
  }

  private VolumeInfo volume(VolumeInfo volume) {
    return new VolumeInfo(
        volume.name(),
        volume.id(),
        volume.started(),
        volume.kind(),
        volume.setSize(),
        volume.redundancy(),
        volume.bricks().stream().filter(brick -> !isDead(brick)).toList(),
        volume.options());
  }

  private HealthSamples.Asked asked(HealthSamples.Asked asked, List<String> deadBricks) {
    var status = new TreeMap<String, Reading<VolumeStatus>>();
    asked.status().forEach((volume, it) -> status.put(volume, it.map(this::status)));
    var heal = new TreeMap<String, Reading<HealSummary>>();
    asked.heal().forEach((volume, it) -> heal.put(volume, it.map(all -> heal(all, deadBricks))));
    return new HealthSamples.Asked(status, heal, asked.split());
  }

  private VolumeStatus status(VolumeStatus status) {
    var own = removing.getOrDefault(status.name(), List.of());
    return new VolumeStatus(
        status.name(),
        status.processes(),
        status.tasks().stream().filter(task -> !task.isRemovalOf(own)).toList());
  }

  /** The copies of a set with a dead brick wait for that brick; what is left of them is told. */
  private static HealSummary heal(HealSummary heal, List<String> deadBricks) {
    var without = heal.bricks().stream().filter(it -> !deadBricks.contains(it.name())).toList();
    return without.size() == heal.bricks().size()
        ? heal
        : new HealSummary(without.stream().map(WithoutTheDead::tolerant).toList());
  }

  private static HealSummary.Brick tolerant(HealSummary.Brick brick) {
    return brick.isKnown() && brick.splitBrain().filter(it -> it == 0).isPresent()
        ? new HealSummary.Brick(
            brick.name(),
            brick.status(),
            Optional.of(0),
            Optional.of(0),
            Optional.of(0),
            Optional.of(0))
        : brick;
  }
}
