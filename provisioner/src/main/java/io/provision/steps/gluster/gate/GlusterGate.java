package io.provision.steps.gluster.gate;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.steps.gluster.answers.GlusterXml;
import io.provision.steps.gluster.answers.HealSummary;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.SplitBrain;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.answers.VolumeStatus;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.gate.HealthSamples.Sample;
import io.provision.steps.gluster.pool.DeclaredStorage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether the pool is healthy, and stays usable without one host. Healthy only where all of it is
 * known: what is absent, what cannot be read and what is not zero are reasons alike.
 *
 * @param reasons why it is not healthy; empty where it is
 */
public record GlusterGate(List<String> reasons) {
  private static final int MOST_FILES = 10;

  public GlusterGate {
    reasons = List.copyOf(reasons);
  }

  /**
   * All there is to know.
   *
   * @param storage the hosts that should be in the pool, in inventory order
   * @param declared names of the volumes that must be there; empty where only those count that are
   * @param seen what each of them saw that was reached
   * @param never why the others were not
   */
  public record View(
      List<HostName> storage,
      Set<String> declared,
      Map<HostName, GlusterHealth.Seen> seen,
      Map<HostName, String> never) {
    public View {
      storage = List.copyOf(storage);
      declared = Collections.unmodifiableSet(new TreeSet<>(declared));
    }

    /** Of the storage hosts of an inventory, with the volumes that it declares. */
    static View of(
        Inventory inventory, Map<HostName, GlusterHealth.Seen> seen, Map<HostName, String> never) {
      return new View(
          DeclaredStorage.storage(inventory).stream().map(Host::name).toList(),
          DeclaredStorage.volumes(inventory).stream()
              .map(GlusterVolume::name)
              .collect(Collectors.toSet()),
          seen,
          never);
    }

    /** What a host saw the n-th time. */
    Optional<Sample> sample(HostName host, int time) {
      return Optional.ofNullable(seen.get(host))
          .map(GlusterHealth.Seen::samples)
          .filter(all -> all.size() > time)
          .map(all -> all.get(time));
    }
  }

  public boolean isHealthy() {
    return reasons.isEmpty();
  }

  @Override
  public String toString() {
    return isHealthy() ? "healthy" : "not healthy: " + String.join("; ", reasons);
  }

  /**
   * Whole only where several looks in a row show it.
   *
   * @param without the host that is to be taken down; empty to ask only whether all is whole
   */
  static GlusterGate check(View view, Optional<HostName> without) {
    var reasons = new LinkedHashSet<String>();
    for (var time = 0; time < HealthSamples.ENOUGH; time++) {
      var look = new Look(view, time);
      if (time == 0 || look.isThere()) {
        reasons.addAll(check(look, without));
      }
    }
    if (reasons.isEmpty()) {
      view.seen()
          .forEach((host, seen) -> {
            if (seen.samples().size() < HealthSamples.ENOUGH) {
              reasons.add(
                  "%s looked %d times, and only %d in a row prove that it lasts"
                      .formatted(host, seen.samples().size(), HealthSamples.ENOUGH));
            }
          });
    }
    return new GlusterGate(List.copyOf(reasons));
  }

  /** As {@link #check}, of a single look: for what is begun now and looked at again on the way. */
  public static GlusterGate once(View view, Optional<HostName> without) {
    return new GlusterGate(check(new Look(view, 0), without));
  }

  /** Of the first look, by the first host that knows; empty where nobody does. */
  static Optional<Long> unhealed(View view) {
    var look = new Look(view, 0);
    var entries = 0L;
    var all = volumes(look).value();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    for (var volume : all.get()) {
      if (!volume.heals()) {
        continue;
      }
      var heal = heard(look, volume, HealthSamples.Asked::heal).value();
      if (heal.isEmpty() || !heal.get().bricks().stream().allMatch(HealSummary.Brick::isKnown)) {
        return Optional.empty();
      }
      entries += heal.get().bricks().stream().mapToLong(brick -> brick.total().orElseThrow()).sum();
    }
    return Optional.of(entries);
  }

  /** What all hosts saw at about one time. */
  private record Look(View view, int time) {
    /** Hosts that find something amiss look no further; the others alone prove nothing then. */
    boolean isThere() {
      return view.seen().keySet().stream().allMatch(host -> view.sample(host, time).isPresent());
    }

    List<HostName> hosts() {
      return view.storage();
    }

    Optional<Sample> of(HostName host) {
      return view.sample(host, time);
    }

