package io.provision.steps.gluster.volume;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import java.time.Duration;
import java.util.List;

/**
 * The bricks of a host that goes away for a while. A brick that ends itself closes its connections,
 * and clients go on with the others at once; one whose host is silent is waited for, 42 s as
 * GlusterFS makes it, and all writes wait meanwhile.
 */
public final class BrickPause {
  /** {@code running_bricks DIRECTORY...}: the process ids of those whose pid files are there. */
  private static final ShellFunction RUNNING =
      new ShellFunction(
          "running_bricks",
          """
          for directory do
            for file in "$directory"/*.pid; do
              pid=$(cat "$file" 2>/dev/null) && [ -n "$pid" ] || continue
              tr '\\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q glusterfsd && echo "$pid"
            done
          done
          return 0\
          """);

  /** {@code pause_bricks}: all of this host, whatever volume they are of. */
  private static final ShellFunction END =
      new ShellFunction(
          "pause_bricks",
          """
          pids=$(running_bricks /var/run/gluster/vols/*)
          [ -n "$pids" ] || return 0
          say "ending its bricks, so that clients go on with the others at once (20 s at most)"
          kill $pids 2>/dev/null
          left=20
          while [ -n "$(running_bricks /var/run/gluster/vols/*)" ]; do
            left=$((left - 1))
            if [ "$left" -le 0 ]; then
              say "a brick does not end, and does once the host goes down"
              return 0
            fi
            sleep 1
          done
          return 0\
          """,
          List.of(RUNNING));

  /**
   * {@code resume_bricks VOLUME...}: those of volumes of which none runs here. They come by
   * themselves after a boot, with their daemon. Whatever comes of it is looked at then.
   */
  private static final ShellFunction RESUME =
      new ShellFunction(
          "resume_bricks",
          """
          left=30
          while :; do
            missing=
            for volume do
              [ -n "$(running_bricks "/var/run/gluster/vols/$volume")" ] || missing="$missing $volume"
            done
            [ -n "$missing" ] || return 0
            [ "$left" -ne 30 ] || say "waiting until its bricks run (30 s at most):$missing"
            left=$((left - 1))
            [ "$left" -gt 0 ] || break
            sleep 1
          done
          start_processes $missing
          return 0\
          """,
          List.of(RUNNING, GlusterOnline.START));

  private BrickPause() {}

  public static Script ended() {
    return Script.of(END);
  }

  public static Script over(Target.OnHost target) {
    var volumes =
        DeclaredStorage.volumes(target.inventory()).stream()
            .map(GlusterVolume::name)
            .toArray(String[]::new);
    return Script.of(RESUME, volumes).within(Duration.ofMinutes(10));
  }
}
