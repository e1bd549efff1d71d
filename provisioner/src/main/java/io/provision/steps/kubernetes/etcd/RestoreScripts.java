package io.provision.steps.kubernetes.etcd;

import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import io.provision.steps.kubernetes.Kubectl;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a server goes through until its distribution makes a datastore of a snapshot. All of it lies
 * in {@code /var/lib/provision/etcd/restoring}, for root alone; that this directory is there says
 * that a restore began and did not end.
 */
public final class RestoreScripts {
  /** There from the beginning of a restore until the datastore is in its place. */
  public static final String FOLDER = SnapshotScripts.FOLDER + "/restoring";

  /** Names of nodes that the snapshot has and that are none any more, a line each. */
  static final String FORGET = SnapshotScripts.FOLDER + "/forget";

  private static final Duration LONG = Duration.ofHours(2);

  /**
   * {@code look_restore KUBECTL KUBECONFIG DATABASE OTHER PATH...}: as {@code Restoration.Place}
   * reads it. Of an API server only etcd behind it is asked: what else may fail there does not make
   * a cluster dead.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_restore",
          """
          if [ "$(admin_kubectl "$1" "$2" get --raw /readyz/etcd 2>/dev/null | head -c 100)" = ok ] ||
            [ "$(admin_kubectl "$1" "$2" get --raw /readyz 2>/dev/null | head -c 100)" = ok ]; then
            echo answers
          fi
          if [ -e "$3" ] || [ -e "$4" ]; then
            echo datastore
          fi
          shift 4
          for path do
            if [ -d "$path" ]; then
              [ -z "$(ls -A -- "$path")" ] || echo "there $path"
            elif [ -e "$path" ] || [ -L "$path" ]; then
              echo "there $path"
            fi
          done
          [ ! -d /var/lib/provision/etcd/restoring ] || echo "restoring $(head -n 1 /var/lib/provision/etcd/restoring/archive 2>/dev/null | head -c 200)"
          return 0\
          """,
          List.of(Kubectl.ADMIN));

  /** {@code begin_restore ARCHIVE}: no cluster begins here but from it. */
  private static final ShellFunction BEGIN =
      new ShellFunction(
          "begin_restore",
          """
          folder=/var/lib/provision/etcd/restoring
          (umask 077 && try mkdir -p -- "$folder" && put_text "$folder/archive" "$1
          ") || return
          try rm -rf -- "$folder/files" "$folder/archive.tar" "$folder/snapshot.db" /var/lib/provision/etcd/forget &&
            try sync "$folder"\
          """,
          List.of(FileTransfer.PUT_TEXT));

  /**
   * {@code place_restore SNAPSHOT PATH...}: what is in the archive is at its PATH, for root alone,
   * and nothing that lies there is written over; the snapshot is whole. No path but these is
   * written, whatever the archive holds.
   */
  public static final ShellFunction PLACE =
      new ShellFunction(
          "place_restore",
          """
          folder=/var/lib/provision/etcd/restoring snapshot=$1
          files=$folder/files
          shift
          snapshot_room "$folder/archive.tar" "$folder" || return
          try rm -rf -- "$files" && (umask 077 && try mkdir -- "$files") || return
          (umask 077 && tar -xof "$folder/archive.tar" -C "$files") || {
            echo "the archive cannot be unpacked here" >&2
            return 1
          }
          odd=$(find "$files" ! -type f ! -type d | head -n 1)
          [ -z "$odd" ] || {
            echo "the archive holds something else than files: ${odd#"$files"}" >&2
            return 1
          }
          try chmod -R u=rwX,go= "$files" && try find "$files" -type f -exec chmod 0600 {} + || return
          try rm -f -- "$folder/archive.tar" || return
          try mv -f -- "$files$snapshot" "$folder/snapshot.db" && snapshot_is_sound "$folder/snapshot.db" || return
          for path do
            [ -e "$files$path" ] || continue
            if [ -e "$path" ] || [ -L "$path" ]; then
              echo "hint: look who writes it, then run the same command again" >&2
              echo "$path is there again, and is not written over" >&2
              return 1
            fi
            (umask 022 && try mkdir -p -- "${path%/*}") && try mv -- "$files$path" "$path" || return
          done
          try rm -rf -- "$files" && try sync\
          """,
          List.of(SnapshotScripts.ROOM, SnapshotScripts.SOUND));

