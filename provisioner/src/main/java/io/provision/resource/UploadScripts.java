package io.provision.resource;

import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.ShellFunction;
import java.util.List;

/**
 * How something large arrives: in a place of its own, under its digest. What has arrived when a
 * transfer is cut off stays there, and the next run sends the rest. It is root's alone until all of
 * it was compared with its digest.
 */
final class UploadScripts {
  /** Of a file that is written where a link leads. */
  private static final String PAST_LINKS = "past-links";

  /** {@code look_part PATH SHA256 HOW}: prints the size and the digest of what has arrived. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_part",
          """
          target=$1
          [ "$3" != past-links ] || target=$(readlink -f -- "$1") || return 0
          cd -P -- "${target%/*}/.provision-new.$(printf %.200s "${target##*/}")" 2>/dev/null || return 0
          [ -O . ] && [ -f "$2" ] && [ ! -L "$2" ] && [ -O "$2" ] || return 0
          size=$(wc -c <"$2")
          [ "${size:-0}" -gt 0 ] || return 0
          echo "$size $(sha256_of "$2" "$size")"\
          """,
          List.of(FileScripts.SHA256_OF));

  /**
   * {@code receive_file TARGET SHA256}: the first payload, or what it completes, is in the own
   * place of TARGET, which is entered, under the name SHA256.
   */
  static final ShellFunction RECEIVE =
      new ShellFunction(
          "receive_file",
          """
          from=${from_1:-0} whole=${whole_1:-$payload_1} failed=
          upto=${upto_1:-$whole}
          enter_own_place "$1" || return
          for stale in *; do
            [ "$stale" = "$2" ] && [ "$from" -gt 0 ] || rm -rf -- "./$stale"
          done
          free=$(df -Pk . | awk 'NR == 2 { print $4 }')
          if [ "${free:-0}" -lt $(((whole - from) / 1024 + 1024)) ]; then
            leave_own_place
            echo "$1 needs $(((whole - from) / 1048576)) MiB, $((free / 1024)) MiB are free in ${own_beside:-/}" >&2
            return 1
          fi
          if [ "$from" -gt 0 ]; then
            if [ ! -O . ] || [ ! -f "$2" ] || [ -L "$2" ] || [ ! -O "$2" ] || [ "$(wc -c <"$2")" -lt "$from" ]; then
              leave_own_place
              echo "what had arrived of $1 is gone: run again" >&2
              return 1
            fi
            try truncate -s "$from" "$2" || return
          fi
          if [ "${packed_1:-}" = gzip ]; then
            { head -c "$payload_1"; echo "$?" >read; } | gzip -dc >>"$2" || failed=$(cat read)
            rm -f ./read
            [ "$failed" != 0 ] || failed=
          else
            head -c "$payload_1" >>"$2" || failed=$?
          fi
          has=$(wc -c <"$2")
          case $has in '' | *[!0-9]*) has=0 ;; esac
          if [ -n "$failed" ] || [ "$has" -lt "$upto" ]; then
            if [ -z "$failed" ] && [ -n "${whole_1:-}" ] && [ "$whole" -ge 8388608 ]; then
              echo "of $1 $((has / 1048576)) of $((whole / 1048576)) MiB arrived: run again, and the rest is sent" >&2
            else
              leave_own_place
              echo "$1 could not be received" >&2
            fi
            why_not_written "$1"
            return 1
          fi
          [ "$upto" = "$whole" ] || return 0
          say "$1: $((whole / 1048576)) MiB arrived, their digest is compared"
          has_digest "$2" "$2" "$whole" || {
            got=$(sha256_of "$2" "$whole")
            leave_own_place
            echo "$1: what arrived has the digest $got, not $2" >&2
            return 1
          }\
          """,
          List.of(
              FileScripts.HAS_DIGEST,
              FileScripts.SHA256_OF,
              FileScripts.ENTER,
              FileScripts.LEAVE,
              FileScripts.WHY_NOT_WRITTEN));

  /**
   * {@code write_large_file PATH MODE OWNER GROUP SHA256}: as {@code write_file}, of a payload that
   * may be large.
   */
  static final ShellFunction WRITE =
      new ShellFunction(
          "write_large_file",
          """
          find_write_target "$1" && receive_file "$target" "$5" || return
          place_file "$5" "$target" "$2" "$3" "$4"\
          """,
          List.of(FileScripts.WRITE_TARGET, RECEIVE, FileScripts.PLACE));

  /**
   * {@code begin_upload PATH SHA256 HOW}: the first payload has arrived, and can be gone on with,
   * also compressed. Where something had arrived before, that is left as it is, and printed as
   * {@code look_part} does.
   */
  private static final ShellFunction BEGIN =
      new ShellFunction(
          "begin_upload",
          """
          seen=$(look_part "$@")
          if [ -n "$seen" ]; then
            echo "$seen"
            return 0
          fi
          target=$1
          if [ "$3" = past-links ]; then
            find_write_target "$1" || return
          else
            (umask 022 && try mkdir -p -- "${1%/*}/") || return
          fi
          receive_file "$target" "$2" && [ -O . ] && [ -O "$2" ] && command -v gzip >/dev/null 2>&1\
          """,
          List.of(LOOK, RECEIVE, FileScripts.WRITE_TARGET));

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
