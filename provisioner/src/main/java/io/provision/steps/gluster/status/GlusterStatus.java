package io.provision.steps.gluster.status;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Observed;
import io.provision.steps.gluster.answers.HealSummary;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.SplitBrain;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.answers.VolumeStatus;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.gate.BrickSpace;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.gate.HealthSamples;
import io.provision.steps.gluster.mount.GlusterMounts;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.volume.VolumeKinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a status says of GlusterFS, in rows of words: from looks of {@code gluster-health} and
 * {@code gluster-mounts}. What nobody knows is "unknown", never a number.
 */
final class GlusterStatus {
  private final Inventory inventory;
  private final Map<HostName, Observed> seen;
  private final Map<HostName, GlusterHealth.Seen> health = new LinkedHashMap<>();

  /**
   * @param seen what the look of each host saw that was reached
   */
  public GlusterStatus(Inventory inventory, Map<HostName, Observed> seen) {
    this.inventory = inventory;
    this.seen = Map.copyOf(seen);
    for (var host : DeclaredStorage.storage(inventory)) {
      find(host.name(), GlusterHealth.HEALTH.name(), GlusterHealth.Seen.class)
          .ifPresent(it -> health.put(host.name(), it));
    }
  }

  private <T> Optional<T> find(HostName host, String output, Class<T> type) {
    return seen.getOrDefault(host, Observed.NOTHING).values().entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(output))
        .map(Map.Entry::getValue)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  /** Columns: host, members it sees connected, and those it does not or that are not declared. */
  public List<List<String>> pool() {
    var rows = new ArrayList<List<String>>();
    for (var host : DeclaredStorage.storage(inventory)) {
      var name = host.name();
      var pool = sample(name).map(HealthSamples.Sample::pool);
      rows.add(
          switch (pool.orElseGet(() -> new Reading.Unknown<>("not reached"))) {
            case Reading.Unknown<Pool>(var why) -> List.of(name.value(), Reading.UNKNOWN, why);
            case Reading.Of<Pool>(var it) -> peers(name, it);
          });
    }
    return rows;
  }

  private List<String> peers(HostName host, Pool pool) {
    var others = pool.peers().stream().filter(it -> !it.isSelf()).toList();
    var whole = others.stream().filter(Pool.Peer::isWhole).count();
    var notes = new ArrayList<String>();
    others.stream().filter(it -> !it.isWhole()).forEach(it -> notes.add(it.toString()));
    health.forEach((name, other) -> {
      if (!name.equals(host) && pool.find(other.uuid()).isEmpty()) {
        notes.add("does not know " + name);
      }
    });
    var declared =
        DeclaredStorage.storage(inventory).stream().map(it -> it.name().value()).toList();
    others.stream()
        .filter(it -> it.names().stream().noneMatch(declared::contains))
        .filter(it -> health.values().stream().noneMatch(known -> known.uuid().equals(it.uuid())))
        .forEach(it -> notes.add(it.names().getFirst() + " is not in the inventory"));
    return List.of(
        host.value(), "%d of %d".formatted(whole, others.size()), String.join(", ", notes));
  }

  /** Columns: volume, type, bricks, state, entries to be healed, in split-brain, what is moved. */
  public List<List<String>> volumes() {
    var rows = new ArrayList<List<String>>();
    var known = known();
    for (var volume : known.value().orElse(List.of())) {
      var status = asked(volume.name(), HealthSamples.Asked::status);
      var heal = asked(volume.name(), HealthSamples.Asked::heal).value();
      rows.add(
          List.of(
              volume.name(),
              VolumeKinds.words(volume),
              "%d x %d".formatted(volume.sets().size(), volume.setSize()),
              volume.started() ? "started" : "stopped",
              volume.heals() ? sum(heal, volume, HealSummary.Brick::pending) : "-",
              volume.heals() ? sum(heal, volume, HealSummary.Brick::splitBrain) : "-",
              status
                  .value()
                  .map(GlusterStatus::tasks)
                  .orElse(volume.started() ? Reading.UNKNOWN : "")));
    }
    for (var declared : DeclaredStorage.volumes(inventory)) {
      if (VolumeInfo.find(known.value().orElse(List.of()), declared.name()).isEmpty()) {
        var state = known.value().isPresent() ? "absent" : Reading.UNKNOWN;
        var words = VolumeKinds.words(declared);
        rows.add(
            List.of(
                declared.name(), words, "-", state, Reading.UNKNOWN, Reading.UNKNOWN, known.why()));
      }
    }
    return rows;
  }

  private static String tasks(VolumeStatus status) {
    return status.tasks().stream()
        .filter(VolumeStatus.Task::isRunning)
        .map(task -> "%s %s".formatted(task.type(), task.status()))
        .collect(Collectors.joining(", "));
  }

  /** A sum is known where every part is: a brick that is down has no counts. */
  private static String sum(
      Optional<HealSummary> heal,
      VolumeInfo volume,
      Function<HealSummary.Brick, Optional<Integer>> count) {
    var counts =
        heal.map(HealSummary::bricks).orElse(List.of()).stream()
            .filter(HealSummary.Brick::isKnown)
            .map(count)
            .flatMap(Optional::stream)
            .toList();
    return counts.size() == volume.bricks().size()
        ? Integer.toString(counts.stream().mapToInt(it -> it).sum())
        : Reading.UNKNOWN;
  }