    String uuid(HostName host) {
      var seen = view.seen().get(host);
      return seen == null ? "" : seen.uuid();
    }
  }

  private static List<String> check(Look look, Optional<HostName> without) {
    var reasons = new ArrayList<String>();
    mesh(look, reasons);
    switch (volumes(look)) {
      case Reading.Unknown<List<VolumeInfo>>(var why) ->
          reasons.add("volumes are not known: " + why);
      case Reading.Of<List<VolumeInfo>>(var all) -> {
        absent(look, reasons);
        all.forEach(volume -> volume(volume, look, reasons));
        without.ifPresent(host -> without(host, look, all, reasons));
      }
    }
    return reasons;
  }

  /** Every host must see every other: connected, and a full member. */
  private static void mesh(Look look, List<String> reasons) {
    var reached = look.view().seen();
    for (var host : look.hosts()) {
      var sample = look.of(host);
      if (sample.isEmpty()) {
        if (look.time() == 0) {
          reasons.add(
              "%s was not reached (%s)"
                  .formatted(host, look.view().never().getOrDefault(host, "no answer")));
        }
        continue;
      }
      switch (sample.get().pool()) {
        case Reading.Unknown<Pool>(var why) ->
            reasons.add("%s does not say who its peers are: %s".formatted(host, why));
        case Reading.Of<Pool>(var pool) -> {
          for (var other : reached.entrySet()) {
            var uuid = other.getValue().uuid();
            if (uuid.isEmpty() || pool.find(uuid).isEmpty()) {
              reasons.add("%s does not know %s".formatted(host, other.getKey()));
            }
          }
          pool.peers().stream()
              .filter(peer -> !peer.isWhole())
              .forEach(peer -> reasons.add("%s sees %s".formatted(host, peer)));
        }
      }
    }
    var uuids = reached.values().stream().map(GlusterHealth.Seen::uuid).distinct().count();
    if (uuids != reached.size()) {
      reasons.add("two hosts have the same gluster UUID");
    }
  }

  /** All that some host knows, as the first says that knows it. */
  private static Reading<List<VolumeInfo>> volumes(Look look) {
    var first = first(look, Sample::volumes, "no storage host was reached");
    return first.map(_ -> {
      var all = new LinkedHashMap<String, VolumeInfo>();
      look.hosts().stream()
          .map(look::of)
          .flatMap(Optional::stream)
          .flatMap(sample -> sample.volumes().value().stream())
          .flatMap(List::stream)
          .forEach(volume -> all.putIfAbsent(volume.name(), volume));
      return List.copyOf(all.values());
    });
  }

  /** Declared volumes that are nowhere, and volumes that not every member of the pool knows. */
  private static void absent(Look look, List<String> reasons) {
    var known = new TreeSet<String>();
    volumes(look).value().orElse(List.of()).forEach(volume -> known.add(volume.name()));
    look.view().declared().stream()
        .filter(name -> !known.contains(name))
        .forEach(name ->
            reasons.add(
                "volume %s is declared and does not exist: 'provision apply' creates it"
                    .formatted(name)));
    for (var host : look.hosts()) {
      look.of(host)
          .map(Sample::volumes)
          .ifPresent(own -> {
            switch (own) {
              case Reading.Unknown<List<VolumeInfo>>(var why) ->
                  reasons.add("%s does not say which volumes it knows: %s".formatted(host, why));
              case Reading.Of<List<VolumeInfo>>(var all) ->
                  known.stream()
                      .filter(name -> VolumeInfo.find(all, name).isEmpty())
                      .forEach(
                          name -> reasons.add("%s does not know volume %s".formatted(host, name)));
            }
          });
    }
  }

  /** The first answer that is one; otherwise why there is none. */
  private static <T> Reading<T> heard(
      Look look, VolumeInfo volume, Function<HealthSamples.Asked, Map<String, Reading<T>>> of) {
    return first(
        look,
        sample -> {
          var answers = sample.asked().map(of).orElse(Map.of());
          return answers.getOrDefault(volume.name(), new Reading.Unknown<>(""));
        },
        "no host that was reached could ask");
  }

  private static <T> Reading<T> first(
      Look look, Function<Sample, Reading<T>> of, String otherwise) {
    return Reading.first(
        look.hosts().stream().map(look::of).flatMap(Optional::stream).map(of).toList(), otherwise);
  }

