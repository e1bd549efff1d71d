package io.provision.steps.gluster.volume;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.GlusterBrick;
import io.provision.steps.gluster.brick.Layout;
import io.provision.steps.gluster.brick.Layouts;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.GlusterScripts;
import io.provision.steps.gluster.pool.PoolStep;
import io.provision.steps.gluster.pool.PoolView;
import io.provision.steps.os.NodeAddressStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code gluster-volume}: every declared volume is there with its bricks and options, and started.
 * One storage host does it for all. A volume of another type is refused, never made anew; bricks
 * are added by whole sets and never taken away here.
 */
public record GlusterVolumes() implements PoolStep {
  /** The declared volumes, all there and started. */
  public static final Output<Ids> VOLUMES = new Output<>("gluster-volumes", Ids.class);

  /** The ids of volumes by their names. */
  public record Ids(Map<String, String> ids) {
    public Ids {
      ids = java.util.Collections.unmodifiableMap(new TreeMap<>(ids));
    }

    @Override
    public String toString() {
      return String.join(",", ids.keySet());
    }
  }

  /** Set while files still have to move to bricks that were added; then "done". */
  static final String REBALANCE = "user.provision.rebalance";

  static final String PENDING = "pending";

  /** All that a check compares for one volume. */
  public record Case(
      GlusterVolume wanted,
      Layout layout,
      Map<HostName, GlusterBrick.Ready> bricks,
      Map<HostName, String> never,
      VolumeAccess access) {}

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!DeclaredStorage.concerns(target)) {
      return Set.of();
    }
    var storage = DeclaredStorage.storage(target.inventory());
    var needs = new HashSet<>(addresses(target.inventory()));
    needs.add(Need.some(GlusterIdentity.NODE, storage));
    needs.add(Need.some(GlusterBrick.BRICKS, storage));
    return needs;
  }

  private static Set<Need> addresses(Inventory inventory) {
    var hosts =
        DeclaredStorage.volumes(inventory).stream()
            .filter(it -> !it.options().containsKey(VolumeAccess.OPTION))
            .flatMap(it -> VolumeAccess.hosts(it, inventory).stream())
            .distinct()
            .toList();
    return NodeAddressStep.needs(hosts);
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Probes.of(GlusterLook.INFO, GlusterLook.PEERS)
        : Probes.NONE;
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    var view = PoolView.of(target.inventory(), known);
    if (!(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return GlusterIdentity.unanswered(seen);
    }
    var layouts = Layouts.of(target.inventory(), view, known.removals(), volumes);
    var checks = new ArrayList<Check>();
    var ids = new TreeMap<String, String>();
    var areUp = true; // all volumes, with all their bricks, whatever their options
    for (var wanted : DeclaredStorage.volumes(target.inventory())) {
      var volume = VolumeInfo.find(volumes, wanted.name());
      areUp &=
          volume.filter(VolumeInfo::started).isPresent() && layouts.of(wanted).added().isEmpty();
      var never = known.never(GlusterBrick.BRICKS);
      var access = VolumeAccess.of(wanted, target.inventory(), known);
      var bricks = known.all(GlusterBrick.BRICKS);
      checks.add(check(new Case(wanted, layouts.of(wanted), bricks, never, access), volume));
      volume.ifPresent(it -> {
        ids.put(it.name(), it.id());
        VolumeRisks.of(wanted, it, access)
            .forEach(risk -> checks.add(new Check.InSync(Observed.noting(risk))));
      });
    }
    var check = Checks.together(checks);
    var all = new Check.InSync(Observed.of(VOLUMES, new Ids(ids)));
    return areUp ? Checks.meanwhile(check, () -> all) : Checks.then(check, () -> all);
  }

  public static Check check(Case of, Optional<VolumeInfo> volume) {
    return volume.map(it -> there(of, it)).orElseGet(() -> create(of));
  }

  private static Check create(Case of) {
    var refusal = unready(of);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var wanted = of.wanted();
    var subject = "volume " + wanted.name();
    var changes = new ArrayList<Change>();
    changes.add(
        Change.of(
            Change.Action.CREATE,
            subject,
            "",
            "%s of %s".formatted(VolumeKinds.words(wanted), joined(of.layout().added()))));
    var words = new ArrayList<>(List.of("create", wanted.name()));
    words.addAll(
        switch (wanted.kind()) {
          case REPLICATED -> List.of("replica", text(wanted.replica()));
          case ARBITER -> List.of("replica", text(wanted.replica()), "arbiter", "1");
          case DISTRIBUTED -> List.<String>of();
          case DISPERSED ->
              List.of("disperse", text(wanted.replica()), "redundancy", text(wanted.redundancy()));
        });
    words.addAll(bricks(of));
    var scripts = new ArrayList<>(List.of(command(words)));
    options(of).into(Map.of(), changes, scripts);
    changes.add(Change.of(Change.Action.START, subject));
    scripts.add(Script.of(GlusterScripts.START, wanted.name()));
    return new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  private static Check there(Case of, VolumeInfo volume) {
    var wanted = of.wanted();
    var subject = "volume " + wanted.name();
    if (volume.kind() != wanted.kind()
        || volume.setSize() != wanted.replica()
        || volume.redundancy() != wanted.redundancy()) {
      return new Check.Refused(
          "volume %s is %s, and the inventory says %s"
              .formatted(wanted.name(), VolumeKinds.words(volume), VolumeKinds.words(wanted)),
          "correct the inventory: a volume never changes its type here; for another type declare"
              + " another volume and copy the files");
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    options(of).into(volume.options(), changes, scripts);
    if (!volume.started()) {
      changes.add(Change.of(Change.Action.START, subject));
      scripts.add(Script.of(GlusterScripts.START, wanted.name()));
    }
    if (!of.layout().added().isEmpty()) {
      var refusal = unready(of);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      grow(of, volume, changes, scripts);
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  private static void grow(Case of, VolumeInfo volume, List<Change> changes, List<Script> scripts) {
    var sets = volume.sets().size();
    var more = of.layout().added().size() / of.wanted().replica();
    changes.add(
        Change.of(
            Change.Action.UPDATE,
            "volume " + volume.name(),
            "%d x %d bricks".formatted(sets, volume.setSize()),
            "%d x %d, with %s"
                .formatted(sets + more, volume.setSize(), joined(of.layout().added()))));
    scripts.add(Script.of(GlusterScripts.SET, volume.name(), REBALANCE, PENDING));
    var words = new ArrayList<>(List.of("add-brick", volume.name()));
    words.addAll(bricks(of));
    scripts.add(command(words));
  }

  /** Why bricks cannot be used yet. */
  private static Optional<Check> unready(Case of) {
    var missing = new ArrayList<String>();
    for (var host : of.layout().added()) {
      var ready = of.bricks().get(host);
      if (ready == null || !ready.volumes().contains(of.wanted().name())) {
        missing.add("%s (%s)".formatted(host, of.never().getOrDefault(host, "no brick there")));
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "volume %s needs bricks that are not ready: %s"
                    .formatted(of.wanted().name(), String.join(", ", missing)),
                "fix those hosts, or take them out of the inventory; then run again"));
  }

  /**
   * The new bricks as arguments. The word that switches gluster's own checks off follows only where
   * a brick is on the root file system, as the inventory allows: every host has looked for other
   * volumes' marks, foreign data and mount points itself by then.
   */
  private static List<String> bricks(Case of) {
    var wanted = of.wanted();
    var words =
        new ArrayList<>(
            of.layout().added().stream().map(host -> host + ":" + wanted.brick()).toList());
    var onRoot =
        of.layout().added().stream()
            .map(of.bricks()::get)
            .anyMatch(ready -> ready != null && ready.onRoot().contains(wanted.name()));
    if (onRoot && wanted.allowRoot()) {
      words.add("force");
    }
    return words;
  }

  private static VolumeOptions options(Case of) {
    return new VolumeOptions(of.wanted(), of.access());
  }

  private static Script command(List<String> words) {
    return Script.of(GlusterScripts.VOLUME, words.toArray(String[]::new))
        .within(Duration.ofMinutes(15));
  }

  private static String joined(List<HostName> hosts) {
    return hosts.stream().map(HostName::value).collect(Collectors.joining(", "));
  }

  private static String text(int number) {
    return Integer.toString(number);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return DeclaredStorage.concerns(target) ? Set.of(VOLUMES) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.START);
  }
}
