package io.provision.steps.gluster.brick;

import io.provision.model.Content;
import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.render.Template;
import io.provision.resource.FileTransfer;
import io.provision.resource.Mounts;
import io.provision.resource.packages.Packages;
import io.provision.resource.unit.ServiceManagers;
import io.provision.resource.unit.UnitName;
import io.provision.resource.unit.UnitScripts;
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
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code gluster-disk}: where the inventory names a block device for a brick, the device carries a
 * file system of its own, mounted by its UUID at the directory above the brick, now and at every
 * boot. One is made only on a device with nothing on it. The unit that mounts it is written first
 * and names the UUID it will have: so an interrupted making is known to be ours, and ended.
 */
public record GlusterDisk() implements Step<Target.OnHost> {
  /** The file systems of bricks on devices are mounted. */
  static final Output<Mounted> DISKS = new Output<>("gluster-disks", Mounted.class);

  record Mounted(List<String> paths) {
    Mounted {
      paths = List.copyOf(paths);
    }
  }

  private static final Template UNIT = Template.of("gluster/disk.mount.ftl");
  private static final String UNITS = "/etc/systemd/system/";

  /** Stands in a new unit until the host has chosen a UUID. */
  static final String NEW = "(new)";

  private record Model(
      String volume, String device, String uuid, String path, String type, String unit) {}

  /** {@code make_disk DEVICE TYPE LABEL UNIT_FILE TEXT}: TEXT has (new) for a UUID. */
  private static final ShellFunction MAKE =
      new ShellFunction(
          "make_disk",
          """
          device=$(readlink -f -- "$1") type=$2 label=$3 file=$4 text=$5 force=''
          uuid=$(sed -n 's/^What=UUID=//p' "$file" 2>/dev/null | head -n 1)
          [ -n "$uuid" ] || uuid=$(cat /proc/sys/kernel/random/uuid)
          signs=$(disk_signs "$device")
          if [ -n "$signs" ]; then
            disk_unfinished "$device" "$uuid" || {
              echo "$device is not empty any more: $signs" >&2
              return 1
            }
            force=-f
          fi
          mapped=$(printf '%s' "$uuid" | sed 's/-/\\\\\\\\x2d/g')
          text=$(printf '%s\\n' "$text" | sed "s/uuid-(new)/uuid-$mapped/; s/(new)/$uuid/") || return 1
          put_text "$file" "$text
          " || return
          say "making a file system on $device"
          case $type in
            xfs) try mkfs.xfs -q $force -i size=512 -m uuid="$uuid" -L "$label" "$device" ;;
            ext4) try mkfs.ext4 -q -I 512 -U "$uuid" -L "$label" "$device" ;;
          esac || return
          sync\
          """,
          List.of(DiskState.SIGNS, DiskState.UNFINISHED, FileTransfer.PUT_TEXT));

  /** {@code mount_disk UNIT PATH}: that the unit file is there is somebody else's doing. */
  private static final ShellFunction MOUNT =
      new ShellFunction(
          "mount_disk",
          """
          bring_unit "$1" - enable || return
          [ -n "$(mount_type "$2")" ] || bring_unit "$1" start -\
          """,
          List.of(UnitScripts.BRING, Mounts.TYPE));

  /** One device and where it belongs. */
  record Disk(GlusterVolume volume, String device) {
    String path() {
      return volume.brick().substring(0, volume.brick().lastIndexOf('/'));
    }

    String unit() {
      return UnitName.of(path()) + ".mount";
    }

    String file() {
      return UNITS + unit();
    }

    String type() {
      return volume.fileSystem().name().toLowerCase(Locale.ROOT);
    }

    /** As much of the volume's name as fits; XFS has room for 12. */
    String label() {
      var label = "g-" + volume.name();
      return label.length() > 12 ? label.substring(0, 12) : label;
    }

    Packages tools() {
      return switch (volume.fileSystem()) {
        case XFS -> Packages.of("xfsprogs");
        case EXT4 -> Packages.of("e2fsprogs");
      };
    }

    String text(String uuid) {
      var mapped = uuid.replace("-", "\\x2d");
      var model =
          new Model(
              volume.name(),
              device,
              uuid,
              path(),
              type(),
              "dev-disk-by\\x2duuid-%s.device".formatted(mapped));
      return ((Content.Plain) UNIT.render(model)).text();
    }

    io.provision.step.Question<DiskState> question() {
      return DiskState.of(device, path(), file());
    }
  }

  private static List<Disk> disks(Target.OnHost target) {
    var disks = new ArrayList<Disk>();
    if (DeclaredStorage.concerns(target)) {
      for (var volume : DeclaredStorage.volumes(target.inventory())) {
        volume
            .deviceOn(target.host().name())
            .ifPresent(device -> disks.add(new Disk(volume, device)));
      }
    }
    return disks;
  }

