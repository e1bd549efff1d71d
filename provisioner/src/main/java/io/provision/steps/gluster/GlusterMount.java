package io.provision.steps.gluster;

import io.provision.model.Content;
import io.provision.model.GlusterVolume;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.Packages;
import io.provision.resource.Pieces;
import io.provision.resource.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code gluster-mount}: each volume is mounted where the inventory says, now and after every boot:
 * by an automount for whoever comes first, and by a unit that tries until it is there. The
 * directory beneath is immutable, so that nothing is ever written under an absent mount; a file in
 * the volume says which it is. What is mounted is never unmounted, unless it is dead.
 */
public record GlusterMount() implements Step<Target.OnHost> {
  private static final String UNITS = "/etc/systemd/system/";
  private static final int MOST_BACKUPS = 4;
  private static final Packages CLIENT = Packages.of("glusterfs-client");
  private static final Template MOUNT = Template.of("gluster/mount.ftl");
  private static final Template AUTOMOUNT = Template.of("gluster/automount.ftl");
  private static final Template KEEPER = Template.of("gluster/keeper.service.ftl");

  private record Model(
      String volume, String server, List<String> backups, String path, String unit) {}

  /** A unit file with what it should hold. */
  private record UnitFile(String name, String text) {
    String path() {
      return UNITS + name;
    }
  }

  /** {@code bring_mount PATH UNIT KEEPER ID LOG}: UNIT without its type. */
  private static final ShellFunction BRING =
      new ShellFunction(
          "bring_mount",
          """
          path=$1 unit=$2 keeper=$3 id=$4 log=$5
          type() { awk -v at="$path" '$5 == at { for (i = 7; $i != "-"; i++); t = $(i + 1) } END { print t }' /proc/self/mountinfo; }
          if [ "$(type)" = fuse.glusterfs ] && ! timeout -s KILL 10 ls "$path/." >/dev/null 2>&1; then
            say "the mount at $path is dead: mounting it anew"
            umount -l "$path" || return 1
          fi
          [ -n "$(type)" ] || [ -d "$path" ] || (umask 022 && mkdir -p -- "$path") || return 1
          parent=${path%/*}
          unshare -m sh -c 'mount --bind "$1" "$1" && cd "$1" && chattr +i "./$2"' sh "${parent:-/}" "${path##*/}" || {
            echo "the directory $path cannot be made immutable: its file system cannot do that (see chattr)" >&2
            return 1
          }
          systemctl daemon-reload && systemctl enable --quiet "$unit.automount" "$keeper" || return 1
          systemctl reset-failed "$unit.automount" "$unit.mount" 2>/dev/null
          [ -n "$(type)" ] || systemctl start "$unit.automount" || return 1
          if [ "$(type)" != fuse.glusterfs ]; then
            tries=30
            until systemctl start "$unit.mount" 2>/dev/null && [ "$(type)" = fuse.glusterfs ]; do
              tries=$((tries - 1))
              if [ "$tries" -le 0 ]; then
                systemctl --no-pager --lines=0 status "$unit.mount" >&2
                tail -n 6 "$log" >&2
                return 1
              fi
              [ "$tries" -ne 29 ] || say "waiting for the bricks"
              sleep 2
            done
          fi
          systemctl start --no-block "$keeper"
          if [ ! -e "$path/.provision-volume" ]; then
            # A link, not a rename: of several hosts that come here at once the first one stays.
            temp=$path/.provision-volume.$(cat /proc/sys/kernel/random/uuid)
            (umask 022 && printf '%s\\n' "$id" >"$temp") && sync "$temp" || return 1
            ln "$temp" "$path/.provision-volume" 2>/dev/null
            rm -f "$temp"
            [ -s "$path/.provision-volume" ] || return 1
          fi
          return 0\
          """);

