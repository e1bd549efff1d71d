package io.provision.steps.k3s.etcd;

import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.datastore.Restoration;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.etcd.RestoreScripts;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * k3s begins again from a snapshot: it makes the datastore by itself, with this server as the only
 * member, and ends (https://docs.k3s.io/cli/etcd-snapshot#restore-snapshots). With its next start
 * it forgets the password of this node by itself (k3s, pkg/cluster/managed.go).
 *
 * @param keyFile where the keys of Secrets lie that an inventory has read; empty where it has none
 */
record K3sRestoration(Kubectl kubectl, Function<Cluster, Optional<String>> keyFile)
    implements Restoration {
  private static final String DATABASE = K3sDatastore.SERVER + "/db";

  /**
   * What k3s makes all its other certificates of (k3s, pkg/daemons/config/types.go,
   * ControlRuntimeBootstrap). It writes its kubeconfigs only when it makes the certificates in them
   * (pkg/daemons/control/deps/deps.go): with those of the archive it would never have any, and its
   * controllers would not start.
   */
  static final List<String> AUTHORITIES =
      Stream.concat(
              Stream.of(
                      "server-ca",
                      "client-ca",
                      "request-header-ca",
                      "etcd/server-ca",
                      "etcd/peer-ca")
                  .flatMap(it -> Stream.of(it + ".crt", it + ".key")),
              Stream.of("service.key"))
          .map(it -> K3sDatastore.TLS + "/" + it)
          .toList();

  private static final Duration LIMIT = Duration.ofMinutes(20);

  /**
   * {@code restore_k3s OTHER...}: with the configuration that is there. The file reset-flag is k3s'
   * word that it came to the end. Where that configuration has S3, the path would be a name in the
   * bucket (docs.k3s.io/cli/etcd-snapshot#restoring-snapshots).
   */
  static final ShellFunction RESTORE =
      new ShellFunction(
          "restore_k3s",
          """
          folder=/var/lib/provision/etcd/restoring database=/var/lib/rancher/k3s/server/db
          restore_is_placed "$database/etcd" || return
          (umask 077 && try mkdir -p -- "$database" && : >"$folder/k3s.log") || {
            echo "$folder/k3s.log cannot be written" >&2
            return 1
          }
          snapshot_room "$folder/snapshot.db" "$database" || return
          say "k3s: making a datastore of the snapshot"
          timeout 900 /usr/local/bin/k3s server --cluster-reset --cluster-reset-restore-path="$folder/snapshot.db" --etcd-s3=false >"$folder/k3s.log" 2>&1 </dev/null
          ended=$?
          if [ "$ended" != 0 ] || [ ! -e "$database/reset-flag" ] || [ ! -e "$database/etcd/member" ]; then
            tail -n 12 "$folder/k3s.log" | tr -d '\\000' | cut -c 1-400 >&2
            rm -rf -- "$database/etcd"
            echo "k3s server --cluster-reset made no datastore of the snapshot: it ended with $ended" >&2
            return 1
          fi
          finish_restore "$@"\
          """,
          List.of(RestoreScripts.IS_PLACED, RestoreScripts.FINISH, SnapshotScripts.ROOM));

  @Override
  public String beginsWith() {
    return "k3s-server";
  }

  /** With these the servers and agents of the inventory are told the tokens of the cluster. */
  @Override
  public List<String> needed() {
    return List.of("/etc/rancher/k3s/server-token", "/etc/rancher/k3s/agent-token");
  }

  @Override
  public List<Keys> keys() {
    return List.of(
        new Keys(K3sApiServer.KEY_FILE, EncryptionSection.KEY, EncryptionSection.REMEDY),
        new Keys(
            K3sDatastore.OWN_KEYS,
            "secrets-encryption",
            "k3s made them itself: put 'k3s: { secrets-encryption: true, secrets-encryption-provider: ... }' into the inventory as it was; where it was 'encryption: { provider: ... }', write that in its place"));
  }

  @Override
  public Optional<String> read(Cluster cluster) {
    return keyFile.apply(cluster);
  }

  @Override
  public Call look(List<String> remains) {
    return RestoreScripts.look(
        kubectl, List.of(DATABASE + "/etcd", DATABASE + "/state.db"), remains);
  }

  @Override
  public Script begin(String archive) {
    return RestoreScripts.begin(archive);
  }

  @Override
  public List<Script> bring(Payload archive, String sha256, String snapshot, List<String> paths) {
    return RestoreScripts.bring(archive, sha256, snapshot, placed(paths));
  }

  /** What of these is put in its place. */
  static List<String> placed(List<String> paths) {
    return paths.stream()
        .flatMap(it -> it.equals(K3sDatastore.TLS) ? AUTHORITIES.stream() : Stream.of(it))
        .toList();
  }

  @Override
  public Script datastore(HostName server, List<HostName> others) {
    return Script.of(RESTORE, others.stream().map(HostName::value).toArray(String[]::new))
        .within(LIMIT);
  }
}
