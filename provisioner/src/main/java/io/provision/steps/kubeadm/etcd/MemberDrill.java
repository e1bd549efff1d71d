package io.provision.steps.kubeadm.etcd;

import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.datastore.Drill;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.DrillScripts;
import io.provision.steps.kubernetes.etcd.RestoreScripts;
import java.util.List;
import java.util.stream.Stream;

/**
 * A snapshot of kubeadm's etcd is tried by a second etcd and API server: the programs that run on
 * this control plane, with the options that they run with. All certificates, and that of the
 * administrator, are made anew from the authorities of the archive, as a control plane makes them
 * that begins from it: they may be others than those of the cluster that lives.
 *
 * @param init kubeadm's configuration of this control plane, as a path
 */
public record MemberDrill(Kubectl kubectl, String init) implements Drill {
  /** What etcd and an API server take, in MB, and as much again. */
  private static final int MEMORY = 800;

  /**
   * {@code start_for_drill PROCESS LOG}: the program of this process, which runs in a container,
   * with its options. Audit logs are the living one's to write.
   */
  private static final ShellFunction START =
      new ShellFunction(
          "start_for_drill",
          """
          program=/proc/$1/exe log=$2
          options=$(tr '\\000' '\\n' <"/proc/$1/cmdline" | head -c 100000 | tail -n +2 | grep -v '^--audit-')
          set --
          while IFS= read -r option; do
            [ -z "$option" ] || set -- "$@" "$option"
          done <<END
          $options
          END
          "$program" "$@" >"$log" 2>&1 </dev/null &\
          """);

  /** {@code is_covered_by_drill PROCESS}: this etcd has all of its data in /var/lib/etcd. */
  private static final ShellFunction COVERED =
      new ShellFunction(
          "is_covered_by_drill",
          """
          options=$(tr '\\000' '\\n' <"/proc/$1/cmdline" | head -c 100000 | grep -e '^--*data-dir' -e '^--*wal-dir' -e '^--*config-file')
          case $options in --data-dir=/var/lib/etcd | --data-dir=/var/lib/etcd/) return 0 ;; esac
          echo "etcd here runs with '$(printf %s "$options" | tr '\\n' ' ' | cut -c 1-400)', not with '--data-dir=/var/lib/etcd' alone: a drill would write to its data" >&2
          return 1\
          """);

  /** {@code drill_kubeadm WORD NODE INIT KUBECTL KUBECONFIG SNAPSHOT PATH...}: in namespaces. */
  private static final ShellFunction DRILL =
      new ShellFunction(
          "drill_kubeadm",
          """
          word=$1 node=$2 init=$3 drill_kubectl=$4 drill_admin=$5 snapshot=$6
          shift 6
          etcd=$(look_running_container etcd | cut -d ' ' -f 2)
          api=$(look_running_container kube-apiserver | cut -d ' ' -f 2)
          if [ -z "$etcd" ] || [ -z "$api" ]; then
            echo "containerd runs no etcd or no API server here, whose programs a drill needs" >&2
            return 1
          fi
          is_covered_by_drill "$etcd" || return
          address=$(sed -n 's/^ *advertiseAddress: *//p' "$init" | tr -d "\\"' " | head -n 1)
          [ -n "$address" ] || {
            echo "$init names no advertiseAddress" >&2
            return 1
          }
          keys=$(tr '\\000' '\\n' <"/proc/$api/cmdline" | head -c 100000 | sed -n 's/^--encryption-provider-config=//p' | tail -n 1)
          say_of_keys "$keys" "$@"
          copy_for_drill /etc/kubernetes "pki manifests tmp admin.conf" "$@" || return
          enter_drill "$address" /etc/kubernetes /var/lib/etcd /var/lib/provision/etcd /var/log || return
          place_restore "$snapshot" "$@" || return
          say "kubeadm: making certificates from the authorities of the archive"
          for phase in "certs all" "kubeconfig admin"; do
            said=$(/usr/local/bin/kubeadm init phase $phase --config "$init" 2>&1 </dev/null) || {
              printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
              echo "kubeadm made no certificates from the authorities of the archive" >&2
              return 1
            }
          done
          etcdutl=/proc/$etcd/root/usr/local/bin/etcdutl
          datastore_of_snapshot "$node" "$address" "of etcd here" || return
          start_for_drill "$etcd" /var/lib/provision/etcd/etcd.log
          member=$!
          start_for_drill "$api" /var/lib/provision/etcd/api.log
          await_drill "$!" /var/lib/provision/etcd/api.log "$drill_kubectl" "$drill_admin" || {
            kill -0 "$member" 2>/dev/null && return 1
            tail -n 2 /var/lib/provision/etcd/etcd.log 2>/dev/null | tr -d '\\000' | cut -c 1-400 >&2
            echo "the etcd of what was restored ended by itself" >&2
            return 1
          }
          read_drill "$word" "$drill_kubectl" "$drill_admin"\
          """,
          List.of(
              EtcdutlScripts.RUNNING,
              EtcdutlScripts.DATASTORE,
              COVERED,
              START,
              DrillScripts.KEYS,
              DrillScripts.COPY,
              DrillScripts.ENTER,
              DrillScripts.AWAIT,
              DrillScripts.FOUND,
              RestoreScripts.PLACE));

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
    return DrillScripts.tried(archive, sha256, MEMORY, inside(server, snapshot, paths, word));
  }

  /** What is done in the namespaces. */
  Call inside(HostName server, String snapshot, List<String> paths, String word) {
    var words =
        Stream.of(List.of(word, server.value(), init), List.of(kubectl.arguments(snapshot)), paths)
            .flatMap(List::stream);
    return Call.of(DRILL, words.toArray(String[]::new));
  }
}
