package io.provision.steps.gluster.pool;

import io.provision.remote.ShellFunction;
import java.util.List;

/** The functions that change pools and volumes. */
public final class GlusterScripts {
  /**
   * {@code gluster_do ARGUMENT...}: one command; leaves its answer in {@code heard} and prints
   * nothing, so that nobody sends off its output, and with it what it says to the operator. Only
   * opRet decides. What passes by itself (another transaction, a peer that is just coming) is tried
   * again for two minutes.
   */
  public static final ShellFunction DO =
      new ShellFunction(
          "gluster_do",
          """
          attempts=40
          while :; do
            heard=$(gluster --mode=script --xml --timeout=300 "$@" 2>&1 </dev/null)
            ret=$(printf '%s\\n' "$heard" | sed -n 's:^ *<opRet>\\(-*[0-9]*\\)</opRet>.*:\\1:p' | head -n 1)
            [ "$ret" != 0 ] || return 0
            why=$(printf '%s' "$heard" | tr '\\n' ' ' | sed -n 's:.*<opErrstr>\\(.*\\)</opErrstr>.*:\\1:p')
            attempts=$((attempts - 1))
            case $heard in
              *'Another transaction is in progress'* | *'Locking failed'* | *Host\\ *\\ not\\ connected*)
                if [ "$attempts" -gt 0 ]; then
                  [ "$attempts" -ne 39 ] || say "waiting: ${why:-gluster is busy}"
                  sleep 3
                  continue
                fi
                ;;
            esac
            [ -n "$why" ] || why=$(printf '%s\\n' "$heard" | tail -n 1)
            echo "'gluster $*' failed: $why" >&2
            return 1
          done\
          """);

  /** {@code peers_whole UUID...}: this host sees each of them connected and a full member. */
  static final ShellFunction PEERS_WHOLE =
      new ShellFunction(
          "peers_whole",
          """
          list=$(gluster --mode=script --xml --timeout=60 pool list 2>/dev/null </dev/null) || return 1
          for uuid do
            printf '%s\\n' "$list" | awk -v uuid="$uuid" '
              /<peer>/ { found = connected = state = self = 0 }
              index($0, "<uuid>" uuid "</uuid>") { found = 1 }
              /<hostname>localhost</ { self = 1 }
              /<connected>1</ { connected = 1 }
              /<state>3</ { state = 1 }
              /<\\/peer>/ && found && connected && (state || self) { whole = 1 }
              END { exit !whole }' || return 1
          done\
          """);

  /** {@code show_pool}: what explains a pool that does not come together. */
  public static final ShellFunction SHOW_POOL =
      new ShellFunction(
          "show_pool",
          """
          systemctl is-active glusterd
          gluster --mode=script --timeout=60 peer status </dev/null 2>&1 | head -n 40
          tail -n 5 /var/log/glusterfs/glusterd.log
          return 0\
          """);

  /** {@code probe_peers NAME...}: takes hosts into the pool and waits until each is a member. */
  static final ShellFunction PROBE =
      new ShellFunction(
          "probe_peers",
          """
          for name do
            say "probing $name"
            if ! getent hosts "$name" >/dev/null; then
              echo "$name does not resolve on this host: see /etc/hosts" >&2
              return 1
            fi
            case $(getent hosts "$name") in
              127.*) echo "$name resolves to a loopback address on this host: see /etc/hosts" >&2; return 1 ;;
            esac
            gluster_do peer probe "$name" || return 1
          done
          for name do
            say "waiting for $name to be a member"
            tries=60
            until gluster --mode=script --xml pool list 2>/dev/null </dev/null | awk -v name="$name" '
              /<peer>/ { found = connected = state = 0 }
              index($0, "<hostname>" name "</hostname>") { found = 1 }
              /<connected>1</ { connected = 1 }
              /<state>3</ { state = 1 }
              /<\\/peer>/ && found && connected && state { whole = 1 }
              END { exit !whole }'; do
              tries=$((tries - 1))
              if [ "$tries" -le 0 ]; then
                echo "$name was probed and is not a connected member after 60 s" >&2
                show_pool >&2
                return 1
              fi
              sleep 1
            done
          done\
          """,
          List.of(DO, SHOW_POOL));

