package io.provision.resource;

import io.provision.remote.ShellFunction;
import java.util.List;

/** The functions that write, change and remove files. */
final class FileScripts {

  /** Says on stderr what is known to stop a write in the directory of {@code $1}. */
  static final ShellFunction WHY_NOT_WRITTEN =
      new ShellFunction(
          "why_not_written",
          """
          above=$1
          [ "${#above}" -le 4096 ] || above=/ # PATH_MAX: there is no such path
          while [ ! -d "$above" ]; do
            case $above in
              */*) above=${above%/*} ;;
              *) above=. ;;
            esac
            above=${above:-/}
          done
          free=$(df -Pk -- "$above" 2>/dev/null | awk 'NR == 2 { print $4, $6 }')
          case $free in
            [0-7]' '*) echo "the file system ${free#* } is full: make room there" >&2 ;;
          esac
          inodes=$(df -Pi -- "$above" 2>/dev/null | awk 'NR == 2 { print $4, $6 }')
          case $inodes in
            0' '*) echo "the file system ${inodes#* } has no inodes left: remove files there" >&2 ;;
          esac
          mount=$(df -P -- "$above" 2>/dev/null | awk 'NR == 2 { print $6 }')
          if awk -v at="$mount" '$2 == at { o = $4 } END { exit o !~ /^ro(,|$)/ }' /proc/mounts; then
            echo "the file system $mount is mounted read-only: remount it, or fix its disk" >&2
          fi
          for held in "$1" "$above"; do
            case $(lsattr -d -- "$held" 2>/dev/null) in
              [!\\ ]*i*' '"$held") echo "$held is immutable: chattr -i $held" >&2 ;;
            esac
          done
          return 0\
          """);

  /**
   * {@code sha256_of FILE SIZE}: prints the digest of a file. One of ten million bytes or more is
   * digested by openssl where it is there: sha256sum of Debian 12 does not use what the processor
   * has for that, and takes three times as long. What openssl does not say in 64 hexadecimal digits
   * is asked of sha256sum. It reads no configuration, which could have a module answer.
   */
  static final ShellFunction SHA256_OF =
      new ShellFunction(
          "sha256_of",
          """
          if [ "$2" -gt 9999999 ]; then
            digest=$(OPENSSL_CONF=/dev/null openssl dgst -sha256 -r 2>/dev/null <"$1" | head -c 65)
            digest=${digest% }
            case $digest in
              *[!0-9a-f]*) ;;
              *)
                if [ "${#digest}" -eq 64 ]; then
                  echo "$digest"
                  return 0
                fi
                ;;
            esac
          fi
          digest=$(sha256sum <"$1" | head -c 65)
          printf '%s\\n' "${digest% }"\
          """);

  /** {@code has_digest SHA256 FILE SIZE}: whether the file can be read and has this digest. */
  static final ShellFunction HAS_DIGEST =
      new ShellFunction(
          "has_digest",
          "[ -n \"$1\" ] && [ \"$(sha256_of \"$2\" \"$3\")\" = \"$1\" ]",
          List.of(SHA256_OF));

  /**
   * {@code put_text PATH TEXT}: a file that is ours alone becomes this text, by a rename, and is on
   * the disk when it returns. Its directory is there; the umask says its mode. No program sees the
   * text among its arguments: printf is the shell's own.
   */
  static final ShellFunction PUT_TEXT =
      new ShellFunction(
          "put_text",
          """
          if printf '%s' "$2" >"$1.new" && sync "$1.new" && mv -f -- "$1.new" "$1"; then
            sync "${1%/*}/" 2>/dev/null || :
            return 0
          fi
          rm -f -- "$1.new"
          echo "$1 cannot be written" >&2
          why_not_written "$1"
          return 1\
          """,
          List.of(WHY_NOT_WRITTEN));

  /**
   * {@code enter_own_place TARGET}: enters a directory of root's alone beside TARGET, which is
   * made, or is what an earlier run has left. Whoever may write beside TARGET can take it away, but
   * not lead elsewhere what is done in it by names without a slash; {@code mv} from there into
   * TARGET follows no link. Where a file system gives files to somebody else than who makes them
   * there is nothing to be kept from anybody.
   */
  static final ShellFunction ENTER =
      new ShellFunction(
          "enter_own_place",
          """
          own_name=.provision-new.$(printf %.200s "${1##*/}") own_fresh=
          own_beside=${1%/*}
          own_place=$own_beside/$own_name
          [ -d "$own_place" ] && [ ! -L "$own_place" ] && [ -O "$own_place" ] || {
            rm -rf -- "$own_place"
            mkdir -m 0700 -- "$own_place" 2>/dev/null && own_fresh=yes
          } || {
            echo "${own_beside:-/} cannot be written" >&2
            why_not_written "$1"
            return 1
          }
          if cd -P -- "$own_place" 2>/dev/null; then
            case $(pwd -P) in */"$own_name")
              [ -O . ] && return 0
              rm -rf ./probe && (set -C && : >probe) 2>/dev/null && [ -n "$own_fresh" ] && [ ! -O probe ] &&
                rm -f probe && return 0
              ;;
            esac
          fi
          cd /
          echo "$own_place is not root's alone: somebody else changed it just now" >&2
          return 1\
          """,
          List.of(WHY_NOT_WRITTEN));

