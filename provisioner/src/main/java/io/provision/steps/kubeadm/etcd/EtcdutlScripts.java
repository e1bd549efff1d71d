package io.provision.steps.kubeadm.etcd;

import io.provision.remote.ShellFunction;
import java.util.List;

/** How a datastore is made of a snapshot: by etcdutl, which the image of etcd alone brings. */
public final class EtcdutlScripts {

  /**
   * {@code look_running_container NAME}: of the one that runs for this container of a pod here, its
   * ID and its process, as containerd says.
   */
  static final ShellFunction RUNNING =
      new ShellFunction(
          "look_running_container",
          """
          running=$(timeout 10 ctr -n k8s.io tasks list 2>/dev/null </dev/null | head -c 100000 | awk '$3 == "RUNNING" { print $1, $2 }')
          timeout 10 ctr -n k8s.io containers list -q 'labels."io.kubernetes.container.name"=='"$1" 2>/dev/null </dev/null |
            head -c 10000 | grep -x '[0-9a-f]\\{1,100\\}' | while read -r id; do
            printf '%s\\n' "$running" | grep -x "$id [0-9]\\{1,10\\}"
          done | head -n 1\
          """);

  /**
   * {@code run_etcdutl IMAGE WORD...}: in a container of the image of etcd, since nothing else
   * brings it. It has the data of etcd and what was brought, and no network. One that a killed run
   * has left goes first. Containers are made on the snapshotter that Kubernetes' own are made on.
   * Where {@code etcdutl} is set, that program is run in its place.
   */
  private static final ShellFunction ETCDUTL =
      new ShellFunction(
          "run_etcdutl",
          """
          image=$1
          shift
          if [ -n "${etcdutl-}" ]; then
            said=$("$etcdutl" "$@" 2>&1 </dev/null) && return 0
          else
            ctr -n k8s.io tasks kill -s KILL provision-etcdutl >/dev/null 2>&1 </dev/null
            ctr -n k8s.io tasks delete --force provision-etcdutl >/dev/null 2>&1 </dev/null
            ctr -n k8s.io containers delete provision-etcdutl >/dev/null 2>&1 </dev/null
            snapshotter=$(containerd config dump 2>/dev/null </dev/null | head -c 200000 | tr -d \\"\\' | awk '
              $1 ~ /^\\[/ { cri = $0 ~ /[.]cri([.]|\\])/ }
              cri && $1 == "snapshotter" && $3 ~ /^[a-z0-9.-]+$/ { print $3; exit }')
            said=$(ctr -n k8s.io run --rm --snapshotter "${snapshotter:-overlayfs}" \\
              --mount type=bind,src=/var/lib/provision/etcd/restoring,dst=/var/lib/provision/etcd/restoring,options=rbind:ro \\
              --mount type=bind,src=/var/lib/etcd,dst=/var/lib/etcd,options=rbind:rw \\
              "$image" provision-etcdutl etcdutl "$@" 2>&1 </dev/null) && return 0
          fi
          printf '%s\\n' "$said" | tr -d '\\000' | tail -n 8 | cut -c 1-400 >&2
          case $said in
            *xecutable*'not found'* | *etcdutl*'no such file'* | *etcdutl*'not found'*)
              echo "hint: etcd brings etcdutl since 3.5: use the image that kubeadm names" >&2
              echo "the image $image has no etcdutl, which a snapshot is restored by" >&2
              ;;
            *) echo "etcdutl made no datastore of the snapshot" >&2 ;;
          esac
          return 1\
          """);

  /**
   * {@code datastore_of_snapshot NODE ADDRESS IMAGE}: etcd's data of this node are those of the
   * snapshot that was brought, and this node is the only member. Revisions go on far behind all
   * that anybody has seen, so that no watcher takes old news for newer ones
   * (https://etcd.io/docs/v3.6/op-guide/recovery/#restoring-with-revision-bump); an etcdutl before
   * 3.6 may not know how.
   */
  public static final ShellFunction DATASTORE =
      new ShellFunction(
          "datastore_of_snapshot",
          """
          brought=/var/lib/provision/etcd/restoring/snapshot.db member_at=$2
          case $member_at in *:*) member_at="[$member_at]" ;; esac
          try rm -rf -- /var/lib/etcd/restoring || return
          say "etcd: making a datastore of the snapshot"
          bump="--bump-revision 1000000000 --mark-compacted"
          run_etcdutl "$3" snapshot restore --help || return
          case $said in
            *--bump-revision*) ;;
            *)
              bump=
              say "note: this etcdutl cannot move revisions on: restart the kubelets of workers, and what watches the API"
              ;;
          esac
          run_etcdutl "$3" snapshot restore "$brought" --data-dir /var/lib/etcd/restoring \\
            --name "$1" --initial-cluster "$1=https://$member_at:2380" \\
            --initial-advertise-peer-urls "https://$member_at:2380" $bump || return
          try mv -- /var/lib/etcd/restoring/member /var/lib/etcd/member && try rm -rf -- /var/lib/etcd/restoring && try sync /var/lib/etcd\
          """,
          List.of(ETCDUTL));

  private EtcdutlScripts() {}
}