  /** {@code fresh_identity}: gives the daemon of a cloned machine a UUID of its own. */
  static final ShellFunction FRESH_IDENTITY =
      new ShellFunction(
          "fresh_identity",
          """
          for entry in /var/lib/glusterd/peers/* /var/lib/glusterd/vols/*; do
            [ -e "$entry" ] || continue
            echo "$entry is there: this host has peers or volumes" >&2
            return 1
          done
          systemctl stop glusterd && rm -f /var/lib/glusterd/glusterd.info &&
            systemctl start glusterd || return 1
          gluster_do system:: uuid get\
          """,
          List.of(DO));

  /** {@code daemon_identity}: has the daemon write down its UUID, which it does when asked. */
  public static final ShellFunction IDENTITY =
      new ShellFunction("daemon_identity", "gluster_do system:: uuid get", List.of(DO));

  /** {@code set_options VOLUME NAME VALUE...}, {@code start_volume VOLUME}: as their names say. */
  public static final ShellFunction SET =
      new ShellFunction(
          "set_options",
          """
          volume=$1
          shift
          gluster_do volume set "$volume" "$@"\
          """,
          List.of(DO));

  /** {@code reset_option VOLUME NAME}: as GlusterFS makes it. */
  public static final ShellFunction RESET =
      new ShellFunction("reset_option", "gluster_do volume reset \"$1\" \"$2\"", List.of(DO));

  public static final ShellFunction START =
      new ShellFunction("start_volume", "gluster_do volume start \"$1\"", List.of(DO));

  /** {@code volume_command ARGUMENT...}: create and add-brick. */
  public static final ShellFunction VOLUME =
      new ShellFunction("volume_command", "gluster_do volume \"$@\"", List.of(DO));

  /**
   * {@code rebalance_volume NAME}: moves files to where they belong since bricks were added, to the
   * end. One that runs is followed; one that failed is begun again.
   */
  public static final ShellFunction REBALANCE =
      new ShellFunction(
          "rebalance_volume",
          """
          volume=$1 begun=no unheard=0
          of() { printf '%s\\n' "$answer" | sed -n "/<aggregate>/,\\$ s:.*<$1>\\(.*\\)</$1>.*:\\1:p" | head -n 1; }
          while :; do
            answer=$(gluster --mode=script --xml --timeout=300 volume rebalance "$volume" status 2>&1 </dev/null)
            left=$(printf '%s\\n' "$answer" | sed -n '/<node>/,/<\\/node>/ s:.*<statusStr>\\(.*\\)</statusStr>.*:\\1:p' | grep -cvx completed)
            case $(of statusStr) in
              'in progress') begun=yes unheard=0 ;;
              completed)
                if [ "$begun" = yes ] && [ "$left" = 0 ]; then
                  if [ "$(of failures)" != 0 ]; then
                    echo "the rebalance of $volume could not move $(of failures) files: see /var/log/glusterfs/$volume-rebalance.log on each host" >&2
                    return 1
                  fi
                  say "$(of files) files moved"
                  gluster_do volume set "$volume" user.provision.rebalance done
                  return
                fi
                ;;
              failed | stopped)
                if [ "$begun" = yes ]; then
                  echo "the rebalance of $volume is $(of statusStr): see /var/log/glusterfs/$volume-rebalance.log on each host" >&2
                  return 1
                fi
                ;;
              *) unheard=$((unheard + 1)) ;;
            esac
            if [ "$unheard" -ge 30 ]; then
              echo "'gluster volume rebalance $volume status' gives no answer that can be read: $(printf '%s\\n' "$answer" | tail -n 1)" >&2
              return 1
            fi
            if [ "$begun" = no ]; then
              gluster_do volume rebalance "$volume" start || return 1
              begun=yes
            fi
            say "rebalancing $volume: $(of files) files moved"
            sleep 2
          done\
          """,
          List.of(DO));

  private GlusterScripts() {}
}
