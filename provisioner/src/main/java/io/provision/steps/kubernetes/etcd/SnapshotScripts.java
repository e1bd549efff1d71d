package io.provision.steps.kubernetes.etcd;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is done with a snapshot of etcd once its distribution has made one. All of ours are {@code
 * /var/lib/provision/etcd/KIND-TIME.db}, for root alone: {@code before-} something that a run does,
 * or a {@code snapshot} that somebody asked for.
 */
public final class SnapshotScripts {
  /** Where all of them are kept on a node. */
  public static final String FOLDER = "/var/lib/provision/etcd";

  /** How many are kept of each kind. */
  public static final int KEPT = 5;

  /**
   * {@code snapshot_is_sound FILE}: a file of bbolt with the SHA-256 of all before as its last 32
   * bytes. Blocks of a disk have 512 bytes or a multiple: so a size that is a multiple and 32 tells
   * that there is one (etcd: client/v3/snapshot/v3_snapshot.go, hasChecksum; the server appends it:
   * server/etcdserver/api/v3rpc/maintenance.go). A page begins with 16 bytes, and the first one's
   * contents with 0xED0CDAED, little endian (bbolt: internal/common/types.go).
   */
  static final ShellFunction SOUND =
      new ShellFunction(
          "snapshot_is_sound",
          """
          sound_size=$(wc -c <"$1" | tr -d ' ')
          case $sound_size in
          '' | *[!0-9]*)
            echo "$1 cannot be read" >&2
            return 1
            ;;
          esac
          if [ $((sound_size % 512)) -ne 32 ]; then
            echo "the snapshot of etcd is not whole: of its $sound_size bytes the last are not a checksum" >&2
            return 1
          fi
          if [ "$(head -c 20 -- "$1" | tail -c 4 | od -A n -v -t x1 | tr -d ' \\n')" != edda0ced ]; then
            echo "this is not a snapshot of etcd: it does not begin as a file of bbolt does" >&2
            return 1
          fi
          sound_said=$(tail -c 32 -- "$1" | od -A n -v -t x1 | tr -d ' \\n')
          sound_is=$(head -c $((sound_size - 32)) -- "$1" | sha256sum)
          [ "$sound_said" = "${sound_is%% *}" ] && return 0
          echo "the snapshot of etcd is not whole: its SHA-256 is another than the one in it" >&2
          return 1\
          """);

  /**
   * {@code snapshot_room DATABASE FOLDER}: there is room for a copy and 100 MB more. etcd stops
   * where its disk is full, and with it the cluster.
   */
  public static final ShellFunction ROOM =
      new ShellFunction(
          "snapshot_room",
          """
          room_need=$(du -k -- "$1" 2>/dev/null | cut -f 1)
          room_left=$(df -Pk -- "$2" 2>/dev/null | awk 'NR == 2 { print $4 }')
          case :$room_need:$room_left: in *::* | *[!0-9:]*) return 0 ;; esac
          [ "$room_left" -gt $((room_need + 102400)) ] && return 0
          echo "hint: make room there" >&2
          echo "$2 has $((room_left / 1024)) MB left, and a snapshot takes $((room_need / 1024)): etcd stops where its disk is full" >&2
          return 1\
          """);

  /** {@code prune_snapshots KIND NUMBER}: of ours of this kind, so many stay: the newest. */
  static final ShellFunction PRUNE =
      new ShellFunction(
          "prune_snapshots",
          """
          rm -f -- /var/lib/provision/etcd/"$1"-*.db.part
          ls -- /var/lib/provision/etcd | kind=$1 awk '
            index($0, ENVIRON["kind"] "-") == 1 && /-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]Z[.]db$/ {
              print substr($0, length($0) - 18, 16), $0
            }' | sort -r | tail -n "+$(($2 + 1))" | while read -r _ name; do
            try rm -f -- "/var/lib/provision/etcd/$name" || return
            echo "pruned $name"
          done\
          """);

  /**
   * {@code keep_snapshot FILE NAME NUMBER}: the file stays where it is, too. Prints {@code kept}
   * with the name of the file and its bytes, then {@code pruned} ones.
   */
  public static final ShellFunction KEEP =
      new ShellFunction(
          "keep_snapshot",
          """
          kept=$2-$(date -u +%Y%m%dT%H%M%SZ).db
          into=/var/lib/provision/etcd/$kept.part
          (umask 077 && try mkdir -p /var/lib/provision/etcd) || return
          rm -f -- "$into"
          ln -- "$1" "$into" 2>/dev/null || try cp -- "$1" "$into" || {
            rm -f -- "$into"
            echo "the snapshot of etcd could not be kept in /var/lib/provision/etcd" >&2
            return 1
          }
          snapshot_is_sound "$into" || {
            rm -f -- "$into"
            echo "hint: run the same command again; where that is so again, look at the disk, and at what etcd says of its data" >&2
            echo "etcd made a snapshot that is of no use" >&2
            return 1
          }
          try chmod 0600 "$into" && try sync "$into" &&
            try mv -f -- "$into" "/var/lib/provision/etcd/$kept" && try sync /var/lib/provision/etcd || return
          echo "kept $kept $(wc -c <"/var/lib/provision/etcd/$kept" | tr -d ' ')"
          prune_snapshots before "$3" && prune_snapshots snapshot "$3"\
          """,
          List.of(SOUND, PRUNE));

  /** {@code missing_of PATH...}: {@code missing PATH} a line for what is not there or is empty. */
  public static final ShellFunction MISSING =
      new ShellFunction(
          "missing_of",
          """
          for path do
            [ -s "$path" ] || echo "missing $path"
          done\
          """);

  /**
   * {@code send_snapshot NAME PATH...}: an archive of tar with the snapshot of ours first; a PATH
   * that is not there is left out. Links are sent as what they lead to.
   */
  private static final ShellFunction SEND =
      new ShellFunction(
          "send_snapshot",
          """
          name=/var/lib/provision/etcd/$1 count=$(($# - 1))
          shift
          while [ "$count" -gt 0 ]; do
            count=$((count - 1))
            [ ! -e "$1" ] || set -- "$@" "$1"
            shift
          done
          tar -chf - -- "$name" "$@" && return 0
          echo "tar could not read $name and what belongs to it" >&2
          return 1\
          """);

  /** The largest that etcd is meant for, 8 GiB, over a slow line. */
  private static final Duration COPY = Duration.ofHours(2);

  /** Sends a snapshot of ours with these files and directories, as far as they are there. */
  public static Script archive(String snapshot, List<String> required, List<String> optional) {
    var words = Stream.of(List.of(snapshot), required, optional).flatMap(List::stream);
    return Script.of(SEND, words.toArray(String[]::new)).within(COPY);
  }

  private SnapshotScripts() {}
}
