package io.provision.steps.gluster.mount;

import io.provision.model.Role;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.resource.Pieces;
import io.provision.resource.packages.Packages;
import io.provision.resource.unit.ServiceManagers;
import io.provision.resource.unit.Units;
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
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.PoolView;
import io.provision.steps.gluster.volume.GlusterVolumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code gluster-mount}: each volume is mounted where the inventory says, now and after every boot:
 * by an automount for whoever comes first, and by a unit that tries until it is there. The
 * directory beneath is immutable, so that nothing is ever written under an absent mount; a file in
 * the volume says which it is. What is mounted is never unmounted, unless it is dead.
 */
public record GlusterMount() implements Step<Target.OnHost> {
  /** All that is to be mounted on a host is. */
  static final Output<Boolean> MOUNTED = new Output<>("gluster-mounted-here", Boolean.class);

  /** A file at the top of every volume, by which one knows that it is mounted. */
  public static final String SENTINEL = MountState.SENTINEL;

  private static final Pieces CLIENT =
      Pieces.all(ServiceManagers.SYSTEMD, Packages.of("glusterfs-client"));

  /** Clients notice a brick that vanished after 42 s, and one that is back within 3 s. */
  private static final Duration REACH = Duration.ofMinutes(2);

  /** The volumes that are mounted on this host. */
  static List<GlusterVolume> mounted(Target.OnHost target) {
    return DeclaredStorage.volumes(target.inventory()).stream()
        .filter(it -> DeclaredStorage.mounts(it, target.host()))
        .toList();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return mounted(target).isEmpty() ? Set.of() : Set.of(MOUNTED);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return mounted(target).isEmpty()
        ? Set.of()
        : Set.of(Need.any(GlusterVolumes.VOLUMES, DeclaredStorage.storage(target.inventory())));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var volumes = mounted(target);
    if (volumes.isEmpty()) {
      return Probes.NONE;
    }
    var probes = CLIENT.probes();
    for (var volume : volumes) {
      var units = new MountUnits(volume);
      probes =
          probes.and(
              Probes.of(units.question(), Units.of(units.automount()), Units.of(units.keeper())));
    }
    return probes;
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var volumes = mounted(target);
    if (volumes.isEmpty()) {
      return new Check.Skipped("no gluster volume is mounted here");
    }
    var ids =
        known.all(GlusterVolumes.VOLUMES).values().stream()
            .findFirst()
            .map(GlusterVolumes.Ids::ids)
            .orElse(java.util.Map.of());
    var checks = new ArrayList<Check>(List.of(CLIENT.check(seen)));
    for (var volume : volumes) {
      var id = Optional.ofNullable(ids.get(volume.name()));
      checks.add(
          id.map(it -> check(target, volume, it, seen))
              .orElseGet(() ->
                  new Check.Refused(
                      "nobody knows volume " + volume.name(), "see the step gluster-volume")));
    }
    return Checks.then(Checks.together(checks), () -> new Check.InSync(Observed.of(MOUNTED, true)));
  }

  private static Check check(
      Target.OnHost target, GlusterVolume volume, String id, Observations seen) {
    var units = new MountUnits(volume);
    var storage = PoolView.names(target.inventory().with(Role.STORAGE));
    var unitChanges = new ArrayList<Change>();
    var state = seen.of(units.question());
    units(units, state, seen, unitChanges);
    return check(
        new Case(units, id, units.files(target.host().name(), storage)), state, unitChanges);
  }

  /** What one mount should be. */
  record Case(MountUnits units, String id, List<MountUnits.UnitFile> files) {}