  private static void volume(VolumeInfo volume, Look look, List<String> reasons) {
    if (!volume.started()) {
      reasons.add("volume %s is not started: 'provision apply' starts it".formatted(volume.name()));
      return;
    }
    switch (heard(look, volume, HealthSamples.Asked::status)) {
      case Reading.Unknown<VolumeStatus>(var why) ->
          reasons.add("the state of volume %s is not known: %s".formatted(volume.name(), why));
      case Reading.Of<VolumeStatus>(var status) -> {
        bricks(volume, status, reasons);
        tasks(status, reasons);
      }
    }
    if (volume.heals()) {
      heal(volume, heard(look, volume, HealthSamples.Asked::heal), reasons);
      if (heard(look, volume, HealthSamples.Asked::split)
          instanceof Reading.Of<SplitBrain>(var split)) {
        var files = new LinkedHashMap<String, SplitBrain.Entry>();
        split.entries().forEach(entry -> files.putIfAbsent(entry.file(), entry));
        files.values().stream()
            .limit(MOST_FILES)
            .forEach(entry -> reasons.add(splitBrain(volume, entry)));
      }
    }
  }

  private static void tasks(VolumeStatus status, List<String> reasons) {
    status.tasks().stream()
        .filter(VolumeStatus.Task::isRunning)
        .forEach(task ->
            reasons.add(
                "%s of volume %s is %s".formatted(task.type(), status.name(), task.status())));
  }

  private static void bricks(VolumeInfo volume, VolumeStatus status, List<String> reasons) {
    for (var brick : volume.bricks()) {
      var process = status.brick(brick);
      if (process.isEmpty()) {
        reasons.add(
            "nobody says whether brick %s of volume %s runs: the glusterd there does not answer"
                .formatted(brick, volume.name()));
      } else if (!process.get().online()) {
        reasons.add(
            "brick %s of volume %s is down: 'provision apply' starts it"
                .formatted(brick, volume.name()));
      } else if (volume.heals() && !status.heals(brick.uuid())) {
        reasons.add(
            "the self-heal daemon on %s is down (volume %s): 'provision apply' starts it"
                .formatted(brick.host(), volume.name()));
      }
    }
  }

  private static void heal(VolumeInfo volume, Reading<HealSummary> summary, List<String> reasons) {
    switch (summary) {
      case Reading.Unknown<HealSummary>(var why) ->
          reasons.add(
              "what waits to be healed in volume %s is not known: %s"
                  .formatted(volume.name(), why));
      case Reading.Of<HealSummary>(var heal) -> {
        var said = heal.bricks().stream().map(HealSummary.Brick::name).toList();
        volume.bricks().stream()
            .filter(brick -> !said.contains(brick.toString()))
            .forEach(brick ->
                reasons.add(
                    "nobody says what waits to be healed on %s (volume %s)"
                        .formatted(brick, volume.name())));
        for (var brick : heal.bricks()) {
          entries(volume, brick).ifPresent(reasons::add);
        }
      }
    }
  }

  private static String splitBrain(VolumeInfo volume, SplitBrain.Entry entry) {
    return "the copies of %s in volume %s disagree: compare them on the bricks; where that on %s is right: %s"
        .formatted(
            GlusterXml.oneLine(entry.file()),
            volume.name(),
            entry.brick(),
            SplitBrain.remedy(volume.name(), entry));
  }

  private static Optional<String> entries(VolumeInfo volume, HealSummary.Brick brick) {
    if (brick.splitBrain().filter(it -> it > 0).isPresent()) {
      return Optional.of(
          "%d entries of %s are in split-brain (volume %s)"
              .formatted(brick.splitBrain().get(), brick.name(), volume.name()));
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
      HostName host, Look look, List<VolumeInfo> volumes, List<String> reasons) {
    var sample = look.of(host);
    if (sample.isEmpty()) {
      if (look.time() == 0) {
        reasons.add("%s was not reached: nobody knows what it holds".formatted(host));
      }
      return;
    }
    var uuid = look.uuid(host);
    if (sample.get().pool() instanceof Reading.Of<Pool>(var pool)) {
      var total = pool.peers().size();
      var left =
          pool.peers().stream()
              .filter(it -> !it.uuid().equals(uuid))
              .filter(Pool.Peer::connected)
              .count();
      if (left < total / 2 + 1) {
        reasons.add(
            "without %s only %d of %d peers are connected: no quorum".formatted(host, left, total));
      }
    }
    volumes.forEach(volume -> sets(host, uuid, volume, reasons));
  }

  private static void sets(HostName host, String uuid, VolumeInfo volume, List<String> reasons) {
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
