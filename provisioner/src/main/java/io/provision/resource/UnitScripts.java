package io.provision.resource;

import io.provision.remote.ShellFunction;
import java.util.List;

/** The functions that start, stop, enable and explain units. */
final class UnitScripts {
  /** {@code explain_unit UNIT}: its state and last journal lines, for a person. */
  static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_unit",
          """
          words=$(unit_last_words "$1" | tail -n 1)
          [ -z "$words" ] || printf 'reason: %s\\n' "$words"
          systemctl --no-pager --full --lines=0 status -- "$1" 2>&1 | head -n 12
          journalctl --no-pager -o cat -n 15 -u "$1" 2>/dev/null
          return 0\
          """,
          List.of(UnitFailure.LAST_WORDS));

  /** {@code unit_is_active UNIT}; it stops waiting (69) where the unit has failed. */
  static final ShellFunction IS_ACTIVE =
      new ShellFunction(
          "unit_is_active",
          """
          systemctl is-active --quiet -- "$1" && return 0
          unit_has_failed "$1" && return 69
          return 1\
          """,
          List.of(UnitFailure.HAS_FAILED));

  /**
   * {@code bring_unit UNIT RUN BOOT}: RUN is start, restart, stop or {@code -}; BOOT is enable,
   * disable, mask or {@code -}. A reload of systemd takes a tenth of a second of a processor, so
   * there is one where systemd has not read what is there, and the one that systemctl does itself
   * after enable, disable and mask: without it systemd 255 and later takes every unit for stale. Of
   * a drop-in in a directory that is new systemd knows nothing and does not say that it needs a
   * reload (its cache of unit paths is made at a reload), so that the files are compared, too.
   */
  static final ShellFunction BRING =
      new ShellFunction(
          "bring_unit",
          """
          unit=$1 run=$2 boot=$3 unread=
          case $(systemctl show -p LoadState,NeedDaemonReload -- "$unit") in
            *LoadState=loaded*NeedDaemonReload=no*) ;;
            *) unread=yes ;;
          esac
          known=$(systemctl show -p DropInPaths -- "$unit")
          for file in "/etc/systemd/system/$unit.d"/*.conf; do
            [ -e "$file" ] || continue
            case " ${known#*=} " in *" $file "*) ;; *) unread=yes ;; esac
          done
          [ -z "$unread" ] || try systemctl daemon-reload || return
          if [ "$boot" = enable ] || [ "$boot" = disable ] || [ "$run" = start ]; then
            case $(systemctl show -p LoadState -- "$unit") in
              LoadState=masked) try systemctl unmask --quiet -- "$unit" || return ;;
              LoadState=not-found)
                echo "there is no unit $unit: install the package or file that brings it" >&2
                return 1
                ;;
            esac
          fi
          case $boot in
            mask) try systemctl mask --quiet --now -- "$unit" || return ;;
            enable | disable) try systemctl "$boot" --quiet -- "$unit" || return ;;
          esac
          case $run in
            -) return 0 ;;
            start | restart) systemctl reset-failed -- "$unit" 2>/dev/null ;;
          esac
          try systemctl "$run" -- "$unit" && return 0
          explain_unit "$unit" >&2
          return 1\
          """,
          List.of(EXPLAIN));

  private UnitScripts() {}
}
