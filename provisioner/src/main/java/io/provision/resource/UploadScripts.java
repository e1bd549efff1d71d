package io.provision.resource;

import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.ShellFunction;
import java.util.List;

/**
 * How something large arrives: beside its place, under its digest. What has arrived when a transfer
 * is cut off stays there, and the next run sends the rest. It is ours alone until all of it was
 * compared with its digest.
 */
final class UploadScripts {

  /** Of a file that is written where a link leads. */
  private static final String PAST_LINKS = "past-links";

  /** {@code find_part PATH SHA256 HOW}: {@code part} is where what arrives of it lies. */
  private static final ShellFunction PART =
      new ShellFunction(
          "find_part",
          """
          target=$1
          [ "$3" != past-links ] || target=$(readlink -f -- "$1") || return
          part=${target%/*}/.provision.push.$2\
          """);

  /** {@code look_part PATH SHA256 HOW}: prints the size and the digest of what has arrived. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_part",
          """
          find_part "$@" || return 0
          [ -f "$part" ] && [ ! -L "$part" ] && [ -O "$part" ] || return 0
          size=$(wc -c <"$part")
          [ "${size:-0}" -gt 0 ] || return 0
          echo "$size $(sha256_of "$part" "$size")"\
          """,
          List.of(PART, FileScripts.SHA256_OF));

  /**
   * {@code receive_file NAME DIRECTORY SHA256}: the first payload is {@code part}, in the
   * directory, once it is whole. That the directory's others write there must not lead us
   * elsewhere: it is made, and never opened through a link.
   */
  static final ShellFunction RECEIVE =
      new ShellFunction(
          "receive_file",
          """
          part=$2/.provision.push.$3 from=${from_1:-0} whole=${whole_1:-$payload_1}
          upto=${upto_1:-$whole}
          for stale in "$2"/.provision.push.*; do
            [ "$stale" = "$part" ] && [ "$from" -gt 0 ] || rm -f -- "$stale"
          done
          free=$(df -Pk -- "$2" | awk 'NR == 2 { print $4 }')
          if [ "${free:-0}" -lt $(((whole - from) / 1024 + 1024)) ]; then
            echo "$1 needs $(((whole - from) / 1048576)) MiB, $((free / 1024)) MiB are free in $2" >&2
            return 1
          fi
          if [ "$from" -gt 0 ]; then
            if [ ! -f "$part" ] || [ -L "$part" ] || [ ! -O "$part" ] ||
              [ "$(wc -c <"$part")" -lt "$from" ]; then
              rm -f -- "$part"
              echo "what had arrived of $1 is gone: run again" >&2
              return 1
            fi
            try truncate -s "$from" "$part" || return
          else
            (set -C && : >"$part") 2>/dev/null || {
              echo "$2 cannot be written" >&2
              why_not_written "$1"
              return 1
            }
          fi
          case ${packed_1:-} in
            gzip) head -c "$payload_1" | gzip -dc >>"$part" ;;
            *) head -c "$payload_1" >>"$part" ;;
          esac
          has=$(wc -c <"$part")
          if [ "${has:-0}" -lt "$upto" ]; then
            free=$(df -Pk -- "$2" | awk 'NR == 2 { print $4 }')
            if [ "$whole" -ge 8388608 ] && [ "${free:-0}" -gt $(((whole - has) / 1024)) ]; then
              echo "of $1 $((has / 1048576)) of $((whole / 1048576)) MiB arrived: run again, and the rest is sent" >&2
            else
              rm -f -- "$part"
              echo "$1 could not be received" >&2
              why_not_written "$1"
            fi
            return 1
          fi
          [ "$upto" = "$whole" ] || return 0
          say "$1: $((whole / 1048576)) MiB arrived, their digest is compared"
          has_digest "$3" "$part" "$whole" || {
            got=$(sha256_of "$part" "$whole")
            rm -f -- "$part"
            echo "$1: what arrived has the digest $got, not $3" >&2
            return 1
          }\
          """,
          List.of(FileScripts.HAS_DIGEST, FileScripts.SHA256_OF, FileScripts.WHY_NOT_WRITTEN));

  /**
   * {@code write_large_file PATH MODE OWNER GROUP SHA256}: as {@code write_file}, of a payload that
   * may be large.
   */
  static final ShellFunction WRITE =
      new ShellFunction(
          "write_large_file",
          """
          find_write_target "$1" && receive_file "$1" "${target%/*}" "$5" || return
          place_file "$part" "$target" "$2" "$3" "$4"\
          """,
          List.of(FileScripts.WRITE_TARGET, RECEIVE, FileScripts.PLACE));

  /** {@code begin_upload PATH SHA256 HOW}: a part of the first payload has arrived. */
  private static final ShellFunction BEGIN =
      new ShellFunction(
          "begin_upload",
          """
          [ "$3" != past-links ] || find_write_target "$1" || return
          find_part "$@" && (umask 022 && try mkdir -p -- "${part%/*}") || return
          receive_file "$1" "${part%/*}" "$2"\
          """,
          List.of(PART, RECEIVE, FileScripts.WRITE_TARGET));

  private UploadScripts() {}

  /** For {@link FileTransfer#PUSH}. */
  static Payload.Upload replacing(String path, Sha256 sha256, Payload.Stored of) {
    return upload(path, sha256, "-", of);
  }

  /** For {@link #WRITE}. */
  static Payload.Upload pastLinks(String path, Sha256 sha256, Payload.Stored of) {
    return upload(path, sha256, PAST_LINKS, of);
  }

  private static Payload.Upload upload(String path, Sha256 sha256, String how, Payload.Stored of) {
    return new Payload.Upload(
        of, Call.of(LOOK, path, sha256.hex(), how), Call.of(BEGIN, path, sha256.hex(), how));
  }
}
