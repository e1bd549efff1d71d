package io.provision.steps.gluster.leave;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code gluster-unmount}: a volume that left the inventory is mounted nowhere, where a run was
 * asked to remove it: units, keeper and the empty immutable directory of ours go. The unit files
 * are the record. A mount that is in use stays, and that is a failure.
 */
public record GlusterUnmount() implements Step<Target.OnHost> {
  /** A unit of ours that mounts a volume. */
  record Mount(String volume, String unit, String path) {}

  /** {@code look_gluster_units}: {@code VOLUME UNIT PATH} a line, of units that we wrote. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_gluster_units",
          """
          for file in /etc/systemd/system/*.mount; do
            [ -f "$file" ] || continue
            [ "$(head -n 1 "$file")" = '# Written by provision.' ] || continue
            grep -qx Type=glusterfs "$file" || continue
            volume=$(sed -n 's:^What=[^/]*\\:/::p' "$file" | head -n 1)
            unit=${file##*/}
            echo "$volume ${unit%.mount} $(sed -n 's/^Where=//p' "$file" | head -n 1)"
          done
          return 0\
          """);

  /** {@code end_mount PATH UNIT VOLUME}: UNIT without its type. */
  private static final ShellFunction END =
      new ShellFunction(
          "end_mount",
          """
          path=$1 unit=$2 volume=$3
          keeper=provision-gluster-$volume.service
          mounted() { awk -v at="$path" '$5 == at { for (i = 7; $i != "-"; i++); if ($(i + 1) == "fuse.glusterfs") found = 1 } END { exit !found }' /proc/self/mountinfo; }
          systemctl stop "$keeper" 2>/dev/null
          if mounted && { umount "$path" 2>/dev/null; mounted; }; then
            users=$(for process in /proc/[0-9]*; do
              ls -l "$process/cwd" "$process/root" "$process/fd" 2>/dev/null | grep -q " -> $path\\(/\\|\\$\\)" && printf '%s (%s) ' "${process#/proc/}" "$(cat "$process/comm")"
            done)
            echo "the mount at $path is in use by ${users:-a process that does not show}: end that, then run again" >&2
            systemctl start --no-block "$keeper"
            return 1
          fi
          systemctl stop "$unit.automount" "$unit.mount" 2>/dev/null
          systemctl disable --quiet "$unit.automount" "$keeper" 2>/dev/null
          if [ -d "$path" ]; then
            chattr -i "$path" 2>/dev/null
            rmdir "$path" 2>/dev/null || say "note: $path is not empty and stays"
          fi
          rm -f "/etc/systemd/system/$keeper" "/etc/systemd/system/$unit.automount" "/etc/systemd/system/$unit.mount"
          systemctl daemon-reload
          systemctl reset-failed "$unit.automount" "$unit.mount" "$keeper" 2>/dev/null
          return 0\
          """);

  private static final Question<List<Mount>> MOUNTS =
      Question.of(Kind.single(LOOK, GlusterUnmount::read));

  static List<Mount> read(Frame frame) {
    var mounts = new ArrayList<Mount>();
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ", 3);
      if (words.length == 3 && !words[0].isEmpty() && words[2].startsWith("/")) {
        mounts.add(new Mount(words[0], words[1], words[2]));
      }
    }
    return List.copyOf(mounts);
  }

  @Override
  public Set<Need> removalNeeds(Target.OnHost target) {
    return Set.of(Need.some(GlusterTrace.TRACE, target.inventory().hosts()));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(MOUNTS);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var mounts = seen.of(MOUNTS);
    var rest =
        new Check.InSync(
            Observed.of(
                LeftoverVolumes.MOUNTED,
                new NameSet(mounts.stream().map(Mount::volume).collect(Collectors.toSet()))));
    var declared =
        DeclaredStorage.volumes(target.inventory()).stream()
            .map(GlusterVolume::name)
            .collect(Collectors.toSet());
    var departures =
        mounts.stream()
            .filter(mount -> !declared.contains(mount.volume()))
            .map(mount -> departure(target, mount, known))
            .toList();
    return departures.isEmpty() ? rest : new Check.Leaving(departures, rest);
  }

  private static Departure departure(Target.OnHost target, Mount mount, Known known) {
    var changes = List.of(Change.of(Change.Action.REMOVE, "mount " + mount.path(), "mounted", ""));
    var refusal = refusal(target, mount, known);
    return new Departure(
        Set.of(LeftoverVolumes.orphan(mount.volume())),
        changes,
        refusal.orElseGet(() ->
            new Check.Drift(
                changes,
                new Repair.OnHost(
                    Script.of(END, mount.path(), mount.unit(), mount.volume())
                        .within(Duration.ofMinutes(5))))));
  }

  /** It stays mounted where the volume cannot be removed. */
  private static Optional<Check> refusal(Target.OnHost target, Mount mount, Known known) {
    var traces = known.all(GlusterTrace.TRACE);
    for (var host : PoolView.names(target.inventory().hosts())) {
      var trace = Optional.ofNullable(traces.get(host));
      var volume =
          trace
              .flatMap(it -> it.seen().volumes().value())
              .flatMap(volumes -> VolumeInfo.find(volumes, mount.volume()));
      if (volume.isPresent()) {
        var members = LeftPool.members(target.inventory(), host, trace.get());
        var view = LeftPool.view(members, traces, known);
        return LeftoverVolumes.refusal(volume.get(), view, traces);
      }
    }
    return Optional.empty();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(LeftoverVolumes.MOUNTED);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.REMOVE);
  }
}
