package io.provision.steps.kubeadm;

import io.provision.remote.ShellFunction;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.util.List;

/** What is done to etcd, by the member of this control plane: etcdctl is in its container alone. */
final class EtcdScripts {

  /** {@code kubeadm_etcdctl NODE ENDPOINTS WORD...}: through the pod of etcd on NODE. */
  static final ShellFunction ETCDCTL =
      new ShellFunction(
          "kubeadm_etcdctl",
          """
          pod=etcd-$1 endpoints=$2
          shift 2
          admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf --request-timeout=300s \\
            -n kube-system exec "$pod" -c etcd -- etcdctl --endpoints="$endpoints" \\
            --cacert=/etc/kubernetes/pki/etcd/ca.crt \\
            --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt \\
            --key=/etc/kubernetes/pki/etcd/healthcheck-client.key "$@" </dev/null && return 0
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
  static final ShellFunction SNAPSHOT =
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

  /**
   * {@code remove_etcd_member NODE LEAVER}: asks the member of NODE. The others must all be well
   * and voters: each step counts in the majority.
   */
  static final ShellFunction REMOVE_MEMBER =
      new ShellFunction(
          "remove_etcd_member",
          """
          node=$1 leaver=$2
          members=$(kubeadm_etcdctl "$node" https://127.0.0.1:2379 member list) || {
            echo "hint: look at etcd there: crictl ps, /var/log/pods" >&2
            echo "etcd on $node does not say who its members are" >&2
            return 1
          }
          id=$(printf '%s\\n' "$members" | leaver=$leaver awk -F ', *' '$3 == ENVIRON["leaver"] && $1 ~ /^[0-9a-f]+$/ { print $1; exit }')
          [ -n "$id" ] || return 0
          others=$(printf '%s\\n' "$members" | leaver=$leaver awk -F ', *' '$3 != ENVIRON["leaver"] && NF > 4')
          bad=$(printf '%s\\n' "$others" | awk -F ', *' 'NF > 4 && ($2 != "started" || $6 == "true") { print ($3 == "" ? $4 : $3) " (" ($6 == "true" ? "a learner" : $2) ")" }' | head -n 5 | tr '\\n' ' ')
          urls=$(printf '%s\\n' "$others" | awk -F ', *' '$5 != "" { sub(/;.*/, "", $5); printf "%s%s", s, $5; s = "," }')
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
          List.of(ETCDCTL));

  private EtcdScripts() {}
}
