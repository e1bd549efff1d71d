package io.provision.steps.kubernetes.leave;

import io.provision.remote.ShellFunction;

/** What of pods is still on a host whose kubelet runs no more. */
public final class PodRemains {

  /**
   * {@code node_mounts PATH...}: {@code own MOUNT} or {@code foreign MOUNT} a line, deepest first,
   * as proc_pid_mountinfo(5) writes it. Own are those of pods and of their containers; foreign is
   * all else beneath a PATH. What a PATH itself is mounted on is neither.
   */
  public static final ShellFunction MOUNTS =
      new ShellFunction(
          "node_mounts",
          """
          paths=$(for path do readlink -f -- "$path" || printf '%s\\n' "$path"; done)
          paths=$paths awk '
            function of_pods(at, rest) {
              if (index(at, "/var/lib/kubelet/pods/") == 1) {
                rest = substr(at, length("/var/lib/kubelet/pods/") + 1)
                if (!index(rest, "/")) return 0
                sub(/\\/.*/, "", rest)
                return length(rest) >= 32 && rest !~ /[^0-9a-f-]/
              }
              if (index(at, "/var/lib/kubelet/plugins/kubernetes.io/") == 1) return 1
              if (index(at, "/run/netns/cni-") == 1 || index(at, "/var/run/netns/cni-") == 1) return 1
              if (index(at, "/run/k3s/containerd/") == 1) return 1
              if (index(at, "/run/containerd/io.containerd.runtime.v2.task/k8s.io/") == 1) return 1
              if (index(at, "/run/containerd/io.containerd.grpc.v1.cri/sandboxes/") == 1) return 1
              return index(at, "/var/lib/rancher/k3s/agent/containerd/") == 1
            }
            BEGIN { count = split(ENVIRON["paths"], path, "\\n") }
            {
              if (of_pods($5)) { line[++found] = "own " $5; next }
              for (i = 1; i <= count; i++)
                if (path[i] != "" && index($5, path[i] "/") == 1) { line[++found] = "foreign " $5; next }
            }
            END { for (i = found; i > 0; i--) print line[i] }' /proc/self/mountinfo\
          """);

  /** {@code pod_processes WORD}: the shims with WORD in their command line, and all below them. */
  public static final ShellFunction PROCESSES =
      new ShellFunction(
          "pod_processes",
          """
          shims=$(for process in /proc/[0-9]*; do
            [ "$(head -c 100 "$process/comm" 2>/dev/null)" = containerd-shim ] || continue
            case " $(tr '\\000' ' ' <"$process/cmdline" 2>/dev/null) " in *" $1 "*) echo "${process#/proc/}" ;; esac
          done)
          [ -n "$shims" ] || return 0
          cat /proc/[0-9]*/status 2>/dev/null | shims=$shims awk '
            BEGIN { count = split(ENVIRON["shims"], shim, "\\n"); for (i = 1; i <= count; i++) if (shim[i] != "") is[shim[i]] = 1 }
            /^Pid:/ { pid = $2 }
            /^PPid:/ { parent[pid] = $2 }
            END {
              do {
                more = 0
                for (each in parent) if (!(each in is) && (parent[each] in is)) { is[each] = 1; more = 1 }
              } while (more)
              for (each in is) print each
            }'\
          """);

  private PodRemains() {}
}
