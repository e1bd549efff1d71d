package io.provision.steps.k3s.etcd;

import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import io.provision.step.datastore.Drill;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.DrillScripts;
import io.provision.steps.kubernetes.etcd.RestoreScripts;
import java.util.List;
import java.util.stream.Stream;

/** A snapshot of k3s is tried by a second server, with the configuration of this one. */
record K3sDrill(Kubectl kubectl) implements Drill {
  /** What a server without an agent takes, in MB, and as much again. */
  private static final int MEMORY = 1000;

  /**
   * {@code drill_k3s WORD KUBECTL KUBECONFIG SNAPSHOT PATH...}: in namespaces of the drill. Whom a
   * server had joined is of no matter to one that begins from a snapshot, and its interfaces are
   * not there; it runs no agent
   * (https://docs.k3s.io/advanced#running-agentless-servers-experimental), and takes no snapshots
   * to where the living one keeps its own. It logs to nowhere but what is covered, and is told of
   * no VPN, whose daemon would hear of it by a socket: k3s calls {@code tailscale up --reset} (k3s,
   * pkg/vpn/vpn.go).
   */
  private static final ShellFunction DRILL =
      new ShellFunction(
          "drill_k3s",
          """
          word=$1 drill_kubectl=$2 drill_admin=$3 snapshot=$4
          shift 4
          addresses=$(sed -n "/^[\\"']\\{0,1\\}node-ip[\\"']\\{0,1\\} *:/,\\$p" /etc/rancher/k3s/config.yaml |
            awk 'NR == 1 { sub(/^[^:]*:/, "") } NR > 1 && !/^ *- / { exit } { sub(/^ *- */, ""); print }' |
            tr -d "\\"'[] " | tr -s '\\n,' ',,' | sed 's/^,//; s/,$//')
          [ -n "$addresses" ] || {
            echo "/etc/rancher/k3s/config.yaml names no node-ip" >&2
            return 1
          }
          odd=$(k3s_options | grep -oE "(^|[^a-z-])(data|wal)-dir=[^]\\"' ,]*" | grep -o '[dw].*' | head -n 1 | cut -c 1-400)
          [ -z "$odd" ] || {
            echo "etcd here has data at another place, with '$odd': a drill would write to its data" >&2
            return 1
          }
          keys=$(k3s_options | grep -o "encryption-provider-config=[^]\\"' ,]*" | tail -n 1 | sed 's/^[^=]*=//')
          say_of_keys "$keys" "$@"
          copy_for_drill /etc/rancher/k3s k3s.yaml "$@" && share_with_drill /var/lib/rancher/k3s/data || return
          config=/etc/rancher/k3s
          config=/var/lib/provision/drill/root$config
          try mkdir -p -- "$config/config.yaml.d" || return
          for file in "$config/config.yaml" "$config"/config.yaml.d/*; do
            [ ! -f "$file" ] || try sed -i -E -e "/^[\\"']?(server|flannel-iface|vpn-auth|vpn-auth-file|log|disable-agent)[\\"']? *:/d" \\
              -e "s|(audit-log-path=)[^]\\"' ,]*|\\1/var/log/audit.log|" "$file" || return
          done
          put_text "$config/config.yaml.d/zz-drill.yaml" 'disable-agent: true
          etcd-disable-snapshots: true
          ' || return
          enter_drill "$addresses" /etc/rancher /var/lib/rancher /var/lib/provision/etcd /var/log || return
          place_restore "$snapshot" "$@" && restore_k3s || return
          /usr/local/bin/k3s server >/var/lib/provision/etcd/k3s.log 2>&1 </dev/null &
          await_drill "$!" /var/lib/provision/etcd/k3s.log "$drill_kubectl" "$drill_admin" &&
            read_drill "$word" "$drill_kubectl" "$drill_admin"\
          """,
          List.of(
              K3sApiServer.OPTIONS,
              DrillScripts.KEYS,
              DrillScripts.COPY,
              DrillScripts.SHARE,
              DrillScripts.ENTER,
              DrillScripts.AWAIT,
              DrillScripts.FOUND,
              FileTransfer.PUT_TEXT,
              RestoreScripts.PLACE,
              K3sRestoration.RESTORE));

  @Override
  public Script mark(String word) {
    return DrillScripts.mark(kubectl, word);
  }

  @Override
  public Script unmark() {
    return DrillScripts.unmark(kubectl);
  }

  @Override
  public List<Script> tried(
      HostName server,
      Payload.LocalFile archive,
      String sha256,
      String snapshot,
      List<String> paths,
      String word) {
    return DrillScripts.tried(archive, sha256, MEMORY, inside(snapshot, paths, word));
  }

  /** What is done in the namespaces. */
  Call inside(String snapshot, List<String> paths, String word) {
    var words =
        Stream.of(List.of(word), List.of(kubectl.arguments(snapshot)), K3sRestoration.placed(paths))
            .flatMap(List::stream);
    return Call.of(DRILL, words.toArray(String[]::new));
  }
}
