package io.provision.steps.kubeadm.etcd;

import io.provision.remote.ShellFunction;
import io.provision.steps.kubernetes.Kubectl;
import java.util.List;

/**
 * What a member of etcd is asked of itself, and how it gives back the room that it does not use. A
 * member that is defragmented answers nobody meanwhile
 * (https://etcd.io/docs/v3.6/op-guide/maintenance/#defragmentation); one that is ended in the
 * middle has its old file still (etcd: server/storage/backend/backend.go, defrag).
 */
final class MemberScripts {

  /**
   * {@code look_etcd_disk}: how long writes of the member took, a line a bucket of its two
   * histograms. Its metrics are on an address of the host alone, without a login, as kubeadm has
   * it; kubectl, which is there, can read them, and is given no login to send along.
   */
  private static final ShellFunction DISK =
      new ShellFunction(
          "look_etcd_disk",
          """
          at=$(head -c 100000 /etc/kubernetes/manifests/etcd.yaml 2>/dev/null |
            sed -n 's|^ *- --listen-metrics-urls=\\(http://127\\.0\\.0\\.1:[0-9]\\{1,5\\}\\)$|\\1|p' | head -n 1)
          [ -n "$at" ] && [ -x /usr/local/bin/kubectl ] || return 0
          KUBECONFIG=/dev/null timeout 5 /usr/local/bin/kubectl --server="$at" --cache-dir=/dev/null/none get --raw /metrics 2>/dev/null </dev/null |
            head -c 4000000 | tr -d '\\000' |
            sed -n 's/^etcd_disk_wal_\\(fsync\\)_duration_seconds_bucket{le="\\([0-9.+Inf]*\\)"} /\\1=\\2 /p; s/^etcd_disk_backend_\\(commit\\)_duration_seconds_bucket{le="\\([0-9.+Inf]*\\)"} /\\1=\\2 /p' |
            head -n 100 | cut -c 1-60
          return 0\
          """);

  /**
   * {@code look_etcd_member NODE [SECONDS]}: as {@link SeenMember} reads it; SECONDS at most for
   * each of three questions. Each member answers for itself alone, and with what it has itself:
   * that needs no majority. Where its API server does not answer etcd is asked in its container.
   * {@code --consistency} is there since etcd 3.6.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_etcd_member",
          """
          [ -f /etc/kubernetes/manifests/etcd.yaml ] || [ -d /var/lib/etcd/member ] || return 0
          echo member
          head -c 100000 /etc/kubernetes/manifests/etcd.yaml 2>/dev/null |
            sed -n 's/^ *- --quota-backend-bytes=\\([0-9]\\{1,18\\}\\)$/quota=\\1/p'
          df -Pk /var/lib/etcd/member 2>/dev/null | head -c 10000 | awk 'NR == 2 && $4 ~ /^[0-9]+$/ { print "room=" $4 }'
          look_etcd_disk
          etcd_container= kubectl_limit=${2:-20}
          if [ "$(admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf get --raw /readyz 2>/dev/null </dev/null | head -c 100)" != ok ]; then
            etcd_container=$(look_running_container etcd | cut -d " " -f 1)
            if [ -z "$etcd_container" ]; then
              echo "status=its API server is not ready, and containerd runs no container of etcd"
              kubectl_limit=
              return 0
            fi
          fi
          said=$(kubeadm_etcdctl "$1" https://127.0.0.1:2379 --write-out=fields endpoint status 2>&1 | head -c 20000 | tr -d '\\000')
          printf '%s\\n' "$said" | sed 's/^/status=/'
          case $said in
            *'"MemberID" : '*)
              said=$(kubeadm_etcdctl "$1" https://127.0.0.1:2379 member list --consistency=s 2>&1 | head -c 20000 | tr -d '\\000')
              case $said in
                *'unknown flag'*) said=$(kubeadm_etcdctl "$1" https://127.0.0.1:2379 member list 2>&1 | head -c 20000 | tr -d '\\000') ;;
              esac
              printf '%s\\n' "$said" | sed 's/^/listed=/'
              ;;
          esac
          etcd_container= kubectl_limit=
          return 0\
          """,
          List.of(EtcdScripts.ETCDCTL, Kubectl.ADMIN, EtcdutlScripts.RUNNING, DISK));

  /**
   * {@code etcd_answers NODE}: all members are voters that run, and each answers; that one has no
   * room is no reason not to.
   */
  private static final ShellFunction ANSWERS =
      new ShellFunction(
          "etcd_answers",
          """
          etcd_all_vote "$1" || return
          said=$(kubeadm_etcdctl "$1" "$urls" endpoint health 2>&1) && return 0
          answer=$(printf '%s\\n' "$said" | grep -c -e '^https://.* is healthy: ' -e '^https://.* is unhealthy: .*: Active Alarm(s): \\(NOSPACE *\\)\\{1,\\}$')
          [ "${answer:-0}" -ge "$(printf '%s\\n' "$members" | grep -c .)" ] && return 0
          printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
          echo "hint: look at etcd on those hosts: /var/log/pods/kube-system_etcd-*" >&2
          echo "not all members of etcd answer" >&2
          return 1\
          """,
          List.of(EtcdScripts.ALL_VOTE, EtcdScripts.ETCDCTL));

