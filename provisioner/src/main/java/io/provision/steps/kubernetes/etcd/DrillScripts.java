package io.provision.steps.kubernetes.etcd;

import io.provision.remote.Call;
import io.provision.remote.InnerShell;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import io.provision.steps.kubernetes.Kubectl;
import java.time.Duration;
import java.util.List;

/**
 * A snapshot is restored beside the living cluster by the functions that restore one for good, in
 * namespaces of their own (unshare(1)): directories of the host are covered there by those of
 * {@code /var/lib/provision/drill}, the network is a loopback that has the node's address, and all
 * processes end with the first. So nothing of it can reach the cluster, and whatever ends the
 * script ends the drill; what is left is that directory, which the next one deletes.
 */
public final class DrillScripts {
  /** Where all of it lies; beneath {@code root} what covers directories of the host. */
  private static final String BOX = "/var/lib/provision/drill";

  private static final String RESTORING = BOX + "/root" + RestoreScripts.FOLDER;

  private static final Duration LONG = Duration.ofHours(2);

  /** For a server's start twice, and what lies between; it ends by itself a minute before. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  /** A datastore and a second copy of the snapshot while it is made, and 200 MB more. */
  private static final long COPIES = 3;

  private static final long SPARE_KB = 200L << 10;

  /** An API server has all of a datastore in memory, as objects. */
  private static final long HELD = 4;

  /** {@code clear_drill}: what one has left is gone; never where something is mounted in it. */
  private static final ShellFunction CLEAR =
      new ShellFunction(
          "clear_drill",
          """
          [ -e /var/lib/provision/drill ] || return 0
          if awk '$2 ~ "^/var/lib/provision/drill(/|$)" { exit 9 } END { if (NR == 0) exit 9 }' /proc/mounts; then
            try rm -rf -- /var/lib/provision/drill
            return
          fi
          echo "hint: look who mounted it ('findmnt'), and unmount it" >&2
          echo "something is mounted beneath /var/lib/provision/drill, so that it is not deleted" >&2
          return 1\
          """);

  /**
   * {@code begin_drill ROOM MEMORY}: there is so much room, in kB, and memory that nothing uses, in
   * MB, and what makes namespaces; and the directory of snapshots, which is covered.
   */
  private static final ShellFunction BEGIN =
      new ShellFunction(
          "begin_drill",
          """
          clear_drill || return
          for program in unshare mount ip nice; do
            command -v "$program" >/dev/null 2>&1 || {
              echo "there is no '$program' here, which keeps a drill apart from the cluster" >&2
              return 1
            }
          done
          (umask 077 && try mkdir -p -- /var/lib/provision/etcd) || return
          need=$1 memory=$2
          set -- $(df -Pk /var/lib/provision 2>/dev/null | awk 'NR == 2 && $2 ~ /^[0-9]+$/ && $4 ~ /^[0-9]+$/ { print $2, $4 }')
          if [ "$#" = 2 ] && [ "$2" -lt "$need" ]; then
            echo "hint: make room there, or try the archive with another control plane: --limit" >&2
            echo "/var/lib/provision has $(($2 / 1024)) MB left, and the drill takes $((need / 1024)): etcd stops where its disk is full" >&2
            return 1
          fi
          if [ "$#" = 2 ] && [ "$2" -ge $(($1 / 10)) ] && [ $(($2 - need)) -lt $(($1 / 10)) ]; then
            echo "hint: make room there, or try the archive with another control plane: --limit" >&2
            echo "/var/lib/provision has $(($2 / 1024)) MB left of $(($1 / 1024)), and the drill takes $((need / 1024)): a kubelet evicts pods where less than a tenth is left" >&2
            return 1
          fi
          left=$(awk '$1 == "MemAvailable:" && $2 ~ /^[0-9]+$/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
          if [ -n "$left" ] && [ "$left" -lt "$memory" ]; then
            echo "hint: try the archive with another control plane: --limit" >&2
            echo "it has $left MB of memory left, and the drill takes $memory: nothing that lives is put at risk for it" >&2
            return 1
          fi
          (umask 077 && try mkdir -p -- /var/lib/provision/drill/root)\
          """,
          List.of(CLEAR));

