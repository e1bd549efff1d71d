package io.provision.resource;

import io.provision.remote.ShellFunction;
import java.util.List;

/** How a file comes to a host as the payload of a script, and how one is handed over. */
public final class FileTransfer {

  /** {@code put_text PATH TEXT}: a file that is ours alone becomes this text, by a rename. */
  public static final ShellFunction PUT_TEXT = FileScripts.PUT_TEXT;

  /** {@code set_mode PATH MODE OWNER GROUP}. */
  public static final ShellFunction SET_MODE = FileScripts.SET_MODE;

  /** {@code has_digest SHA256 PATH SIZE}. */
  public static final ShellFunction HAS_DIGEST = FileScripts.HAS_DIGEST;

  /** {@code sha256_of PATH SIZE}: prints the digest of a file. */
  public static final ShellFunction SHA256_OF = FileScripts.SHA256_OF;

  /** {@code push_file PATH MODE SHA256}: the payload becomes the file, by a rename. */
  public static final ShellFunction PUSH =
      new ShellFunction(
          "push_file",
          """
          path=$1 mode=$2 sum=$3 dir=${1%/*}
          (umask 022 && try mkdir -p -- "$dir") || return
          rm -f -- "$dir"/.provision.push.*
          free=$(df -Pk -- "$dir" | awk 'NR == 2 { print $4 }')
          if [ "${free:-0}" -lt $((payload_1 / 1024 + 1024)) ]; then
            echo "$path needs $((payload_1 / 1048576)) MiB, $((free / 1024)) MiB are free in $dir" >&2
            return 1
          fi
          temp=$(mktemp "$dir/.provision.push.XXXXXXXX") || {
            echo "$dir cannot be written" >&2
            return 1
          }
          head -c "$payload_1" >"$temp" || {
            rm -f -- "$temp"
            echo "$path could not be received" >&2
            return 1
          }
          say "$path: $((payload_1 / 1048576)) MiB arrived, their digest is compared"
          has_digest "$sum" "$temp" "$payload_1" || {
            got=$(sha256_of "$temp" "$payload_1")
            rm -f -- "$temp"
            echo "$path: what arrived has the digest $got, not $sum" >&2
            return 1
          }
          try chmod -- "$mode" "$temp" && try sync "$temp" && try mv -f -- "$temp" "$path"\
          """,
          List.of(FileScripts.HAS_DIGEST, FileScripts.SHA256_OF));

  /** {@code take_secret_file PATH}: the payload becomes the file, for root alone. */
  public static final ShellFunction TAKE =
      new ShellFunction(
          "take_secret_file",
          """
          [ "$payload_1" -gt 0 ] || {
            echo "what was handed over for $1 is empty" >&2
            return 1
          }
          try mkdir -p -- "${1%/*}" && (umask 077 && try head -c "$payload_1" >"$1.new") || return
          [ "$(wc -c <"$1.new")" -eq "$payload_1" ] || {
            rm -f -- "$1.new"
            echo "$1 was not written: not all of it arrived" >&2
            return 1
          }
          try sync "$1.new" && try mv -f -- "$1.new" "$1" || return
          sync "${1%/*}/" 2>/dev/null || :\
          """);

  /** {@code read_secret_file PATH}: hands it over. */
  public static final ShellFunction READ =
      new ShellFunction("read_secret_file", "try cat -- \"$1\"");

  private FileTransfer() {}
}
