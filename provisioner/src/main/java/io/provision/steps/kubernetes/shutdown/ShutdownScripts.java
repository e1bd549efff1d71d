package io.provision.steps.kubernetes.shutdown;

import io.provision.remote.ShellFunction;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.leave.PodRemains;
import java.util.List;

/** What runs on a host that goes down with its cluster, or comes up with it. */
final class ShutdownScripts {

  /**
   * {@code stop_node UNIT SHIMS}: the unit, then what is left of its pods (those of DaemonSets, of
   * the kubelet's files, and of nobody), which are asked first and ended after half a minute, then
   * their mounts. The unit begins at the next boot as before.
   */
  static final ShellFunction STOP_NODE =
      new ShellFunction(
          "stop_node",
          """
          say "stopping $1"
          try systemctl stop -- "$1" || return
          systemctl reset-failed -- "$1" 2>/dev/null
          left=40
          while :; do
            pids=$(pod_processes "$2")
            [ -n "$pids" ] || break
            [ "$left" -ne 40 ] || say "ending $(printf '%s\\n' "$pids" | wc -l) processes of pods (40 s at most)"
            [ "$left" -gt 0 ] || {
              echo "processes of pods do not end: $(printf '%s\\n' "$pids" | head -n 5 | tr '\\n' ' ')" >&2
              return 1
            }
            for pid in $pids; do
              case $pid in 0 | 1 | *[!0-9]*) continue ;; esac
              if [ "$left" -le 10 ]; then
                kill -KILL "$pid" 2>/dev/null
              elif [ "$left" -eq 40 ] && [ "$(head -c 100 "/proc/$pid/comm" 2>/dev/null)" != containerd-shim ]; then
                kill -TERM "$pid" 2>/dev/null
              fi
            done
            left=$((left - 1))
            [ "$(printf '%s\\n' $pids | while read -r pid; do
              [ "$(head -c 100 "/proc/$pid/comm" 2>/dev/null)" = containerd-shim ] || echo "$pid"
            done)" ] || [ "$left" -le 10 ] || left=10
            sleep 1
          done
          node_mounts /var/lib/kubelet 2>/dev/null | while read -r whose at; do
            [ "$whose" = own ] || continue
            timeout -s KILL 20 umount -- "$(printf '%b' "$at")" 2>/dev/null
          done
          return 0\
          """,
          List.of(PodRemains.PROCESSES, PodRemains.MOUNTS));

  /** {@code begin_node UNIT}: started where it does not run; whether it is up is asked later. */
  static final ShellFunction BEGIN_NODE =
      new ShellFunction(
          "begin_node",
          """
          case $(systemctl show -p ActiveState -- "$1" | head -c 100) in
            *=active | *=activating | *=reloading) return 0 ;;
          esac
          say "starting $1"
          systemctl reset-failed -- "$1" 2>/dev/null
          try systemctl start --no-block -- "$1"\
          """);

  /**
   * {@code await_cluster_api KUBECTL KUBECONFIG}: the API server of this host is ready, which asks
   * its etcd as well, ten minutes. It comes only with a majority of the others.
   */
  static final ShellFunction AWAIT_API =
      new ShellFunction(
          "await_cluster_api",
          """
          say "waiting until its API server is ready, ten minutes at most; it needs a majority of the control planes"
          left=600 wait_began=$(date +%s)
          until [ "$(admin_kubectl "$1" "$2" get --raw /readyz 2>/dev/null | head -c 100)" = ok ]; do
            left=$((left - 1))
            [ "$left" -gt 0 ] && [ $(($(date +%s) - wait_began)) -lt 600 ] || {
              echo "hint: look at it there ('journalctl -b'), and at the other control planes; then run the same command again" >&2
              echo "its API server was not ready within ten minutes" >&2
              return 1
            }
            sleep 1
          done\
          """,
          List.of(Kubectl.ADMIN));

  private ShutdownScripts() {}
}