  /**
   * {@code run_drill TEXT}: the text, by another shell in namespaces of its own, behind all that
   * lives; then what it has left is gone. It ends after 29 minutes, also where nobody is left who
   * would end it: unshare heeds no other signal. What is unmounted outside is unmounted in it, so
   * that no volume is held by it.
   */
  private static final ShellFunction RUN =
      new ShellFunction(
          "run_drill",
          """
          put_text /var/lib/provision/drill/inside.sh "$1" || return
          say "drill: restoring beside the living cluster"
          timeout -s KILL 1740 nice -n 10 unshare --mount --propagation slave --net --pid --fork --kill-child sh /var/lib/provision/drill/inside.sh "$marker" </dev/null
          ended=$?
          [ "$ended" != 0 ] || {
            clear_drill
            return
          }
          clear_drill || :
          [ "$ended" != 137 ] || echo "the drill was ended: it had not come to its end after 29 minutes, or something killed it" >&2
          ran "$ended" unshare --mount --propagation slave --net --pid --fork --kill-child sh /var/lib/provision/drill/inside.sh\
          """,
          List.of(FileTransfer.PUT_TEXT, CLEAR));

  /**
   * {@code copy_for_drill DIR NAMES PATH...}: what is in DIR is in what will cover it, but for
   * these names, parted by a space each, and for the PATHs, which the archive brings.
   */
  public static final ShellFunction COPY =
      new ShellFunction(
          "copy_for_drill",
          """
          from=$1 names=" $2 " root=/var/lib/provision/drill/root
          shift 2
          try mkdir -p -- "$root$from" || return
          for entry in "$from"/*; do
            [ -e "$entry" ] || continue
            case $names in *" ${entry##*/} "*) continue ;; esac
            try cp -RL -- "$entry" "$root$from/" || return
          done
          for path do
            try rm -rf -- "$root$path" || return
          done\
          """);

  /** {@code share_with_drill DIR}: it is the host's own there, too, to be read. */
  public static final ShellFunction SHARE =
      new ShellFunction(
          "share_with_drill",
          """
          try mkdir -p -- "/var/lib/provision/drill/root$1" &&
            try mount --bind "$1" "/var/lib/provision/drill/root$1" &&
            try mount -o remount,bind,ro "/var/lib/provision/drill/root$1"\
          """);

  /**
   * {@code say_of_keys FILE PATH...}: where the keys of Secrets are in this file, and it is none of
   * the PATHs that the archive brings, a drill reads Secrets by that of the host, which a restore
   * on a new one would not have.
   */
  public static final ShellFunction KEYS =
      new ShellFunction(
          "say_of_keys",
          """
          keys=$1
          shift
          [ -n "$keys" ] || return 0
          for path do
            [ "$path" != "$keys" ] || return 0
          done
          say "note: Secrets are read by the keys in $keys, which the archive does not hold: without a copy of that file it is worth nothing"\
          """);

  /**
   * {@code enter_drill ADDRESSES DIR...}: from here on these directories are the drill's, and the
   * network has no more than these addresses, parted by a comma. It is the first that the kernel
   * ends where memory is short.
   */
  public static final ShellFunction ENTER =
      new ShellFunction(
          "enter_drill",
          """
          addresses=$1
          shift
          echo 1000 >/proc/self/oom_score_adj || return
          try ip link set lo up || return
          for address in $(printf '%s' "$addresses" | tr ',' ' '); do
            case $address in
              *:*) try ip -6 address add "$address/128" dev lo && try ip -6 route add default dev lo || return ;;
              *) try ip address add "$address/32" dev lo && try ip route add default dev lo || return ;;
            esac
          done
          for dir do
            try mkdir -p -- "/var/lib/provision/drill/root$dir" && : >"/var/lib/provision/drill/root$dir/.drill" &&
              try mount --rbind "/var/lib/provision/drill/root$dir" "$dir" || return
          done
          for dir do
            [ -f "$dir/.drill" ] || {
              echo "$dir is still that of the living cluster" >&2
              return 1
            }
          done\
          """);

