package io.provision.steps.gluster.leave;

import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import io.provision.steps.gluster.pool.GlusterScripts;
import java.util.List;

/** The functions that take hosts and volumes out of a pool. Each goes on where it was killed. */
final class LeavingScripts {
  /**
   * {@code shrink_volume VOLUME BRICK...}: moves the files of whole sets to the other sets, and
   * takes the bricks out when every node has moved all of its own: none failed, none left out.
   */
  static final ShellFunction SHRINK =
      new ShellFunction(
          "shrink_volume",
          """
          volume=$1 begun=no unheard=0
          shift
          ask() { gluster --mode=script --xml --timeout=300 volume remove-brick "$volume" "$@" 2>&1 </dev/null; }
          each() { printf '%s\\n' "$answer" | sed -n "/<node>/,/<\\/node>/ s:.*<$1>\\(.*\\)</$1>.*:\\1:p"; }
          of() { printf '%s\\n' "$answer" | sed -n "/<aggregate>/,\\$ s:.*<$1>\\([0-9]*\\)</$1>.*:\\1:p" | head -n 1; }
          while :; do
            answer=$(ask "$@" status)
            nodes=$(each nodeName | wc -l)
            done=$(each statusStr | grep -cx completed)
            lost=$(($(each failures | grep -cvx 0) + $(each skipped | grep -cvx 0)))
            told=$(($(each failures | grep -c '^[0-9][0-9]*$') + $(each skipped | grep -c '^[0-9][0-9]*$')))
            case $answer in
              *'<opRet>0</opRet>'*)
                unheard=0
                if [ "$nodes" -gt 0 ] && [ "$done" = "$nodes" ] && [ "$told" = $((2 * nodes)) ] && [ "$lost" = 0 ]; then
                  files=$(of files) size=$(of size)
                  gluster_do volume remove-brick "$volume" "$@" commit || return 1
                  say "note: volume $volume: ${files:-?} files (${size:-?} bytes) were moved off $*, which are out of it now; what is left in their directories is not needed any more"
                  return 0
                fi
                if [ "$nodes" -gt 0 ] && each statusStr | grep -qvx 'in progress\\|completed\\|not started' ||
                  { [ "$nodes" -gt 0 ] && [ "$done" = "$nodes" ]; }; then
                  if [ "$begun" = yes ]; then
                    echo "volume $volume: not every file could be moved off $* ($(each failures | paste -sd+) failed, $(each skipped | paste -sd+) left out; $(each statusStr | sort | uniq -c | tr '\\n' ' ')). Nothing was taken out. See /var/log/glusterfs/$volume-rebalance.log on those hosts; 'gluster volume remove-brick $volume $* stop' puts the bricks to use again" >&2
                    return 1
                  fi
                  say "an earlier attempt did not move everything: once more"
                  gluster_do volume remove-brick "$volume" "$@" stop || return 1
                  gluster_do volume remove-brick "$volume" "$@" start || return 1
                fi
                begun=yes
                say "moving files off $*: $(of files) files, $(of size) bytes"
                ;;
              *'not started for volume'*)
                if [ "$begun" = yes ]; then
                  echo "the removal of $* from volume $volume was stopped by somebody else" >&2
                  return 1
                fi
                gluster_do volume remove-brick "$volume" "$@" start || return 1
                begun=yes
                ;;
              *)
                unheard=$((unheard + 1))
                if [ "$unheard" -ge 30 ]; then
                  echo "'gluster volume remove-brick $volume $* status' failed: $(printf '%s' "$answer" | tr '\\n' ' ' | sed -n 's:.*<opErrstr>\\(.*\\)</opErrstr>.*:\\1:p')" >&2
                  return 1
                fi
                ;;
            esac
            sleep 2
          done\
          """,
          List.of(GlusterScripts.DO));

