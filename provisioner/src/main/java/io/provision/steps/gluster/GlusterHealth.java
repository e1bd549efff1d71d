package io.provision.steps.gluster;

import io.provision.model.Host;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code gluster-health}: what each storage host sees of the pool, and what the first few of them
 * hear of processes and of what waits to be healed. For the gate. Changes nothing.
 */
public record GlusterHealth() implements Step<Target.OnHost> {
  /** How many hosts ask the whole pool: one that answers is enough, and they disturb each other. */
  private static final int ASKING = 3;

  static final Output<Seen> HEALTH = new Output<>("gluster-health", Seen.class);

  /**
   * What one host saw.
   *
   * @param asked empty on a host that did not ask the whole pool
   */
  record Seen(
      String uuid, Reading<Pool> pool, Reading<List<Volume>> volumes, Optional<Asked> asked) {
    @Override
    public String toString() {
      return pool.map(it -> "pool of " + it.peers().size()).value().orElse(pool.why());
    }
  }

  /** The pool's answer. */
  record Asked(Map<String, Reading<VolumeStatus>> status, Map<String, Reading<HealSummary>> heal) {
    Asked {
      status = Collections.unmodifiableMap(new TreeMap<>(status));
      heal = Collections.unmodifiableMap(new TreeMap<>(heal));
    }
  }

  /** Status takes locks of the pool: where another has them it is asked again. */
  static final ShellFunction ASK =
      new ShellFunction(
          "ask_gluster_health",
          """
          [ -s /var/lib/glusterd/glusterd.info ] || return 1
          for volume in /var/lib/glusterd/vols/*/info; do
            [ -f "$volume" ] || continue
            volume=${volume%/info} volume=${volume##*/}
            tries=20
            while :; do
              answer=$(gluster --mode=script --xml --timeout=120 volume status "$volume" 2>&1)
              case $answer in
                *'Another transaction is in progress'* | *'Locking failed'*) ;;
                *) break ;;
              esac
              tries=$((tries - 1))
              [ "$tries" -gt 0 ] || break
              sleep 0.5
            done
            printf '@status %s\\n%s\\n' "$volume" "$answer"
            echo "@heal $volume"
            gluster --mode=script --xml --timeout=120 volume heal "$volume" info summary 2>&1
            echo
          done
          return 0\
          """);

  private static final Question<Asked> POOL_WIDE =
      Question.of(Kind.volatileSingle(ASK, GlusterHealth::read));

  static Asked read(Frame frame) {
    var status = new HashMap<String, Reading<VolumeStatus>>();
    var heal = new HashMap<String, Reading<HealSummary>>();
    for (var part : frame.output().split("(?m)^@")) {
      var end = part.indexOf('\n');
      var title = end < 0 ? part : part.substring(0, end);
      var body = end < 0 ? "" : part.substring(end + 1);
      if (title.startsWith("status ")) {
        status.put(title.substring(7), VolumeStatus.read(body));
      } else if (title.startsWith("heal ")) {
        heal.put(title.substring(5), HealSummary.read(body));
      }
    }
    return new Asked(status, heal);
  }

  private static boolean asks(Target.OnHost target) {
    return GlusterServer.storage(target.inventory()).stream()
        .limit(ASKING)
        .map(Host::name)
        .anyMatch(target.host().name()::equals);
  }

  @Override
  public Probes probes(Target.OnHost target) {
    if (!GlusterServer.concerns(target)) {
      return Probes.NONE;
    }
    var own = Probes.of(GlusterLook.UUID, GlusterLook.PEERS, GlusterLook.INFO);
    return asks(target) ? own.and(Probes.of(POOL_WIDE)) : own;
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!GlusterServer.concerns(target)) {
      return GlusterServer.NO_VOLUMES;
    }
    var health =
        new Seen(
            seen.of(GlusterLook.UUID),
            seen.of(GlusterLook.PEERS),
            seen.of(GlusterLook.INFO),
            asks(target) ? Optional.of(seen.of(POOL_WIDE)) : Optional.empty());
    return new Check.InSync(Observed.of(HEALTH, health));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return GlusterServer.concerns(target) ? Set.of(HEALTH) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