  /** {@code leave_own_place}: nothing of it is left. */
  static final ShellFunction LEAVE =
      new ShellFunction("leave_own_place", "cd / && rm -rf -- \"$own_place\"");

  /**
   * {@code find_write_target PATH}: {@code target} is where a file is to be written, past links, in
   * a directory that is there.
   */
  static final ShellFunction WRITE_TARGET =
      new ShellFunction(
          "find_write_target",
          """
          dir=${1%/*}
          [ -d "${dir:-/}" ] || (umask 022 && try mkdir -p -- "$dir") || {
            why_not_written "$1"
            return 1
          }
          target=$(readlink -f -- "$1") || {
            echo "$1 is a symbolic link that leads to no directory" >&2
            return 1
          }
          if [ -e "$target" ] && [ ! -f "$target" ]; then
            echo "$target exists and is not a regular file" >&2
            return 1
          fi\
          """,
          List.of(WHY_NOT_WRITTEN));

  /**
   * {@code place_file FILE TARGET MODE OWNER GROUP}: a file in its own place, which is whole, takes
   * that of TARGET, by a rename. The content is on the disk before it is renamed; a rename that a
   * power cut undoes leaves the old file, which the next run sees. The own place is left.
   */
  static final ShellFunction PLACE =
      new ShellFunction(
          "place_file",
          """
          if try chown -- "$4:$5" "./$1" && try chmod -- "$3" "./$1"; then
            sync "./$1" 2>/dev/null || :
            if mv -f -- "./$1" "$2" 2>/dev/null || {
              [ -n "$(mount_type "$2")" ] && cat "./$1" >"$2" && chown -- "$4:$5" "$2" &&
                chmod -- "$3" "$2"
            }; then
              leave_own_place
              return 0
            fi
            echo "$2 cannot be replaced" >&2
            why_not_written "$2"
          fi
          leave_own_place
          return 1\
          """,
          List.of(WHY_NOT_WRITTEN, LEAVE, Mounts.TYPE));

  /**
   * {@code write_file PATH MODE OWNER GROUP SHA256 OLD}: the payload becomes the file's content, by
   * a rename, so that nobody ever sees half of it. Where the file is a mount point (/etc/hosts in a
   * container) it is written in place. OLD is the digest that is to be replaced, or {@code -}.
   * SHA256 is {@code -} for a secret, whose digest must not be seen in a list of processes.
   */
  static final ShellFunction WRITE =
      new ShellFunction(
          "write_file",
          """
          mode=$2 owner=$3 group=$4 sum=$5 old=$6
          find_write_target "$1" || return
          if [ "$old" != - ] && ! has_digest "$old" "$target" 0; then
            echo "$target was changed by somebody else meanwhile: run again" >&2
            return 1
          fi
          enter_own_place "$target" && rm -rf ./new || return
          head -c "$payload_1" >new
          if [ "$sum" = - ]; then
            [ "$(wc -c <new)" -eq "$payload_1" ] || sum=no
          else
            has_digest "$sum" new "$payload_1" || sum=no
          fi
          if [ "$sum" = no ]; then
            echo "$target was not written: $(wc -c <new) of $payload_1 bytes reached it whole" >&2
            why_not_written "$target"
            leave_own_place
            return 1
          fi
          place_file new "$target" "$mode" "$owner" "$group"\
          """,
          List.of(WHY_NOT_WRITTEN, HAS_DIGEST, WRITE_TARGET, ENTER, LEAVE, PLACE));

  /** {@code set_mode PATH MODE OWNER GROUP}. */
  static final ShellFunction SET_MODE =
      new ShellFunction(
          "set_mode",
          """
          try chown -- "$3:$4" "$1" && try chmod -- "$2" "$1" && return 0
          why_not_written "$1"
          return 1\
          """,
          List.of(WHY_NOT_WRITTEN));

  /** {@code make_directory PATH MODE OWNER GROUP}; directories above it get 0755. */
  static final ShellFunction MAKE_DIRECTORY =
      new ShellFunction(
          "make_directory",
          """
          (umask 022 && try mkdir -p -- "$1") && try chown -- "$3:$4" "$1" && try chmod -- "$2" "$1" && return 0
          why_not_written "$1"
          return 1\
          """,
          List.of(WHY_NOT_WRITTEN));

  /** {@code remove_path PATH}: a file, a link, or a directory that is empty. */
  static final ShellFunction REMOVE =
      new ShellFunction(
          "remove_path",
          """
          rm -rf -- "${1%/*}/.provision-new.${1##*/}" # what had arrived of it when it was cut off
          if [ -d "$1" ] && [ ! -L "$1" ]; then
            try rmdir -- "$1" && return 0
          else
            try rm -f -- "$1" && return 0
          fi
          why_not_written "$1"
          return 1\
          """,
          List.of(WHY_NOT_WRITTEN));

  private FileScripts() {}
}