  /**
   * {@code replace_brick VOLUME OLD NEW}: puts a new brick in an old one's place, where that was
   * not done before, and waits until nothing is left to heal: three times, with every brick
   * connected. GlusterFS adds the hosts of bricks to {@code auth.allow} by their names when it
   * replaces one, the one that leaves among them, and leaves them there.
   */
  static final ShellFunction REPLACE =
      new ShellFunction(
          "replace_brick",
          """
          volume=$1 old=$2 new=$3 calm=0 unheard=0
          answer=$(gluster --mode=script --xml --timeout=60 volume info "$volume" 2>&1 </dev/null)
          allowed=$(printf '%s\\n' "$answer" | sed -n '/<name>auth.allow<\\/name>/{n;s/.*<value>\\(.*\\)<\\/value>.*/\\1/p;}' | head -n 1)
          case $answer in
            *"<name>$new</name>"*) allowed= ;;
            *) gluster_do volume replace-brick "$volume" "$old" "$new" commit force || return 1 ;;
          esac
          while [ "$calm" -lt 3 ]; do
            sleep 2
            answer=$(gluster --mode=script --xml --timeout=120 volume heal "$volume" info summary 2>&1 </dev/null)
            bricks=$(printf '%s\\n' "$answer" | grep -c '<name>')
            well=$(printf '%s\\n' "$answer" | grep -c '<status>Connected</status>')
            zero=$(printf '%s\\n' "$answer" | grep -c '<totalNumberOfEntries>0</totalNumberOfEntries>')
            left=$(printf '%s\\n' "$answer" | sed -n 's:.*<totalNumberOfEntries>\\([0-9]*\\)<.*:\\1:p' | sort -n | tail -n 1)
            split=$(printf '%s\\n' "$answer" | grep '<numberOfEntriesInSplitBrain>' | grep -cv '>0<')
            if [ "$split" != 0 ]; then
              echo "entries of volume $volume are in split-brain: see 'gluster volume heal $volume info split-brain'" >&2
              return 1
            fi
            if [ "$bricks" -gt 0 ] && [ "$well" = "$bricks" ] && [ "$zero" = "$bricks" ]; then
              calm=$((calm + 1))
            else
              calm=0
              if [ "$bricks" -gt 0 ]; then unheard=0; else unheard=$((unheard + 1)); fi
              if [ "$unheard" -ge 60 ]; then
                echo "'gluster volume heal $volume info summary' gives no answer that can be read: $(printf '%s\\n' "$answer" | tail -n 1)" >&2
                return 1
              fi
              say "healing $new: ${left:-?} entries left"
            fi
          done
          [ -z "$allowed" ] || gluster_do volume set "$volume" auth.allow "$allowed" || return 1
          say "note: volume $volume: $new has taken the place of $old and holds all of its files; what is left at $old is not needed any more"\
          """,
          List.of(GlusterScripts.DO));

  /**
   * {@code detach_peer NAME LIVES}: takes a host that holds no brick out of the pool. By force only
   * where it is dead, and gluster refuses without.
   */
  static final ShellFunction DETACH =
      new ShellFunction(
          "detach_peer",
          """
          name=$1 lives=$2
          if [ "$lives" = yes ]; then
            gluster_do peer detach "$name" || return 1
            say "note: $name is out of the pool; its packages, its glusterd, its mounts and the directories of its bricks stay as they are there"
          else
            gluster_do peer detach "$name" 2>/dev/null || {
              say "$name is down and holds no brick: taking it out by force"
              gluster_do peer detach "$name" force || return 1
            }
            say "note: $name is out of the pool; it was down and does not know: before it is used again, 'systemctl stop glusterd; mv /var/lib/glusterd /root/glusterd-aside' on it, which takes its record of the pool aside and deletes no file of a volume"
          fi\
          """,
          List.of(GlusterScripts.DO));

  /**
   * {@code delete_volume VOLUME BACK}: stops and deletes it; its bricks keep what is in them. BACK,
   * the command that makes it again, is told and kept in the second line of our marks beside those
   * of its bricks that are on this host: only there the order of all bricks is known from then on.
   */
  static final ShellFunction DELETE =
      new ShellFunction(
          "delete_volume",
          """
          volume=$1 back=$2
          gluster_do volume info "$volume" || return 1
          info=$heard
          bricks=$(printf '%s\\n' "$info" | sed -n 's:.*<name>\\([^<]*\\:/[^<]*\\)</name>.*:\\1:p' | paste -sd ' ')
          case $info in
            *'<statusStr>Started</statusStr>'*) gluster_do volume stop "$volume" || return 1 ;;
          esac
          for brick in $bricks; do
            path=${brick#*:}
            mark=${path%/*}/.provision-brick.${path##*/}
            says="brick $path of volume $volume, made by provision"
            [ -f "$mark" ] && [ "$(head -c 1000 "$mark" | head -n 1)" = "$says" ] || continue
            put_text "$mark" "$says
          $back
          " || return
          done
          gluster_do volume delete "$volume" || return 1
          say "note: volume $volume is deleted; its files are kept and still lie in $bricks. They come back with '$back' on this host, then the volume in the inventory again, then apply"\
          """,
          List.of(GlusterScripts.DO, FileTransfer.PUT_TEXT));

  private LeavingScripts() {}
}
