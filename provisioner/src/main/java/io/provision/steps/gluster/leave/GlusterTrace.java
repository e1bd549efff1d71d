package io.provision.steps.gluster.leave;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.gate.HealthSamples;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.PoolView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code gluster-trace}: what this host knows of hosts and volumes that the inventory does not name
 * any more: the pool's own files are the record, so that nobody who left must answer. A host that
 * has lost the role of a storage host knows them as well. Only where there is such a thing the
 * first few hosts ask the pool how all of it is. Changes nothing.
 */
public record GlusterTrace() implements Step<Target.OnHost> {
  private static final int ASKING = 3;

  static final Output<Trace> TRACE = new Output<>("gluster-trace", Trace.class);

  /**
   * What one host knows.
   *
   * @param marks bricks on this host that carry our mark, as {@code VOLUME PATH}
   */
  record Trace(GlusterHealth.Seen seen, Set<String> marks) {
    Trace {
      marks = Collections.unmodifiableSet(new TreeSet<>(marks));
    }

    /** Whether it has never been in a pool, or knows of none any more. */
    boolean isNew() {
      return seen.uuid().isEmpty() || seen.pool().value().filter(Pool::isAlone).isPresent();
    }

    /** Whether it is in a pool or has volumes. */
    boolean isSettled() {
      return seen.pool() instanceof Reading.Of<Pool>(var pool)
          && seen.volumes() instanceof Reading.Of<List<VolumeInfo>>(var volumes)
          && (!pool.isAlone() || !volumes.isEmpty());
    }
  }

  /**
   * {@code look_gluster_trace ASKS VOLUME... -- HOST... -- BEFORE...}: {@code mark VOLUME PATH} a
   * line, and after {@code asked} what the pool says, if a volume or a peer is not among those
   * named. ASKS is yes, no, or {@code alone}: unless a HOST is a peer, which asks then, or three of
   * those before it are.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_gluster_trace",
          """
          asks=$1 volumes=' ' hosts=' ' before=' ' ahead=0 served=no strange=no
          shift
          while [ $# -gt 0 ] && [ "$1" != -- ]; do volumes="$volumes$1 "; shift; done
          [ $# -eq 0 ] || shift
          while [ $# -gt 0 ] && [ "$1" != -- ]; do hosts="$hosts$1 "; shift; done
          [ $# -eq 0 ] || shift
          for name do before="$before$name "; done
          for file in /var/lib/glusterd/peers/*; do
            [ -f "$file" ] || continue
            known=no first=no
            for name in $(sed -n 's/^hostname[0-9]*=//p' "$file"); do
              case $hosts in *" $name "*) known=yes ;; esac
              case $before in *" $name "*) first=yes ;; esac
            done
            [ "$known" = no ] && strange=yes || served=yes
            [ "$first" = no ] || ahead=$((ahead + 1))
          done
          for info in /var/lib/glusterd/vols/*/info; do
            [ -f "$info" ] || continue
            volume=${info%/info} volume=${volume##*/}
            case $volumes in *" $volume "*) ;; *) strange=yes ;; esac
            for path in $(sed -n 's/^path=//p' "${info%/info}"/bricks/*); do
              marker=${path%/*}/.provision-brick.${path##*/}
              [ -f "$marker" ] || continue
              [ "$(head -c 1000 "$marker" | head -n 1)" = "brick $path of volume $volume, made by provision" ] &&
                echo "mark $volume $path"
            done
          done
          [ "$asks" != alone ] || [ "$served" = yes ] || [ "$ahead" -ge 3 ] || asks=yes
          [ "$asks" = yes ] && [ "$strange" = yes ] || return 0
          echo asked
          ask_gluster_health 1 yes\
          """,
          List.of(HealthSamples.ASK));

  record Look(Set<String> marks, Optional<HealthSamples.Asked> asked) {}

  static Look read(Frame frame) {
    var marks = new TreeSet<String>();
    var output = frame.output();
    var end = output.startsWith("asked\n") ? 0 : output.indexOf("\nasked\n") + 1;
    var hasAsked = output.startsWith("asked\n") || end > 0;
    var head = hasAsked ? output.substring(0, end) : output;
    for (var line : head.split("\n")) {
      if (line.startsWith("mark ")) {
        marks.add(line.substring(5));
      }
    }
    return new Look(
        marks,
        hasAsked
            ? HealthSamples.read(
                    new Frame(frame.status(), output.substring(end + "asked\n".length())))
                .stream()
                .findFirst()
                .flatMap(HealthSamples.Sample::asked)
            : Optional.empty());
  }

  private static final Kind<Look> KIND = Kind.volatileSingle(LOOK, GlusterTrace::read);

  /** Hosts that should be in the pool, whether a volume is declared or not. */
  static List<Host> storage(Inventory inventory) {
    return inventory.with(Role.STORAGE);
  }

  /** Whether this host should be in the pool. */
  static boolean concerns(Target.OnHost target) {
    return target.host().is(Role.STORAGE);
  }

  /** All that {@link #trace} reads. */
  static Probes questions(Target.OnHost target) {
    return Probes.of(GlusterLook.UUID, GlusterLook.PEERS, GlusterLook.INFO, question(target));
  }

  private static Question<Look> question(Target.OnHost target) {
    var self = target.host().name();
    var storage = PoolView.names(storage(target.inventory()));
    var words = new ArrayList<String>();
    if (concerns(target)) {
      words.add(storage.stream().limit(ASKING).anyMatch(self::equals) ? "yes" : "no");
      DeclaredStorage.volumes(target.inventory()).forEach(volume -> words.add(volume.name()));
    } else {
      words.add("alone"); // whatever it knows is strange
    }
    words.add("--");
    storage.forEach(host -> words.add(host.value()));
    words.add("--");
    if (!concerns(target)) {
      PoolView.names(target.inventory().hosts()).stream()
          .takeWhile(host -> !host.equals(self))
          .forEach(host -> words.add(host.value()));
    }
    return new Question<>(KIND, words);
  }

  static Trace trace(Target.OnHost target, Observations seen) {
    var look = seen.of(question(target));
    return new Trace(
        new GlusterHealth.Seen(
            seen.of(GlusterLook.UUID),
            seen.of(GlusterLook.PEERS),
            seen.of(GlusterLook.INFO),
            look.asked()),
        look.marks());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return questions(target);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(TRACE, trace(target, seen)));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(TRACE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
