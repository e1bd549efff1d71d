package io.provision.steps.kubeadm.etcd;

import io.provision.remote.ShellFunction;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.util.List;

/** What is done to etcd, by the member of this control plane: etcdctl is in its container alone. */
public final class EtcdScripts {

  /**
   * {@code kubeadm_etcdctl NODE ENDPOINTS WORD...}: through the pod of etcd on NODE, or in the
   * container that {@code etcd_container} names: that asks no API server.
   */
  public static final ShellFunction ETCDCTL =
      new ShellFunction(
          "kubeadm_etcdctl",
          """
          pod=etcd-$1 endpoints=$2
          shift 2
          set -- etcdctl --endpoints="$endpoints" --cacert=/etc/kubernetes/pki/etcd/ca.crt \\
            --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt \\
            --key=/etc/kubernetes/pki/etcd/healthcheck-client.key "$@"
          if [ -n "${etcd_container-}" ]; then
            timeout 60 ctr -n k8s.io tasks exec --exec-id "provision-$$-$(date +%s)" "$etcd_container" "$@" </dev/null && return 0
          else
            admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf --request-timeout=300s \\
              -n kube-system exec "$pod" -c etcd -- "$@" </dev/null && return 0
          fi
          echo "etcdctl failed in the pod $pod" >&2
          return 1\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code kubeadm_snapshot_status NODE FILE}: goes through all pages of it, where the image of
   * etcd brings what does that.
   */
  private static final ShellFunction STATUS =
      new ShellFunction(
          "kubeadm_snapshot_status",
          """
          said=$(admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf --request-timeout=300s \\
            -n kube-system exec "etcd-$1" -c etcd -- etcdutl snapshot status "$2" 2>&1 </dev/null) && return 0
          case $said in
          *xecutable*'not found'*)
            say "etcd: its image has no etcdutl: only the checksum of the snapshot was looked at"
            return 0
            ;;
          esac
          printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
          echo "hint: the data of etcd on $1 may be damaged: take one of another control plane" >&2
          echo "etcdutl finds the snapshot of etcd damaged" >&2
          return 1\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code kubeadm_snapshot NODE NAME [NUMBER]}: kept as {@link SnapshotScripts} says. etcdctl
   * writes beside the data, which is what its container sees, and names the file last.
   */
  public static final ShellFunction SNAPSHOT =
      new ShellFunction(
          "kubeadm_snapshot",
          """
          node=$1 name=$2 number=${3:-5} file=/var/lib/etcd/provision-snapshot.db
          snapshot_room /var/lib/etcd/member/snap/db /var/lib/etcd &&
            snapshot_room /var/lib/etcd/member/snap/db /var/lib/provision || return
          rm -f -- "$file" "$file.part"
          say "etcd: a snapshot of the member on $node"
          said=$(kubeadm_etcdctl "$node" https://127.0.0.1:2379 snapshot save "$file" 2>&1) &&
            [ -s "$file" ] || {
            rm -f -- "$file" "$file.part"
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "etcd made no snapshot" >&2
            return 1
          }
          kubeadm_snapshot_status "$node" "$file" && keep_snapshot "$file" "$name" "$number"
          ended=$?
          rm -f -- "$file"
          return "$ended"\
          """,
          List.of(ETCDCTL, STATUS, SnapshotScripts.ROOM, SnapshotScripts.KEEP));

  /** {@code etcd_not_voting}: of members, as {@code member list} prints them, who does not vote. */
  private static final ShellFunction NOT_VOTING =
      new ShellFunction(
          "etcd_not_voting",
          """
          try awk -F ', *' '
            NF > 4 && ($2 != "started" || $6 == "true") && n++ < 5 {
              printf "%s (%s) ", ($3 == "" ? $4 : $3), ($6 == "true" ? "a learner" : $2)
            }'\
          """);

  /** {@code etcd_urls}: of members, as {@code member list} prints them, where they are asked. */
  private static final ShellFunction URLS =
      new ShellFunction(
          "etcd_urls",
          """
          try awk -F ', *' '$5 != "" { sub(/;.*/, "", $5); printf "%s%s", s, $5; s = "," }'\
          """);

  /** {@code etcd_members NODE}: as {@code member list} prints them. */
  private static final ShellFunction MEMBERS =
      new ShellFunction(
          "etcd_members",
          """
          kubeadm_etcdctl "$1" https://127.0.0.1:2379 member list && return 0
          echo "hint: look at etcd there: crictl ps, /var/log/pods" >&2
          echo "etcd on $1 does not say who its members are" >&2
          return 1\
          """,
          List.of(ETCDCTL));

  /**
   * {@code etcd_all_vote NODE}: whether all members are voters that run. Sets {@code members}, as
   * {@code member list} prints them, and {@code urls}, where they are asked.
   */
  static final ShellFunction ALL_VOTE =
      new ShellFunction(
          "etcd_all_vote",
          """
          members=$(etcd_members "$1") || return
          bad=$(printf '%s\\n' "$members" | etcd_not_voting) || return
          urls=$(printf '%s\\n' "$members" | etcd_urls) || return
          if [ -n "$bad" ] || [ -z "$urls" ]; then
            echo "hint: bring them back, or take them out: provision remove" >&2
            echo "not all members of etcd are voters that run: ${bad:-none is known}" >&2
            return 1
          fi\
          """,
          List.of(MEMBERS, NOT_VOTING, URLS));

  /**
   * {@code etcd_is_well NODE LEAST}: all members are voters that run and answer, none has raised an
   * alarm, and each says itself that it is at least of the version LEAST, where that is not empty.
   */
  public static final ShellFunction IS_WELL =
      new ShellFunction(
          "etcd_is_well",
          """
          etcd_all_vote "$1" || return
          said=$(kubeadm_etcdctl "$1" "$urls" endpoint health 2>&1) || {
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "hint: look at etcd on those hosts: crictl ps, /var/log/pods" >&2
            echo "not all members of etcd are healthy" >&2
            return 1
          }
          said=$(kubeadm_etcdctl "$1" https://127.0.0.1:2379 alarm list 2>/dev/null) || {
            echo "hint: look at etcd there: crictl ps, /var/log/pods" >&2
            echo "etcd on $1 does not say whether it has alarms" >&2
            return 1
          }
          said=$(printf '%s' "$said" | tr -d '\\000' | head -n 1 | cut -c 1-200)
          if [ -n "$said" ]; then
            echo "hint: NOSPACE: 'provision etcd defrag'; CORRUPT: replace that member" >&2
            echo "etcd has an alarm: $said" >&2
            return 1
          fi
          [ -n "$2" ] || return 0
          said=$(kubeadm_etcdctl "$1" "$urls" endpoint status 2>&1) &&
            [ "$(printf '%s\\n' "$said" | grep -c '^https://.*, .*, .*, .*, ')" -ge "$(printf '%s\\n' "$members" | grep -c .)" ] || {
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "not all members of etcd say which version they are" >&2
            return 1
          }
          bad=$(printf '%s\\n' "$said" | least=$2 try awk -F ', *' '
            BEGIN { split(ENVIRON["least"], least, ".") }
            NF > 4 {
              low = split($3, is, ".") < 3
              for (i = 1; i <= 3 && !low && is[i] + 0 <= least[i] + 0; i++) low = is[i] + 0 < least[i] + 0
              if (low && n++ < 5) printf "%s (%s) ", $1, substr($3, 1, 40)
            }') || return
          [ -z "$bad" ] || {
            echo "hint: upgrade to the newest patch of the version that runs first: it brings a newer etcd" >&2
            echo "every member of etcd has to be at least $2 first: $bad" >&2
            return 1
          }\
          """,
          List.of(ALL_VOTE, ETCDCTL));

  /**
   * {@code remove_etcd_member NODE LEAVER}: asks the member of NODE. The others must all be well
   * and voters: each step counts in the majority.
   */
  public static final ShellFunction REMOVE_MEMBER =
      new ShellFunction(
          "remove_etcd_member",
          """
          node=$1 leaver=$2
          members=$(etcd_members "$node") || return
          id=$(printf '%s\\n' "$members" | leaver=$leaver try awk -F ', *' '$3 == ENVIRON["leaver"] && $1 ~ /^[0-9a-f]+$/ && !n++ { print $1 }') || return
          [ -n "$id" ] || return 0
          others=$(printf '%s\\n' "$members" | leaver=$leaver try awk -F ', *' '$3 != ENVIRON["leaver"] && NF > 4') || return
          bad=$(printf '%s\\n' "$others" | etcd_not_voting) || return
          urls=$(printf '%s\\n' "$others" | etcd_urls) || return
          if [ -n "$bad" ] || [ -z "$urls" ]; then
            echo "hint: bring them back, or take them out first" >&2
            echo "$leaver stays a member of etcd: not all that would be left are voters that run: ${bad:-none is left}" >&2
            return 1
          fi
          said=$(kubeadm_etcdctl "$node" "$urls" endpoint health 2>&1) || {
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "hint: bring them back first: without a majority of them the cluster stops" >&2
            echo "$leaver stays a member of etcd: not all that would be left are healthy" >&2
            return 1
          }
          say "etcd: taking out $leaver ($id)"
          said=$(kubeadm_etcdctl "$node" https://127.0.0.1:2379 member remove "$id" 2>&1) || {
            printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
            echo "etcd did not let go of $leaver" >&2
            return 1
          }
          left=60
          while [ "$left" -gt 0 ]; do
            members=$(kubeadm_etcdctl "$node" https://127.0.0.1:2379 member list) &&
              ! printf '%s\\n' "$members" | grep -q "^$id, " && return 0
            left=$((left - 1))
            sleep 1
          done
          echo "etcd still names $leaver as a member" >&2
          return 1\
          """,
          List.of(ETCDCTL, MEMBERS, NOT_VOTING, URLS));

  private EtcdScripts() {}
}
