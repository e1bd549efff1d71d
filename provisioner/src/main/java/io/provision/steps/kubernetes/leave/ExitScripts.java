package io.provision.steps.kubernetes.leave;

import io.provision.remote.ShellFunction;
import java.util.List;

/**
 * What runs on a host that leaves. Nothing is deleted while anything is mounted beneath it: {@code
 * find -xdev} does not see a bind mount of the same file system, and data were lost that way
 * (kubernetes/kubernetes#75688, k3s-io/k3s#3264).
 */
final class ExitScripts {

  /**
   * {@code look_remains PATH...}: {@code there PATH} and {@code foreign MOUNT} lines. An empty
   * directory counts as none.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_remains",
          """
          for path do
            if [ -d "$path" ]; then
              [ -z "$(ls -A -- "$path")" ] || echo "there $path"
            elif [ -e "$path" ] || [ -L "$path" ]; then
              echo "there $path"
            fi
          done
          node_mounts "$@" | grep '^foreign '
          return 0\
          """,
          List.of(PodRemains.MOUNTS));

  /** {@code keep_out UNIT DROPIN}: it runs on, and never starts again by itself. */
  static final ShellFunction KEEP_OUT =
      new ShellFunction(
          "keep_out",
          """
          try systemctl disable --quiet -- "$1" || return
          try mkdir -p -- "${2%/*}" || return
          printf '# Written by provision: the node leaves its cluster.\\n[Service]\\nRestart=no\\n' >"$2.fresh" &&
            try mv -f -- "$2.fresh" "$2" || return
          try systemctl daemon-reload\
          """);

  /** {@code let_in DROPIN}: what {@link #KEEP_OUT} wrote is gone. */
  static final ShellFunction LET_IN =
      new ShellFunction(
          "let_in",
          """
          try rm -f -- "$1" || return
          rmdir -- "${1%/*}" 2>/dev/null
          try systemctl daemon-reload\
          """);

  /** {@code end_pods WORD}: the processes of pods have ended. */
  private static final ShellFunction END_PODS =
      new ShellFunction(
          "end_pods",
          """
          left=20
          while [ "$left" -gt 0 ]; do
            pids=$(pod_processes "$1")
            [ -n "$pids" ] || return 0
            [ "$left" -ne 20 ] || say "ending $(printf '%s\\n' "$pids" | wc -l) processes of pods"
            for pid in $pids; do
              case $pid in 0 | 1 | *[!0-9]*) ;; *) kill -KILL "$pid" 2>/dev/null ;; esac
            done
            left=$((left - 1))
            sleep 0.5
          done
          echo "processes of pods do not end: $(printf '%s\\n' "$pids" | head -n 5 | tr '\\n' ' ')" >&2
          return 1\
          """,
          List.of(PodRemains.PROCESSES));

  /** {@code unmount_pods PATH...}: nothing is mounted beneath a PATH; what is not of pods stays. */
  private static final ShellFunction UNMOUNT =
      new ShellFunction(
          "unmount_pods",
          """
          for round in 1 2 3; do
            node_mounts "$@" | while read -r whose at; do
              [ "$whose" = own ] || continue
              umount -- "$(printf '%b' "$at")" 2>/dev/null
            done
            mounts=$(node_mounts "$@")
            [ -n "$mounts" ] || return 0
            [ "$round" -ne 1 ] || say "waiting for mounts of pods to go"
            [ "$round" -eq 3 ] || sleep 1
          done
          printf '%s\\n' "$mounts" | cut -d ' ' -f 2- | head -n 10 >&2
          echo "hint: look who uses it (fuser -vm PATH), unmount it, and run the same command again" >&2
          echo "nothing is deleted while something is mounted there: $(printf '%s\\n' "$mounts" | head -n 1 | cut -d ' ' -f 2-)" >&2
          return 1\
          """,
          List.of(PodRemains.MOUNTS));

  /** {@code delete_whole PATH}: with all that is in it; a mount point or a link to one stays. */
  private static final ShellFunction DELETE =
      new ShellFunction(
          "delete_whole",
          """
          if [ -d "$1" ]; then
            try find "$1/" -xdev -depth -mindepth 1 -delete || return
            rmdir -- "$1" 2>/dev/null
            [ -z "$(ls -A -- "$1" 2>/dev/null)" ] || {
              echo "$1 cannot be emptied" >&2
              return 1
            }
          elif [ -e "$1" ] || [ -L "$1" ]; then
            try rm -f -- "$1"
          fi\
          """);

  /** {@code wipe_node UNIT DROPIN SHIMS PATH...}: the PATHs in their order. */
  static final ShellFunction WIPE =
      new ShellFunction(
          "wipe_node",
          """
          unit=$1 dropin=$2 shims=$3
          shift 3
          say "stopping $unit"
          if [ -e "/etc/systemd/system/$unit" ]; then
            try systemctl stop -- "$unit" || return
            systemctl kill -s KILL -- "$unit" 2>/dev/null
            try systemctl disable --quiet -- "$unit" || return
          fi
          end_pods "$shims" || return
          unmount_pods "$@" || return
          for path do
            say "deleting $path"
            delete_whole "$path" || return
            rm -rf -- "${path%/*}/.provision-new.${path##*/}" # what had arrived of it when it was cut off
          done
          for link in cni0 flannel.1 flannel-v6.1 flannel-wg vxlan.calico kube-ipvs0; do
            ip link delete "$link" 2>/dev/null
          done
          rm -f -- "$dropin"
          try systemctl daemon-reload || return
          systemctl reset-failed -- "$unit" 2>/dev/null
          return 0\
          """,
          List.of(END_PODS, UNMOUNT, DELETE));

  private ExitScripts() {}
}
