package io.provision.steps.kubeadm.runtime;

import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import java.util.List;

/** What is asked and done on hosts about a container runtime that is not of their system. */
final class RuntimeScripts {

  /**
   * {@code look_runtime_programs FOLDER}: {@code part NAME VERSION SHA256} as the records say, and
   * {@code other PATH} for a program that is not as it was installed.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_runtime_programs",
          """
          for record in "$1"/*; do
            case ${record##*/} in *.*) continue ;; esac
            [ -f "$record" ] || continue
            head -n 1 -- "$record" | head -c 200 | sed "s|^|part ${record##*/} |"
            sed 1d -- "$record" | while read -r sum path; do
              [ -x "$path" ] && has_digest "$sum" "$path" 10000000 || echo "other $path"
            done
          done
          return 0\
          """,
          List.of(FileTransfer.HAS_DIGEST));

  /**
   * {@code install_runtime_programs FOLDER NAME VERSION SHA256 FORM PLACE NEEDED...}: what lies at
   * FOLDER/NAME.staged becomes programs at PLACE, each by a rename, and the record at FOLDER/NAME.
   * Nothing is replaced before all of it is unpacked and has the programs that are NEEDED. Those of
   * the record of before that are no more go.
   */
  static final ShellFunction INSTALL =
      new ShellFunction(
          "install_runtime_programs",
          """
          own=$1/$2 name=$2 version=$3 digest=$4 form=$5 place=$6
          shift 6
          has_digest "$digest" "$own.staged" 10000000 || {
            echo "$own.staged is not what was sent: something else changed it" >&2
            return 1
          }
          try rm -rf -- "$own.unpacked" && try mkdir -- "$own.unpacked" || return
          from=$own.unpacked
          if [ "$form" = file ]; then
            try cp -- "$own.staged" "$from/$1" && try chmod 0755 -- "$from/$1" || return
          else
            try tar -xzo -C "$from" -f "$own.staged" || {
              echo "hint: 'tar -tzf' on the file says what is wrong with it; remove it and its pin to have it fetched again" >&2
              return 1
            }
          fi
          [ "$form" != bin ] || from=$from/bin
          for need do
            [ -f "$from/$need" ] && [ -x "$from/$need" ] && [ ! -L "$from/$need" ] || {
              echo "hint: it is to be the archive as its publisher has it" >&2
              echo "what was sent as $name $version has no program $need" >&2
              return 1
            }
          done
          (umask 022 && try mkdir -p -- "$place") || return
          try rm -f -- "$own.record" || return
          echo "$version $digest" >"$own.record" || return
          new=' '
          for file in "$from"/*; do
            [ -f "$file" ] && [ -x "$file" ] && [ ! -L "$file" ] || continue
            program=${file##*/}
            case $program in *[!A-Za-z0-9._-]*) continue ;; esac
            temp=$place/.provision.$program
            try cp -- "$file" "$temp" && try chmod 0755 -- "$temp" && try sync "$temp" &&
              try mv -f -- "$temp" "$place/$program" || return
            sum=$(sha256_of "$place/$program" 10000000) && [ -n "$sum" ] &&
              echo "$sum  $place/$program" >>"$own.record" || return
            new="$new$place/$program "
          done
          [ ! -f "$own" ] || sed 1d -- "$own" | while read -r sum path; do
            case $path in *[!A-Za-z0-9._/-]* | */../*) continue ;; "$place"/*) ;; *) continue ;; esac
            case $new in *" $path "*) ;; *) try rm -f -- "$path" || return ;; esac
          done || return
          try sync "$own.record" && try mv -f -- "$own.record" "$own" || return
          try rm -rf -- "$own.unpacked" "$own.staged"\
          """,
          List.of(FileTransfer.HAS_DIGEST, FileTransfer.SHA256_OF));

  /**
   * {@code remove_runtime_programs FOLDER UNIT UNITFILE CONFIG PLACE...}: programs that the records
   * have and that lie in a PLACE, the unit and its configuration are gone, the records last. A unit
   * of this name that the system has by itself runs again.
   */
  static final ShellFunction REMOVE =
      new ShellFunction(
          "remove_runtime_programs",
          """
          records=$1 unit=$2 unit_file=$3 config=$4
          shift 4
          case $(systemctl show -p LoadState -- "$unit") in
            LoadState=not-found) ;;
            *) try systemctl stop -- "$unit" || return ;;
          esac
          for record in "$records"/*; do
            case ${record##*/} in *.*) continue ;; esac
            [ -f "$record" ] || continue
            sed 1d -- "$record" | while read -r sum path; do
              case $path in *[!A-Za-z0-9._/-]* | */../*) continue ;; esac
              for place do
                [ "${path%/*}" != "$place" ] || try rm -f -- "$path" || return
              done
            done || return
          done
          try rm -f -- "$unit_file" "$config" && try systemctl daemon-reload || return
          case $(systemctl show -p LoadState -- "$unit") in
            LoadState=loaded) try systemctl start -- "$unit" || return ;;
          esac
          try rm -rf -- "$records"\
          """);

  private RuntimeScripts() {}
}
