package io.provision.steps.gluster.mount;

import io.provision.remote.ShellFunction;
import io.provision.resource.Mounts;
import io.provision.resource.unit.UnitScripts;
import java.util.List;

/** The functions that bring a mount about, and wait for one. */
final class MountScripts {
  /** {@code bring_mount PATH UNIT KEEPER ID LOG}: UNIT without its type. */
  static final ShellFunction BRING =
      new ShellFunction(
          "bring_mount",
          """
          path=$1 unit=$2 keeper=$3 id=$4 log=$5
          if [ "$(mount_type "$path")" = fuse.glusterfs ] && ! mount_served "$path"; then
            say "the mount at $path is dead: mounting it anew"
            try umount -l "$path" || return
          fi
          [ -n "$(mount_type "$path")" ] || [ -d "$path" ] || (umask 022 && try mkdir -p -- "$path") || return
          parent=${path%/*}
          unshare -m sh -c 'mount --bind "$1" "$1" && cd "$1" && chattr +i "./$2"' sh "${parent:-/}" "${path##*/}" || {
            echo "the directory $path cannot be made immutable: its file system cannot do that (see chattr)" >&2
            return 1
          }
          bring_unit "$unit.automount" - enable && bring_unit "$keeper" - enable || return
          systemctl reset-failed "$unit.mount" 2>/dev/null
          [ -n "$(mount_type "$path")" ] || bring_unit "$unit.automount" start - || return
          if [ "$(mount_type "$path")" != fuse.glusterfs ]; then
            tries=30
            until systemctl start "$unit.mount" 2>/dev/null && [ "$(mount_type "$path")" = fuse.glusterfs ]; do
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
          elif [ "$(head -n 1 "$path/.provision-volume")" != "$id" ]; then
            # Of a volume that was deleted; all hosts write the same.
            temp=$path/.provision-volume.$(cat /proc/sys/kernel/random/uuid)
            (umask 022 && printf '%s\\n' "$id" >"$temp") && sync "$temp" && mv -f "$temp" "$path/.provision-volume" || return 1
          fi
          return 0\
          """,
          List.of(MountState.SERVED, UnitScripts.BRING, Mounts.TYPE));

  /** {@code mount_answers PATH}: what is mounted there can be used. */
  static final ShellFunction ANSWERS =
      new ShellFunction(
          "mount_answers",
          """
          [ "$(mount_answer "$1" | sed -n 's/^answer=//p')" = ok ]\
          """,
          List.of(MountState.ANSWER));

  /** {@code show_mount LOG}: what explains a mount that does not answer. */
  static final ShellFunction SHOW = new ShellFunction("show_mount", "tail -n 6 \"$1\"; return 0");

  private MountScripts() {}
}