  /**
   * @param unitChanges what is to be done about the units beside their files
   */
  static Check check(Case wanted, MountState state, List<Change> unitChanges) {
    var units = wanted.units();
    var refusal = refusal(wanted, state);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (state.isMounted() && state.isAway()) {
      return new Check.NotYet(
          "%s, whose bricks are unreachable or too few of them".formatted(units.path()),
          REACH,
          Call.of(MountScripts.ANSWERS, units.path()),
          Call.of(MountScripts.SHOW, units.log()));
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    for (var file : wanted.files()) {
      var is = state.units().getOrDefault(file.name(), "");
      if (!is.equals(file.text())) {
        var action = is.isEmpty() ? Change.Action.CREATE : Change.Action.UPDATE;
        changes.add(new Change(action, file.path(), new Change.Detail.Text(is, file.text())));
        scripts.add(file.write());
      }
    }
    var path = units.path();
    if (!state.directory()) {
      changes.add(Change.of(Change.Action.CREATE, path, "", "immutable directory"));
    } else if (!state.immutable()) {
      changes.add(Change.of(Change.Action.UPDATE, path, "", "immutable"));
    }
    changes.addAll(unitChanges);
    var subject = "mount " + path;
    if (!state.isMounted()) {
      changes.add(Change.of(Change.Action.START, subject, "not mounted", "mounted"));
    } else if (state.answer().equals("dead")) {
      changes.add(Change.of(Change.Action.RESTART, subject, "dead", "mounted"));
    } else if (state.sentinel().isEmpty()) {
      changes.add(Change.of(Change.Action.CREATE, path + "/" + MountState.SENTINEL));
    } else if (!state.sentinel().equals(wanted.id())) {
      changes.add(
          Change.of(
              Change.Action.UPDATE,
              path + "/" + MountState.SENTINEL,
              "of a deleted volume whose bricks it was made from",
              "volume id " + wanted.id()));
    }
    var table = state.inTable() ? Observed.noting(inTable(units)) : Observed.NOTHING;
    if (changes.isEmpty()) {
      return new Check.InSync(table);
    }
    scripts.add(
        Script.of(MountScripts.BRING, path, units.unit(), units.keeper(), wanted.id(), units.log())
            .within(Duration.ofMinutes(5)));
    return new Check.Drift(changes, new Repair.OnHost(scripts, true), table);
  }

  /** What lies in {@code /etc} comes before what is made of that file; see systemd.unit(5). */
  private static String inTable(MountUnits units) {
    return "a line of /etc/fstab mounts %s too: systemd mounts it by %s from now on, whatever that line says. take the line out"
        .formatted(units.path(), units.mount());
  }

  private static void units(
      MountUnits units, MountState state, Observations seen, List<Change> changes) {
    var automount = seen.of(Units.of(units.automount()));
    if (!automount.boot().equals("enabled")) {
      changes.add(Change.of(Change.Action.ENABLE, "unit " + units.automount()));
    }
    if (!automount.isRunning() && !state.isMounted()) {
      changes.add(Change.of(Change.Action.START, "unit " + units.automount()));
    }
    if (!seen.of(Units.of(units.keeper())).boot().equals("enabled")) {
      changes.add(Change.of(Change.Action.ENABLE, "unit " + units.keeper()));
    }
  }

  private static Optional<Check> refusal(Case wanted, MountState state) {
    var units = wanted.units();
    var path = units.path();
    if (!state.type().isEmpty() && !state.isMounted() && !state.type().equals("autofs")) {
      return refuse(
          "something else is mounted at %s (%s, %s)".formatted(path, state.source(), state.type()),
          "unmount it, or take another directory");
    }
    // the pool has one volume of a name: made again from the bricks of one that was deleted, it
    // brings the old mark along
    if (!state.sentinel().isEmpty()
        && !state.sentinel().equals(wanted.id())
        && !state.isOf(units.volume().name())) {
      return refuse(
          "%s holds volume id %s, and %s is %s"
              .formatted(path, state.sentinel(), units.volume().name(), wanted.id()),
          "unmount it ('systemctl stop %s'), then run again".formatted(units.mount()));
    }
    if (state.directory() && !state.empty() && !state.immutable()) {
      return refuse(
          "the directory %s beneath the mount is not empty".formatted(path),
          "what is in it would be hidden: move it away (it can go into the volume later), then run"
              + " again");
    }
    return Optional.empty();
  }

  private static Optional<Check> refuse(String what, String remedy) {
    return Optional.of(new Check.Refused(what, remedy));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.INSTALL,
        Change.Action.UPGRADE,
        Change.Action.CREATE,
        Change.Action.UPDATE,
        Change.Action.ENABLE,
        Change.Action.START,
        Change.Action.RESTART);
  }
}