  /** The volumes that are mounted on this host. */
  static List<GlusterVolume> mounted(Target.OnHost target) {
    return GlusterServer.volumes(target.inventory()).stream()
        .filter(it -> it.mount().isPresent())
        .filter(it -> it.mountOn().isEmpty() || it.mountOn().contains(target.host().name()))
        .toList();
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return mounted(target).isEmpty()
        ? Set.of()
        : Set.of(Need.any(GlusterVolumes.VOLUMES, GlusterServer.storage(target.inventory())));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var volumes = mounted(target);
    if (volumes.isEmpty()) {
      return Probes.NONE;
    }
    var probes = CLIENT.probes();
    for (var volume : volumes) {
      probes =
          probes.and(
              Probes.of(
                  question(volume),
                  Units.of(unit(path(volume)) + ".automount"),
                  Units.of(unit(path(volume)) + ".mount"),
                  Units.of(keeper(volume))));
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
    return Pieces.merge(checks);
  }

  private static Check check(
      Target.OnHost target, GlusterVolume volume, String id, Observations seen) {
    var state = seen.of(question(volume));
    var refusal = refusal(volume, id, state);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var path = path(volume);
    var subject = "mount " + path;
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    for (var file : files(target, volume)) {
      var is = state.units().getOrDefault(file.name(), "");
      if (!is.equals(file.text())) {
        var action = is.isEmpty() ? Change.Action.CREATE : Change.Action.UPDATE;
        changes.add(new Change(action, file.path(), new Change.Detail.Text(is, file.text())));
        scripts.add(write(file));
      }
    }
    if (!state.directory()) {
      changes.add(Change.of(Change.Action.CREATE, path, "", "immutable directory"));
    } else if (!state.immutable()) {
      changes.add(Change.of(Change.Action.UPDATE, path, "", "immutable"));
    }
    units(volume, state, seen, changes);
    if (!state.isMounted()) {
      changes.add(Change.of(Change.Action.START, subject, "not mounted", "mounted"));
    } else if (state.answer().equals("dead")) {
      changes.add(Change.of(Change.Action.RESTART, subject, "dead", "mounted"));
    } else if (state.sentinel().isEmpty()) {
      changes.add(Change.of(Change.Action.CREATE, path + "/" + MountState.SENTINEL));
    }
    if (changes.isEmpty()) {
      return new Check.InSync();
    }
    scripts.add(
        Script.of(BRING, path, unit(path), keeper(volume), id, log(path))
            .within(Duration.ofMinutes(5)));
    return new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  private static void units(
      GlusterVolume volume, MountState state, Observations seen, List<Change> changes) {
    var automount = unit(path(volume)) + ".automount";
    var unit = seen.of(Units.of(automount));
    if (!unit.boot().equals("enabled")) {
      changes.add(Change.of(Change.Action.ENABLE, "unit " + automount));
    }
    if (!unit.isRunning() && !state.isMounted()) {
      changes.add(Change.of(Change.Action.START, "unit " + automount));
    }
    if (!seen.of(Units.of(keeper(volume))).boot().equals("enabled")) {
      changes.add(Change.of(Change.Action.ENABLE, "unit " + keeper(volume)));
    }
    for (var name : List.of(automount, unit(path(volume)) + ".mount", keeper(volume))) {
      if (seen.of(Units.of(name)).reloadNeeded()) {
        changes.add(Change.of(Change.Action.UPDATE, "unit " + name, "", "reloaded"));
      }
    }
  }

  private static Optional<Check> refusal(GlusterVolume volume, String id, MountState state) {
    var path = path(volume);
    if (!state.type().isEmpty() && !state.isMounted() && !state.type().equals("autofs")) {
      return refuse(
          "something else is mounted at %s (%s, %s)".formatted(path, state.source(), state.type()),
          "unmount it, or take another directory");
    }
    if (state.answer().equals("hung")) {
      return refuse(
          "the mount at %s does not answer within 5 s".formatted(path),
          "see 'provision gluster check': bricks may be down or unreachable; it comes back by"
              + " itself with them");
    }
    if (!state.sentinel().isEmpty() && !state.sentinel().equals(id)) {
      return refuse(
          "%s holds volume id %s, and %s is %s"
              .formatted(path, state.sentinel(), volume.name(), id),
          "unmount it ('systemctl stop %s.mount'), then run again".formatted(unit(path)));
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

  private static Script write(UnitFile file) {
    var content = Content.of(file.text());
    return Script.of(
            ManagedFile.writeFunction(),
            file.path(),
            "0644",
            "root",
            "root",
            content.sha256().hex(),
            "-")
        .with(new Payload.Bytes(content));
  }

  private static List<UnitFile> files(Target.OnHost target, GlusterVolume volume) {
    var self = target.host().name();
    var storage = PoolView.names(target.inventory().with(Role.STORAGE));
    var servers =
        Stream.concat(
                storage.stream().filter(self::equals),
                storage.stream().filter(it -> !it.equals(self)))
            .map(HostName::value)
            .toList();
    var path = path(volume);
    var model =
        new Model(
            volume.name(),
            servers.getFirst(),
            servers.subList(1, Math.min(servers.size(), 1 + MOST_BACKUPS)),
            path,
            unit(path).replace("\\", "\\\\"));
    return List.of(
        new UnitFile(unit(path) + ".mount", text(MOUNT, model)),
        new UnitFile(unit(path) + ".automount", text(AUTOMOUNT, model)),
        new UnitFile(keeper(volume), text(KEEPER, model)));
  }

  private static String text(Template template, Model model) {
    return ((Content.Plain) template.render(model)).text();
  }

  static Question<MountState> question(GlusterVolume volume) {
    var unit = unit(path(volume));
    return MountState.of(
        path(volume), UNITS + unit + ".mount", UNITS + unit + ".automount", UNITS + keeper(volume));
  }

  private static String path(GlusterVolume volume) {
    return volume.mount().orElseThrow();
  }

  private static String keeper(GlusterVolume volume) {
    return "provision-gluster-%s.service".formatted(volume.name());
  }

  private static String log(String path) {
    return "/var/log/glusterfs/%s.log".formatted(path.substring(1).replace('/', '-'));
  }

  /** The name systemd gives to a path, without a type; see systemd-escape(1). */
  static String unit(String path) {
    var name = new StringBuilder();
    var bytes = path.substring(1).getBytes(StandardCharsets.UTF_8);
    for (var i = 0; i < bytes.length; i++) {
      var c = (char) (bytes[i] & 0xff);
      if (c == '/') {
        name.append('-');
      } else if (c < 128
          && (Character.isLetterOrDigit(c) || c == ':' || c == '_' || c == '.' && i > 0)) {
        name.append(c);
      } else {
        name.append("\\x%02x".formatted((int) c));
      }
    }
    return name.toString();
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