  /**
   * {@code finish_restore OTHER...}: the datastore is in its place. What is still to be done once
   * its API server answers is noted before.
   */
  public static final ShellFunction FINISH =
      new ShellFunction(
          "finish_restore",
          """
          if [ "$#" -gt 0 ]; then
            (umask 077 && put_text /var/lib/provision/etcd/forget "$(printf '%s\\n' "$@")
          ") || return
          fi
          try sync /var/lib/provision/etcd && try rm -rf -- /var/lib/provision/etcd/restoring && try sync /var/lib/provision/etcd\
          """,
          List.of(FileTransfer.PUT_TEXT));

  /** {@code restore_is_placed DATA}: a snapshot was brought, and there is no datastore at DATA. */
  public static final ShellFunction IS_PLACED =
      new ShellFunction(
          "restore_is_placed",
          """
          [ -f /var/lib/provision/etcd/restoring/snapshot.db ] || {
            echo "no snapshot was brought to this host" >&2
            return 1
          }
          [ ! -e "$1" ] || {
            echo "$1 is there again, and is not written over" >&2
            return 1
          }
          snapshot_is_sound /var/lib/provision/etcd/restoring/snapshot.db\
          """,
          List.of(SnapshotScripts.SOUND));

  /**
   * {@code until_forgotten KUBECTL KUBECONFIG NODE}: the node is none of the cluster any more, nor
   * the password that k3s keeps of it; what was said is left in {@code said}. With k3s a controller
   * lets go of the Node, for which a server must lead again. kubectl's own wait ends where the API
   * server is away for a moment, so that it is asked anew.
   */
  private static final ShellFunction UNTIL_FORGOTTEN =
      new ShellFunction(
          "until_forgotten",
          """
          said=$(admin_kubectl "$1" "$2" --request-timeout=20s delete node "$3" --ignore-not-found --wait=false 2>&1) || return 1
          there=$(admin_kubectl "$1" "$2" --request-timeout=20s get node "$3" --ignore-not-found \\
            -o 'go-template=it is still there, held by its finalizers {{.metadata.finalizers}}' 2>/dev/null) || {
            said="the API server does not say whether it is gone"
            return 1
          }
          said=$there
          [ -z "$said" ] || return 1
          said=$(admin_kubectl "$1" "$2" --request-timeout=20s -n kube-system delete secret "$3.node-password.k3s" --ignore-not-found 2>&1)\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code forget_nodes KUBECTL KUBECONFIG}: the nodes that are none any more are out of the
   * cluster, so that their hosts can join: kubeadm refuses a name that is a Ready node, and k3s one
   * whose password is another (docs.k3s.io/architecture#how-agent-node-registration-works).
   */
  static final ShellFunction FORGET_NODES =
      new ShellFunction(
          "forget_nodes",
          """
          say "waiting for the API server of what was restored"
          left=300 wait_began=$(date +%s)
          until admin_kubectl "$1" "$2" get --raw /readyz >/dev/null 2>&1; do
            left=$((left - 1))
            [ "$left" -gt 0 ] && [ $(($(date +%s) - wait_began)) -lt 300 ] || {
              echo "the API server does not answer yet: nodes of the snapshot stay" >&2
              return 1
            }
            sleep 1
          done
          for node in $(head -c 20000 /var/lib/provision/etcd/forget | grep -x '[a-z0-9][a-z0-9.-]*'); do
            say "node $node of the snapshot is none any more"
            left=150 wait_began=$(date +%s)
            until until_forgotten "$1" "$2" "$node"; do
              left=$((left - 1))
              [ "$left" -gt 0 ] && [ $(($(date +%s) - wait_began)) -lt 300 ] || {
                printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
                echo "hint: kubectl delete node $node" >&2
                echo "node $node of the snapshot could not be taken out" >&2
                return 1
              }
              sleep 2
            done
          done
          try rm -f -- /var/lib/provision/etcd/forget\
          """,
          List.of(Kubectl.ADMIN, UNTIL_FORGOTTEN));

  private RestoreScripts() {}

  /**
   * Looks at a server.
   *
   * @param databases where it has its datastore, of one kind or another
   */
  public static Call look(Kubectl kubectl, List<String> databases, List<String> remains) {
    var paths = Stream.of(databases, remains).flatMap(List::stream).toArray(String[]::new);
    return kubectl.call(LOOK, paths);
  }

  /** Marks a server. */
  public static Script begin(String archive) {
    return Script.of(BEGIN, archive);
  }

  /** Brings the archive, and puts what is in it in its place. */
  public static List<Script> bring(
      Payload archive, String sha256, String snapshot, List<String> paths) {
    var words = Stream.concat(Stream.of(snapshot), paths.stream()).toArray(String[]::new);
    return List.of(
        Script.of(FileTransfer.PUSH, FOLDER + "/archive.tar", "0600", sha256)
            .with(archive)
            .within(LONG),
        Script.of(PLACE, words).within(LONG));
  }
}