  /** {@code await_etcd NODE}: until all members answer, two minutes; then why not. */
  private static final ShellFunction AWAIT =
      new ShellFunction(
          "await_etcd",
          """
          left=60 wait_began=$(date +%s)
          until answers=$(etcd_answers "$1" 2>&1); do
            left=$((left - 1))
            [ "$left" -gt 0 ] && [ $(($(date +%s) - wait_began)) -lt 120 ] || {
              printf '%s\\n' "$answers" | tr -d '\\000' | tail -n 6 | cut -c 1-400 >&2
              echo "not all members of etcd answered again within two minutes" >&2
              return 1
            }
            [ "$left" -ne 59 ] || say "etcd: waiting until all members answer again, two minutes at most"
            sleep 2
          done\
          """,
          List.of(ANSWERS));

  /**
   * {@code defragment_etcd NODE}: the member of NODE alone, and all members answer again. What
   * etcdctl does not wait for any more goes on in the member.
   */
  static final ShellFunction DEFRAGMENT =
      new ShellFunction(
          "defragment_etcd",
          """
          say "etcd: the member of $1 is being defragmented, five minutes at most; it answers nobody meanwhile"
          said=$(kubeadm_etcdctl "$1" https://127.0.0.1:2379 --command-timeout=300s defrag 2>&1) || {
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "hint: look at etcd there: /var/log/pods/kube-system_etcd-*" >&2
            echo "the member of $1 was not defragmented, or does not say so" >&2
            return 1
          }
          await_etcd "$1"\
          """,
          List.of(EtcdScripts.ETCDCTL, AWAIT));

  /** {@code disarm_etcd NODE}: NOSPACE is taken back, where there is no other alarm. */
  static final ShellFunction DISARM =
      new ShellFunction(
          "disarm_etcd",
          """
          said=$(kubeadm_etcdctl "$1" https://127.0.0.1:2379 alarm list 2>&1) || {
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "etcd on $1 does not say whether it has alarms" >&2
            return 1
          }
          other=$(printf '%s\\n' "$said" | tr -d '\\000' | grep 'alarm:' | grep -v 'alarm:NOSPACE *$' | head -n 1 | cut -c 1-200)
          if [ -n "$other" ]; then
            echo "hint: CORRUPT: replace that member" >&2
            echo "etcd has another alarm than NOSPACE, and none is taken back: $other" >&2
            return 1
          fi
          say "etcd: the alarm NOSPACE is taken back"
          said=$(kubeadm_etcdctl "$1" https://127.0.0.1:2379 alarm disarm 2>&1) || {
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "etcd did not take the alarm NOSPACE back" >&2
            return 1
          }
          etcd_is_well "$1" ""\
          """,
          List.of(EtcdScripts.ETCDCTL, EtcdScripts.IS_WELL));

  private MemberScripts() {}
}
