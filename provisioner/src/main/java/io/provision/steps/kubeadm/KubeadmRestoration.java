package io.provision.steps.kubeadm;

import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.datastore.Restoration;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubeadm.etcd.EtcdutlScripts;
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
   * {@code restore_kubeadm NODE INIT BEGUN OTHER...}: etcd's data of this node, made of the
   * snapshot; the control plane counts as begun.
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
          (umask 077 && try mkdir -p -- /var/lib/etcd) || return
          snapshot_room "$folder/snapshot.db" /var/lib/etcd || return
          try touch -- "$begun" && try sync "$begun" || return
          datastore_of_snapshot "$node" "$address" "$etcd" || return
          finish_restore "$@"\
          """,
          List.of(
              RestoreScripts.IS_PLACED,
              KubeadmRun.VALIDATE,
              KubeadmRun.RUN,
              SnapshotScripts.ROOM,
              EtcdutlScripts.DATASTORE,
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