  /** What a step needs that works on what is mounted here; nothing without devices. */
  static Set<Need> mounted(Target.OnHost target) {
    return disks(target).isEmpty() ? Set.of() : Set.of(Need.all(DISKS, List.of(target.host())));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return disks(target).isEmpty()
        ? Set.of()
        : Set.of(Need.some(GlusterIdentity.NODE, DeclaredStorage.storage(target.inventory())));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var probes = Probes.NONE;
    for (var disk : disks(target)) {
      probes =
          probes
              .and(disk.tools().probes())
              .and(ServiceManagers.SYSTEMD.probes())
              .and(Probes.of(disk.question(), Units.of(disk.unit()), GlusterLook.INFO));
    }
    return probes;
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var disks = disks(target);
    if (disks.isEmpty()) {
      return new Check.Skipped("no brick of this host has a device of its own");
    }
    var view = PoolView.of(target.inventory(), known);
    var layouts = Layouts.of(target.inventory(), view, known.removals());
    var checks = new ArrayList<Check>();
    var paths = new ArrayList<String>();
    for (var disk : disks) {
      if (layouts.of(disk.volume()).all().contains(target.host().name())) {
        checks.add(ServiceManagers.SYSTEMD.check(seen));
        checks.add(disk.tools().check(seen));
        var boot = seen.of(Units.of(disk.unit())).boot();
        checks.add(check(target.host().name(), disk, seen.of(disk.question()), boot));
        paths.add(disk.path());
      }
    }
    return Checks.then(
        Checks.together(checks), () -> new Check.InSync(Observed.of(DISKS, new Mounted(paths))));
  }

  /**
   * @param boot as systemd says it of the unit, such as {@code enabled}
   */
  static Check check(HostName self, Disk disk, DiskState state, String boot) {
    var refusal = refusal(self, disk, state);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    var isMounted = !state.mounted().isEmpty();
    if (isMounted && state.ours().isEmpty() && state.fstab()) {
      return new Check.InSync(); // somebody's own mount of this device
    }
    var make = !isMounted && state.elsewhere().isEmpty() && isEmpty(state);
    var uuid = uuid(state, make);
    if (!state.unit().equals(disk.text(uuid))) {
      var action = state.unit().isEmpty() ? Change.Action.CREATE : Change.Action.UPDATE;
      changes.add(
          new Change(action, disk.file(), new Change.Detail.Text(state.unit(), disk.text(uuid))));
      if (!make) {
        scripts.add(Script.of(FileTransfer.PUT_TEXT, disk.file(), disk.text(uuid)));
      }
    }
    if (make) {
      changes.add(
          Change.of(
              Change.Action.CREATE,
              "%s on %s".formatted(disk.type(), disk.device()),
              state.unfinished() ? "begun and not finished" : "empty",
              "for the brick of " + disk.volume().name()));
      scripts.add(
          Script.of(MAKE, disk.device(), disk.type(), disk.label(), disk.file(), disk.text(NEW))
              .within(Duration.ofMinutes(30)));
    }
    if (!boot.equals("enabled")) {
      changes.add(Change.of(Change.Action.ENABLE, "unit " + disk.unit()));
    }
    if (!isMounted) {
      changes.add(Change.of(Change.Action.START, "mount " + disk.path(), "not mounted", "mounted"));
    }
    if (changes.isEmpty()) {
      return new Check.InSync();
    }
    scripts.add(Script.of(MOUNT, disk.unit(), disk.path()).within(Duration.ofMinutes(5)));
    return new Check.Drift(changes, new Repair.OnHost(scripts, true));
  }

  private static String uuid(DiskState state, boolean make) {
    if (!state.mounted().isEmpty()) {
      return state.mountedUuid();
    }
    return state.ours().orElse(make ? NEW : state.uuid());
  }

  /** Nothing is on it, or what a making of ours began. */
  private static boolean isEmpty(DiskState state) {
    return state.signs().isEmpty()
        || state.unfinished() && state.ours().equals(Optional.of(state.uuid()));
  }

  private static Optional<Check> refusal(HostName self, Disk disk, DiskState state) {
    var path = disk.path();
    if (!state.mounted().isEmpty()) {
      var isOurs = state.ours().equals(Optional.of(state.mountedUuid()));
      return isOurs || state.mounted().equals(state.device()) && !state.mountedUuid().isEmpty()
          ? Optional.empty()
          : refuse(
              "%s is mounted at %s, and the inventory says %s"
                  .formatted(state.mounted(), path, disk.device()),
              "unmount it, or correct brick_device (brick_devices for %s alone)".formatted(self));
    }
    if (state.occupied()) {
      return refuse(
          "the directory %s, where %s is to be mounted, is not empty"
              .formatted(path, disk.device()),
          "move away what is in it, then run again");
    }
    if (!state.elsewhere().isEmpty()) {
      return Optional.empty(); // names of devices change places; the UUID does not
    }
    if (state.device().isEmpty()) {
      return refuse(
          "there is no block device " + disk.device(),
          "see lsblk on %s; where its name differs from the others', say so in brick_devices"
              .formatted(self));
    }
    if (isEmpty(state) || state.ours().equals(Optional.of(state.uuid()))) {
      return Optional.empty();
    }
    return refuse(
        "%s is not empty: %s".formatted(disk.device(), String.join("; ", state.signs())),
        "nothing is ever made on such a device: name another one; if it is the brick's own file"
            + " system, mount it at %s; if nothing on it is needed, 'wipefs -a' on %s; then run"
                .formatted(path, self)
            + " again");
  }

  private static Optional<Check> refuse(String what, String remedy) {
    return Optional.of(new Check.Refused(what, remedy));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return disks(target).isEmpty() ? Set.of() : Set.of(DISKS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.INSTALL,
        Change.Action.UPGRADE,
        Change.Action.CREATE,
        Change.Action.UPDATE,
        Change.Action.ENABLE,
        Change.Action.START);
  }
}
