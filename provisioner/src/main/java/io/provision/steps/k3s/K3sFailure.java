package io.provision.steps.k3s;

import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitFailure;
import io.provision.steps.kubernetes.etcd.RemovedMember;
import io.provision.steps.kubernetes.registration.Registration;
import java.util.List;

/** Whether a k3s is up, and why it is not. */
final class K3sFailure {

  /**
   * {@code k3s_was_removed UNIT}: its etcd is no member of the cluster any more, as it said since
   * its start. k3s runs on and waits; it means to leave a mark then, which it does not
   * (pkg/executor/embed/etcd/etcd.go, v1.36.3).
   */
  private static final ShellFunction REMOVED =
      new ShellFunction(
          "k3s_was_removed",
          """
          [ "$1" = k3s.service ] || return 1
          [ ! -e /var/lib/rancher/k3s/server/db/etcd/tombstone ] || return 0
          journalctl --no-pager -b -o cat -n 5000 -u "$1" 2>/dev/null | head -c 4000000 | awk '
            /^Starting |^Started |msg="Starting k3s / { removed = 0 }
            /the member has been permanently removed from the cluster/ { removed = 1 }
            END { exit !removed }'\
          """);

  /**
   * {@code k3s_has_failed UNIT}: as {@code unit_has_failed}; or since its start it has said five
   * times, and the last time too, what no waiting changes and what k3s does not end for: that its
   * token is of another cluster or refused, that its containers cannot have file systems, or that
   * the disk is full; or its etcd was taken out of the cluster. It calls that "server is not ready"
   * (pkg/agent/config/config.go), at level info.
   */
  static final ShellFunction HAS_FAILED =
      new ShellFunction(
          "k3s_has_failed",
          """
          unit_has_failed "$1" && return 0
          ! k3s_was_removed "$1" || return 0
          journalctl --no-pager -b -o cat -n 60 -u "$1" 2>/dev/null | head -c 200000 | awk '
            /^Starting |^Started |msg="Starting k3s / { times = 0 }
            /Failed to validate connection to cluster at |Waiting to retrieve agent configuration/ {
              if ($0 ~ /token CA hash|: not authorized|401 Unauthorized|snapshotter cannot be enabled|no space left on device/) times++
              else times = 0
            }
            END { exit times < 5 }'\
          """,
          List.of(UnitFailure.HAS_FAILED, REMOVED));

  /** {@code k3s_unit_up UNIT}; it stops waiting (69) where the unit has failed. */
  static final ShellFunction UNIT_UP =
      new ShellFunction(
          "k3s_unit_up",
          """
          systemctl is-active --quiet -- "$1" && return 0
          k3s_has_failed "$1" && return 69
          return 1\
          """,
          List.of(HAS_FAILED));

  /** {@code until_k3s_ready}: whether this server answers; it stops waiting where it has failed. */
  static final ShellFunction UNTIL_READY =
      new ShellFunction(
          "until_k3s_ready",
          """
          k3s_ready && return 0
          k3s_has_failed k3s.service && return 69
          return 1\
          """,
          List.of(K3sLooks.READY, HAS_FAILED));

  /** {@code until_k3s_joined KUBECTL KUBECONFIG NODE UNIT}: until the cluster hears of it. */
  static final ShellFunction UNTIL_JOINED =
      new ShellFunction(
          "until_k3s_joined",
          """
          [ "$(node_registration "$1" "$2" "$3" "$4")" = present ] && return 0
          k3s_has_failed "$4" && return 69
          return 1\
          """,
          List.of(Registration.LOOK, HAS_FAILED));

  /**
   * {@code explain_k3s UNIT}: why it is not up, in its own words; a hint only where what it said
   * holds the evidence; then its state, and its last lines where it has not said why.
   */
  static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_k3s",
          """
          if k3s_was_removed "$1"; then
            explain_removed_member
            return 0
          fi
          state=$(systemctl show -p ActiveState,SubState,NRestarts -- "$1" | tr '\\n' ' ')
          said=
          case $state in
            *NRestarts=0*) ;; # its last words are of an older start
            *) said=$(unit_last_words "$1" | tail -n 1) ;;
          esac
          now=$(journalctl --no-pager -b -o cat -n 200 -u "$1" 2>/dev/null | head -c 400000 | awk '
            /^Starting |^Started |msg="Starting k3s / { now = ""; next }
            { now = now $0 "\\n" }
            END { printf "%s", now }' |
            sed -n '/may retry/d; s/^time="[^"]*" level=info msg="Waiting to retrieve agent configuration; server is not ready: /"/p; s/^time="[^"]*" level=\\(error\\|fatal\\) msg=//p' | sed 's/^"\\(.*\\)"$/\\1/; s/\\\\"/"/g' | tail -n 1 | cut -c 1-400)
          case $state in
            *SubState=running*) words=${now:-$said} ;; # of what runs, before what ran
            *) words=${said:-$now} ;;
          esac
          [ -z "$words" ] || printf 'reason: %s\\n' "$words"
          case $words in
            *'not run on a host using cgroup v1'*)
              echo "hint: boot this host with cgroup v2 (systemd.unified_cgroup_hierarchy=1), or set 'kubelet: { failCgroupV1: false }' in the inventory" ;;
            *'failed to find memory cgroup'*)
              echo "hint: switch the memory cgroup on in the kernel command line (cgroup_enable=memory), then reboot" ;;
            *'token CA hash'* | *'invalid token'* | *'not authorized'* | *'401 Unauthorized'*)
              echo "hint: its token is not that of this cluster" ;;
            *'snapshotter cannot be enabled'*)
              echo "hint: /var/lib/rancher lies on a file system that overlayfs cannot use: give it another, or set 'k3s: { snapshotter: native }' in the inventory" ;;
            *'Node password rejected'*)
              echo "hint: an older node of this name is still known: kubectl -n kube-system delete secret NAME.node-password.k3s" ;;
            *'duplicate node name found'*)
              echo "hint: etcd still has the member that this server was before it lost its datastore: on another server 'kubectl delete node NAME' takes it out, and it joins as a new one" ;;
            *'address already in use'*)
              echo "hint: another program listens on a port of k3s: ss -ltnp" ;;
            *'inotify_init: too many open files'* | *'inotify'*'too many open files'*)
              echo "hint: raise fs.inotify.max_user_instances (containers share it with their host)" ;;
            *'no space left on device'*)
              echo "hint: free some space: df -h /var/lib/rancher" ;;
            *'flag provided but not defined'* | *'unknown flag'*)
              echo "hint: this version does not know a setting of the inventory: take it out" ;;
            *'certificate has expired or is not yet valid'*)
              echo "hint: look at the clock of this host and of the servers" ;;
            *'connection refused'* | *'no route to host'* | *'i/o timeout'*)
              echo "hint: a server cannot be reached from here on port 6443: look at k3s there, and at firewalls" ;;
            *'no such host'*) echo "hint: a name cannot be resolved on this host" ;;
          esac
          printf '%s\\n' "$state"
          [ -n "$said" ] || journalctl --no-pager -o cat -n 12 -u "$1" 2>/dev/null | cut -c 1-400
          return 0\
          """,
          List.of(UnitFailure.LAST_WORDS, REMOVED, RemovedMember.EXPLAIN));

  private K3sFailure() {}
}
