package io.provision.steps.gluster.volume;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;

/** What of GlusterFS runs besides bricks on a host that goes down with all others. */
public final class DaemonPause {
  /**
   * {@code stop_gluster UNIT}: its daemon, and the one that heals; behind the bricks, which tell
   * their daemon that they go.
   */
  private static final ShellFunction END =
      new ShellFunction(
          "stop_gluster",
          """
          say "stopping $1 and the self-heal daemon"
          try systemctl stop -- "$1" || return
          left=20
          while :; do
            pids=$(cat /var/run/gluster/shd/*/*-shd.pid 2>/dev/null | sort -u | while read -r pid; do
              tr '\\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q glustershd && echo "$pid"
            done)
            [ -n "$pids" ] || return 0
            [ "$left" -ne 20 ] || kill $pids 2>/dev/null
            left=$((left - 1))
            [ "$left" -gt 0 ] || {
              echo "the self-heal daemon does not end: $pids" >&2
              return 1
            }
            sleep 1
          done\
          """);

  private DaemonPause() {}

  /**
   * The script that stops it.
   *
   * @param unit of the daemon
   */
  public static Script ended(String unit) {
    return Script.of(END, unit);
  }
}
