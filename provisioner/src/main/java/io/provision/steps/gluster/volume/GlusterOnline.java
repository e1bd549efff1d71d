package io.provision.steps.gluster.volume;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.GlusterScripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code gluster-online}: the brick processes and self-heal daemons of this host run. After a cold
 * start of all hosts, and after a crash, gluster does not start them by itself.
 */
public record GlusterOnline() implements Step<Target.OnHost> {
  /** {@code look_gluster_processes}: {@code brick VOLUME FILE} or {@code shd VOLUME} a line. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_gluster_processes",
          """
          for file in /var/run/gluster/vols/*/*.pid; do
            tr '\\0' ' ' <"/proc/$(cat "$file")/cmdline" | grep -q glusterfsd || continue
            volume=${file%/*}
            echo "brick ${volume##*/} ${file##*/}"
          done
          for file in /var/run/gluster/shd/*/*-shd.pid; do
            tr '\\0' ' ' <"/proc/$(cat "$file")/cmdline" | grep -q glustershd || continue
            volume=${file%/*}
            echo "shd ${volume##*/}"
          done
          return 0\
          """);

  private static final ShellFunction KNOWN =
      new ShellFunction(
          "volumes_known",
          """
          for volume do [ -s "/var/lib/glusterd/vols/$volume/info" ] || return 1; done\
          """);

  /**
   * {@code start_processes VOLUME...}. One self-heal daemon serves all volumes of a host. After its
   * glusterd was down it can say that it serves a volume and have no pid file for it, and then
   * glusterd calls it down for good (seen with 10.3): only a fresh one helps.
   */
  static final ShellFunction START =
      new ShellFunction(
          "start_processes",
          """
          for volume do
            say "starting what is missing of $volume"
            gluster_do volume start "$volume" force || return 1
          done
          sleep 2
          stale=no
          for volume do
            [ ! -d "/var/run/gluster/shd/$volume" ] || [ -s "/var/run/gluster/shd/$volume/$volume-shd.pid" ] || stale=yes
          done
          [ "$stale" = yes ] || return 0
          say "starting the self-heal daemon anew"
          cat /var/run/gluster/shd/*/*-shd.pid 2>/dev/null | sort -u | while read -r pid; do kill "$pid"; done
          sleep 1
          for directory in /var/run/gluster/shd/*/; do
            volume=${directory%/}
            gluster_do volume start "${volume##*/}" force || return 1
          done
          sleep 2\
          """,
          List.of(GlusterScripts.DO));

  private static final Question<Set<String>> PROCESSES =
      Question.of(Kind.single(LOOK, GlusterOnline::read));

  private static Set<String> read(Frame frame) {
    return java.util.Collections.unmodifiableSet(
        new TreeSet<>(List.of(frame.output().split("\n"))));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Set.of(Need.any(GlusterVolumes.VOLUMES, DeclaredStorage.storage(target.inventory())))
        : Set.of();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Probes.of(GlusterLook.UUID, GlusterLook.INFO, GlusterLook.PEERS, PROCESSES)
        : Probes.NONE;
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!DeclaredStorage.concerns(target)) {
      return DeclaredStorage.NO_VOLUMES;
    }
    if (!(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return GlusterIdentity.unanswered(seen);
    }
    var declared =
        DeclaredStorage.volumes(target.inventory()).stream().map(it -> it.name()).toList();
    var unknown = declared.stream().filter(it -> VolumeInfo.find(volumes, it).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      return new Check.NotYet(
          "the pool to tell of volume " + String.join(", ", unknown),
          Duration.ofMinutes(1),
          Call.of(KNOWN, unknown.toArray(String[]::new)),
          Call.of(GlusterScripts.SHOW_POOL));
    }
    return check(
        seen.of(GlusterLook.UUID),
        volumes.stream().filter(it -> declared.contains(it.name())).toList(),
        seen.of(PROCESSES));
  }

  static Check check(String uuid, List<VolumeInfo> volumes, Set<String> processes) {
    var changes = new ArrayList<Change>();
    var start = new TreeSet<String>();
    for (var volume : volumes) {
      var own = volume.bricks().stream().filter(it -> it.uuid().equals(uuid)).toList();
      for (var brick : own) {
        var file = "%s%s.pid".formatted(brick.host(), brick.path().replace('/', '-'));
        if (!processes.contains("brick %s %s".formatted(volume.name(), file))) {
          changes.add(Change.of(Change.Action.START, "brick " + brick));
          start.add(volume.name());
        }
      }
      if (!own.isEmpty() && volume.heals() && !processes.contains("shd " + volume.name())) {
        changes.add(Change.of(Change.Action.START, "self-heal daemon of " + volume.name()));
        start.add(volume.name());
      }
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(
            changes, new Repair.OnHost(Script.of(START, start.toArray(String[]::new))));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.START);
  }
}