  /** Columns: brick, volume, whether it runs, its port, free space, pending, in split-brain. */
  public List<List<String>> bricks() {
    var rows = new ArrayList<List<String>>();
    for (var volume : known().value().orElse(List.of())) {
      var status = asked(volume.name(), HealthSamples.Asked::status).value();
      var heal = asked(volume.name(), HealthSamples.Asked::heal).value();
      for (var brick : volume.bricks()) {
        var process = status.flatMap(it -> it.brick(brick));
        var counts =
            heal.flatMap(it ->
                it.bricks().stream()
                    .filter(one -> one.name().equals(brick.toString()))
                    .filter(HealSummary.Brick::isKnown)
                    .findFirst());
        rows.add(
            List.of(
                brick.toString(),
                volume.name(),
                online(status, process),
                process.flatMap(VolumeStatus.Process::port).map(Object::toString).orElse("-"),
                space(brick),
                volume.heals() ? number(counts.flatMap(HealSummary.Brick::pending)) : "-",
                volume.heals() ? number(counts.flatMap(HealSummary.Brick::splitBrain)) : "-"));
      }
    }
    return rows;
  }

  private static String online(
      Optional<VolumeStatus> status, Optional<VolumeStatus.Process> process) {
    if (process.isEmpty()) {
      return status.isEmpty() ? Reading.UNKNOWN : "unknown: its glusterd does not answer";
    }
    return process.get().online() ? "online" : "down";
  }

  private String space(VolumeInfo.Brick brick) {
    return health.values().stream()
        .filter(it -> it.uuid().equals(brick.uuid()))
        .map(it -> it.space().get(brick.path()))
        .filter(java.util.Objects::nonNull)
        .map(BrickSpace::toString)
        .findFirst()
        .orElse(Reading.UNKNOWN);
  }

  private static String number(Optional<Integer> count) {
    return count.map(Object::toString).orElse(Reading.UNKNOWN);
  }

  /** Columns: volume, file, the bricks that differ, what to type; empty where all agree. */
  public List<List<String>> splitBrain() {
    var rows = new ArrayList<List<String>>();
    for (var volume : known().value().orElse(List.of())) {
      var entries =
          asked(volume.name(), HealthSamples.Asked::split)
              .map(SplitBrain::entries)
              .value()
              .orElse(List.of());
      var files = new LinkedHashMap<String, List<String>>();
      entries.forEach(
          it -> files.computeIfAbsent(it.file(), _ -> new ArrayList<>()).add(it.brick()));
      files.forEach((file, bricks) ->
          rows.add(
              List.of(
                  volume.name(),
                  file,
                  String.join(", ", bricks),
                  "compare the copies; where the first is right: "
                      + SplitBrain.remedy(
                          volume.name(), new SplitBrain.Entry(bricks.getFirst(), file)))));
    }
    return rows;
  }

  /** Columns: volume, path, how it is there, the hosts where it is so. */
  public List<List<String>> mounts() {
    var rows = new ArrayList<List<String>>();
    for (var volume : DeclaredStorage.volumes(inventory)) {
      if (volume.mount().isEmpty()) {
        continue;
      }
      var hosts = new LinkedHashMap<String, List<String>>();
      for (var host : inventory.hosts()) {
        if (volume.mountOn().isEmpty() || volume.mountOn().contains(host.name())) {
          hosts
              .computeIfAbsent(mount(host.name(), volume), _ -> new ArrayList<>())
              .add(host.name().value());
        }
      }
      hosts.forEach((state, names) ->
          rows.add(List.of(volume.name(), volume.mount().get(), state, String.join(", ", names))));
    }
    return rows;
  }

  private String mount(HostName host, GlusterVolume volume) {
    return find(host, GlusterMounts.MOUNTS.name(), GlusterMounts.Seen.class)
        .map(it -> it.states().get(volume.name()))
        .orElse(Reading.UNKNOWN);
  }

  private Optional<HealthSamples.Sample> sample(HostName host) {
    return Optional.ofNullable(health.get(host)).flatMap(it -> it.samples().stream().findFirst());
  }

  private List<HealthSamples.Sample> samples() {
    return health.keySet().stream().map(this::sample).flatMap(Optional::stream).toList();
  }

  private Reading<List<VolumeInfo>> known() {
    return Reading.first(
        samples().stream().map(HealthSamples.Sample::volumes).toList(), "no host answered");
  }

  private <T> Reading<T> asked(
      String volume, Function<HealthSamples.Asked, Map<String, Reading<T>>> of) {
    return Reading.first(
        samples().stream()
            .map(HealthSamples.Sample::asked)
            .flatMap(Optional::stream)
            .map(of)
            .map(it -> it.get(volume))
            .filter(java.util.Objects::nonNull)
            .toList(),
        "no host could ask");
  }
}
