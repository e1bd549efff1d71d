package io.provision.steps.k3s.etcd;

import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Drill;
import io.provision.step.datastore.HealthView;
import io.provision.step.datastore.Restoration;
import io.provision.step.datastore.Upkeep;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The datastore in k3s. What k3s keeps in it of its authorities is encrypted with the server's
 * token (https://docs.k3s.io/cli/etcd-snapshot): without that nothing reads it.
 *
 * @param keyFile where the keys of Secrets lie that an inventory has read; empty where it has none
 */
public record K3sDatastore(Kubectl kubectl, Function<Cluster, Optional<String>> keyFile)
    implements Datastore {
  static final String SERVER = "/var/lib/rancher/k3s/server";

  /** Keys of Secrets that k3s made itself. */
  public static final String OWN_KEYS = SERVER + "/cred/encryption-config.json";

  /** Its authorities, and all that it made of them. */
  static final String TLS = SERVER + "/tls";

  /** {@code look_k3s_datastore KUBECTL KUBECONFIG PATH...}: as {@code SnapshotSource} reads it. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_k3s_datastore",
          """
          if [ -d /var/lib/rancher/k3s/server/db/etcd ]; then
            echo etcd
          elif [ -f /var/lib/rancher/k3s/server/db/state.db ]; then
            echo sqlite
          fi
          admin_kubectl "$1" "$2" get --raw /readyz >/dev/null 2>&1 && echo well
          shift 2
          missing_of "$@"
          return 0\
          """,
          List.of(SnapshotScripts.MISSING, Kubectl.ADMIN));

  @Override
  public List<String> required() {
    return List.of(SERVER + "/token", TLS);
  }

  @Override
  public List<String> optional() {
    return List.of(
        SERVER + "/agent-token",
        OWN_KEYS,
        SERVER + "/cred/encryption-state.json",
        K3sApiServer.KEY_FILE,
        "/etc/rancher/k3s/server-token",
        "/etc/rancher/k3s/agent-token");
  }

  @Override
  public Call look(HostName server) {
    return kubectl.call(LOOK, required().toArray(String[]::new));
  }

  @Override
  public Script snapshot(HostName server, String kind, int number) {
    return K3sSnapshot.script(kind, number);
  }

  @Override
  public Script archive(String snapshot) {
    return SnapshotScripts.archive(snapshot, required(), optional());
  }

  @Override
  public Restoration restoration() {
    return new K3sRestoration(kubectl, keyFile);
  }

  @Override
  public Drill drill() {
    return new K3sDrill(kubectl);
  }

  @Override
  public HealthView health() {
    return new K3sMembersView(kubectl);
  }

  /**
   * At each start (k3s-io/k3s#5336, which also takes alarms back); newer ones leave it to etcd,
   * where 100 MB or more come of it (k3s-io/k3s#14099).
   */
  @Override
  public Upkeep upkeep() {
    return new Upkeep.ByItself(
        "k3s brings no etcdctl, and defragments its member by itself when it starts (newer ones where 100 MB or more come of it). 'systemctl restart k3s', on one server after another, each once 'provision etcd status' says that all vote; pods run on");
  }
}
