package io.provision.steps.kubeadm;

import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.datastore.Restoration;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.etcd.RestoreScripts;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cluster of kubeadm begins again from a snapshot: its authorities and its datastore lie there
 * already when {@code kubeadm init} comes to the phases that would make them, and are taken as they
 * are.
 */
record KubeadmRestoration() implements Restoration {
  private static final Duration LIMIT = Duration.ofMinutes(40);

  /**
   * {@code run_etcdutl IMAGE WORD...}: in a container of the image of etcd, since nothing else
   * brings it. It has the data of etcd and what was brought, and no network. One that a killed run
   * has left goes first. Containers are made on the snapshotter that Kubernetes' own are made on.
   */
  private static final ShellFunction ETCDUTL =
      new ShellFunction(
          "run_etcdutl",
          """
          image=$1
          shift
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
          printf '%s\\n' "$said" | tr -d '\\000' | tail -n 8 | cut -c 1-400 >&2
          case $said in
            *xecutable*'not found'* | *etcdutl*'no such file'*)
              echo "hint: etcd brings etcdutl since 3.5: use the image that kubeadm names" >&2
              echo "the image $image has no etcdutl, which a snapshot is restored by" >&2
              ;;
            *) echo "etcdutl made no datastore of the snapshot" >&2 ;;
          esac
          return 1\
          """);

  /**
   * {@code restore_kubeadm NODE INIT BEGUN OTHER...}: etcd's data of this node, made of the
   * snapshot; the control plane counts as begun. Revisions go on far behind all that anybody has
   * seen, so that no watcher takes old news for newer ones
   * (https://etcd.io/docs/v3.6/op-guide/recovery/#restoring-with-revision-bump); an etcdutl before
   * 3.6 may not know how.
   */
  private static final ShellFunction RESTORE =
      new ShellFunction(
          "restore_kubeadm",
          """
          node=$1 init=$2 begun=$3 folder=/var/lib/provision/etcd/restoring
          shift 3
          restore_is_placed /var/lib/etcd/member || return
          validate_kubeadm "$init" || return
          if [ ! -e "$begun" ]; then
            run_kubeadm "${begun%/*}/kubeadm.log" init phase preflight --config "$init" || return
          fi
          address=$(sed -n 's/^ *advertiseAddress: *//p' "$init" | tr -d "\\"' " | head -n 1)
          etcd=$(/usr/local/bin/kubeadm config images list --config "$init" 2>/dev/null </dev/null | grep '/etcd:' | head -n 1)
          if [ -z "$address" ] || [ -z "$etcd" ]; then
            echo "kubeadm does not say where etcd listens, and by which image it runs: '$address', '$etcd'" >&2
            return 1
          fi
          case $address in *:*) address="[$address]" ;; esac
          (umask 077 && try mkdir -p -- /var/lib/etcd) && try rm -rf -- /var/lib/etcd/restoring || return
          snapshot_room "$folder/snapshot.db" /var/lib/etcd || return
          try touch -- "$begun" && try sync "$begun" || return
          say "etcd: making a datastore of the snapshot"
          bump="--bump-revision 1000000000 --mark-compacted"
          run_etcdutl "$etcd" snapshot restore --help || return
          case $said in
            *--bump-revision*) ;;
            *)
              bump=
              say "note: this etcdutl cannot move revisions on: restart the kubelets of workers, and what watches the API"
              ;;
          esac
          run_etcdutl "$etcd" snapshot restore "$folder/snapshot.db" --data-dir /var/lib/etcd/restoring \\
            --name "$node" --initial-cluster "$node=https://$address:2380" \\
            --initial-advertise-peer-urls "https://$address:2380" $bump || return
          try mv -- /var/lib/etcd/restoring/member /var/lib/etcd/member && try rm -rf -- /var/lib/etcd/restoring && try sync /var/lib/etcd || return
          finish_restore "$@"\
          """,
          List.of(
              RestoreScripts.IS_PLACED,
              KubeadmRun.VALIDATE,
              KubeadmRun.RUN,
              SnapshotScripts.ROOM,
              ETCDUTL,
              RestoreScripts.FINISH));

  @Override
  public String beginsWith() {
    return "kubeadm-control-plane";
  }

  @Override
  public List<String> needed() {
    return List.of();
  }

  @Override
  public List<Keys> keys() {
    return List.of(
        new Keys(KubeadmApiServer.KEY_FILE, EncryptionSection.KEY, EncryptionSection.REMEDY));
  }

  @Override
  public Optional<String> read(Cluster cluster) {
    return EncryptionSection.of(cluster).map(_ -> KubeadmApiServer.KEY_FILE);
  }

  @Override
  public Call look(List<String> remains) {
    return RestoreScripts.look(
        new Kubectl(Kubeadm.KUBECTL, Kubeadm.ADMIN),
        List.of("/var/lib/etcd/member", "/var/lib/etcd/member"),
        remains);
  }

  @Override
  public Script begin(String archive) {
    return RestoreScripts.begin(archive);
  }

  @Override
  public List<Script> bring(Payload archive, String sha256, String snapshot, List<String> paths) {
    return RestoreScripts.bring(archive, sha256, snapshot, paths);
  }

  @Override
  public Script datastore(HostName server, List<HostName> others) {
    var words =
        Stream.concat(
            Stream.of(server.value(), Kubeadm.INIT, Kubeadm.BEGUN),
            others.stream().map(HostName::value));
    return Script.of(RESTORE, words.toArray(String[]::new)).within(LIMIT);
  }
}