  /**
   * {@code await_drill PROCESS LOG KUBECTL KUBECONFIG}: its API server is ready, five minutes; then
   * why not, by the last lines of its log that are errors. It ends where nobody listens any more.
   */
  public static final ShellFunction AWAIT =
      new ShellFunction(
          "await_drill",
          """
          say "drill: waiting until the API server of what was restored is ready, five minutes at most"
          left=300 wait_began=$(date +%s)
          until [ "$(admin_kubectl "$3" "$4" get --raw /readyz 2>/dev/null | head -c 100)" = ok ]; do
            left=$((left - 1))
            unread=$(tail -c 300000 "$2" 2>/dev/null | tr -d '\\000' | grep 'unable to transform key' | tail -n 1 | cut -c 1-400)
            if kill -0 "$1" 2>/dev/null && [ -z "$unread" ] && [ "$left" -gt 0 ] && [ $(($(date +%s) - wait_began)) -lt 300 ]; then
              printf '\\n@@%s beat\\n' "$marker" || return 1
              sleep 1
              continue
            fi
            if [ -n "$unread" ]; then
              printf '%s\\n' "$unread" >&2
              echo "Secrets in what was restored are not written with the keys of the archive: nobody could read them" >&2
              return 1
            fi
            evidence=$(tail -c 1000000 "$2" 2>/dev/null | tr -d '\\000' | grep -E '^[EF][0-9]{4} |level=(error|fatal)|^(panic|Error|error):' | tail -n 3 | cut -c 1-400)
            [ -n "$evidence" ] || evidence=$(tail -n 3 "$2" 2>/dev/null | tr -d '\\000' | cut -c 1-400)
            printf '%s\\n' "$evidence" >&2
            if kill -0 "$1" 2>/dev/null; then
              echo "the API server of what was restored was not ready within five minutes" >&2
            else
              echo "the API server of what was restored ended by itself" >&2
            fi
            return 1
          done\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code read_drill WORD KUBECTL KUBECONFIG}: prints {@code marked} where the Secret of before is
   * there with this word, which is in base64, and how many there are of each part; fails where it
   * is not there, or one cannot be read. What kubectl says besides is no matter: that APIs whose
   * servers are pods do not answer, and none runs here.
   */
  public static final ShellFunction FOUND =
      new ShellFunction(
          "read_drill",
          """
          word=$1
          shift
          if [ -n "$word" ]; then
            set -- "$@" -n kube-system get secret provision-drill -o 'go-template={{index .data "word"}}'
            [ "$(admin_kubectl "$@" 2>/dev/null)" = "$word" ] || {
              admin_kubectl "$@" 2>&1 | tr -d '\\000' | tail -n 3 | cut -c 1-400 >&2
              echo "the Secret that was written before the snapshot is not in what was restored, or cannot be read" >&2
              return 1
            }
            echo marked
          fi
          for part in nodes namespaces secrets; do
            set -- "$1" "$2" --request-timeout=120s get "$part" --all-namespaces -o 'go-template={{len .items}}'
            said=$(admin_kubectl "$@" 2>/dev/null)
            case $said in
              '' | *[!0-9]*)
                admin_kubectl "$@" 2>&1 | tr -d '\\000' | tail -n 3 | cut -c 1-400 >&2
                echo "$part of what was restored cannot be read" >&2
                return 1
                ;;
            esac
            echo "$part $said"
          done\
          """,
          List.of(Kubectl.ADMIN));

  /** {@code unmark_drill KUBECTL KUBECONFIG}: the Secret is not there any more. */
  private static final ShellFunction UNMARK =
      new ShellFunction(
          "unmark_drill",
          """
          said=$(admin_kubectl "$1" "$2" -n kube-system delete secret provision-drill --ignore-not-found 2>&1) && return 0
          printf '%s\\n' "$said" | tr -d '\\000' | tail -n 3 | cut -c 1-400 >&2
          echo "hint: kubectl -n kube-system delete secret provision-drill" >&2
          echo "the Secret of a drill could not be deleted" >&2
          return 1\
          """,
          List.of(Kubectl.ADMIN));

  /** {@code mark_for_drill KUBECTL KUBECONFIG WORD}: the word is in the Secret, in base64. */
  private static final ShellFunction MARK =
      new ShellFunction(
          "mark_for_drill",
          """
          unmark_drill "$1" "$2" || return
          said=$(printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"provision-drill","namespace":"kube-system"},"data":{"word":"%s"}}' "$3" |
            admin_kubectl "$1" "$2" create --validate=false -f - 2>&1) && return 0
          printf '%s\\n' "$said" | tr -d '\\000' | tail -n 3 | cut -c 1-400 >&2
          echo "the Secret that a drill looks for could not be written" >&2
          return 1\
          """,
          List.of(Kubectl.ADMIN, UNMARK));

  private DrillScripts() {}

  /** Has the cluster keep this word, which is in base64. */
  public static Script mark(Kubectl kubectl, String word) {
    return Script.of(MARK, kubectl.arguments(word));
  }

  /** The Secret is gone. */
  public static Script unmark(Kubectl kubectl) {
    return Script.of(UNMARK, kubectl.arguments());
  }

  /**
   * Brings the archive and tries it.
   *
   * @param memory what runs takes of it where a datastore is small, in MB
   * @param inside what is done in the namespaces: it covers directories, places what the archive
   *     holds, and looks what is in it
   */
  public static List<Script> tried(
      Payload.LocalFile archive, String sha256, int memory, Call inside) {
    var room = Long.toString(archive.size() / 1024 * COPIES + SPARE_KB);
    var needed = Long.toString(memory + (archive.size() >> 20) * HELD);
    return List.of(
        Script.of(BEGIN, room, needed),
        Script.of(FileTransfer.PUSH, RESTORING + "/archive.tar", "0600", sha256)
            .with(archive)
            .within(LONG),
        Script.of(RUN, InnerShell.text(inside)).within(LIMIT));
  }
}
