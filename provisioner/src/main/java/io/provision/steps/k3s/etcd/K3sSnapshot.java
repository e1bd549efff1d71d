package io.provision.steps.k3s.etcd;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.time.Duration;
import java.util.List;

/**
 * A snapshot of the etcd in k3s. k3s makes it in a folder of its own, and names it by itself
 * ({@code NAME-NODE-SECONDS}: k3s, pkg/etcd/snapshot.go); from there it is taken over, for what is
 * in that folder is k3s' own to prune, and goes with it.
 */
public final class K3sSnapshot {
  /** {@code k3s_etcd_snapshot WORD...}: k3s, with what it says where it fails. */
  private static final ShellFunction ASK =
      new ShellFunction(
          "k3s_etcd_snapshot",
          """
          said=$(/usr/local/bin/k3s etcd-snapshot "$@" 2>&1 </dev/null) && return 0
          ran "$?" k3s etcd-snapshot "$@"
          printf '%s\\n' "$said" | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
          return 1\
          """);

  /**
   * {@code k3s_snapshot_path NAME}: where k3s keeps it. A folder that is set for it is in its list
   * alone.
   */
  private static final ShellFunction PATH =
      new ShellFunction(
          "k3s_snapshot_path",
          """
          path=/var/lib/rancher/k3s/server/db/snapshots/$1
          [ -f "$path" ] || path=$(/usr/local/bin/k3s etcd-snapshot list 2>/dev/null </dev/null |
            name=$1 awk '$1 == ENVIRON["name"] && index($2, "file:///") == 1 { print substr($2, 8); exit }')
          [ -n "$path" ] && [ -f "$path" ] && printf '%s\\n' "$path" && return 0
          echo "k3s does not say where its snapshot '$1' is" >&2
          return 1\
          """);

  /**
   * {@code k3s_snapshot_left}: names of ours that k3s still has, of runs that were killed before
   * they had taken them over.
   */
  private static final ShellFunction LEFT =
      new ShellFunction(
          "k3s_snapshot_left",
          """
          for path in /var/lib/rancher/k3s/server/db/snapshots/provision-*; do
            [ -f "$path" ] || continue
            name=${path##*/}
            case ${name##*-} in ?????????*) ;; *) continue ;; esac
            case ${name##*-} in *[!0-9]*) ;; *) printf '%s\\n' "$name" ;; esac
          done
          return 0\
          """);

  /**
   * {@code k3s_snapshot NAME NUMBER}: kept as {@link SnapshotScripts} says; nothing where there is
   * no etcd. Never compressed, since the checksum in it is looked at.
   */
  private static final ShellFunction TAKE =
      new ShellFunction(
          "k3s_snapshot",
          """
          name=$1 number=$2 database=/var/lib/rancher/k3s/server/db
          [ -d "$database/etcd" ] || return 0
          snapshot_room "$database/etcd/member/snap/db" "$database" &&
            snapshot_room "$database/etcd/member/snap/db" /var/lib/provision || return
          for left in $(k3s_snapshot_left); do
            k3s_etcd_snapshot delete "$left" || say "k3s keeps the snapshot $left of an earlier run"
          done
          set -- save --name provision
          ! grep -qs etcd-snapshot-compress /etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d/* || set -- "$@" --etcd-snapshot-compress=false
          say "etcd: a snapshot by k3s"
          k3s_etcd_snapshot "$@" || {
            echo "k3s made no snapshot of its datastore" >&2
            return 1
          }
          made=$(printf '%s\\n' "$said" | sed -n 's/.*Snapshot \\(provision-[A-Za-z0-9.-]*\\) saved.*/\\1/p' | head -n 1)
          file=$(k3s_snapshot_path "$made") || return
          keep_snapshot "$file" "$name" "$number" || return
          k3s_etcd_snapshot delete "$made" || say "k3s keeps a copy of its own: $made"
          return 0\
          """,
          List.of(ASK, PATH, LEFT, SnapshotScripts.ROOM, SnapshotScripts.KEEP));

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private K3sSnapshot() {}

  /** The same, of which so many are kept. */
  public static Script script(String name, int number) {
    return Script.of(TAKE, name, Integer.toString(number)).within(LIMIT);
  }
}
