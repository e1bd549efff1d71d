package io.provision.resource.unit;

import io.provision.remote.ShellFunction;
import java.util.List;

/** The functions that start, stop, enable and explain units of systemd. */
public final class UnitScripts {
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
   * {@code bring_unit UNIT RUN BOOT}: RUN is start (which leaves one that runs alone), restart
   * (which starts one that does not run), stop or {@code -}; BOOT is enable, disable, mask or
   * {@code -}. A reload of systemd takes a tenth of a second of a processor, so there is one where
   * systemd has not read what is there, and the one that systemctl does itself after enable,
   * disable and mask: without it systemd 255 and later takes every unit for stale. Of a drop-in in
   * a directory that is new systemd knows nothing and does not say that it needs a reload (its
   * cache of unit paths is made at a reload), so that the files are compared, too. Its variables
   * are called so that it can be used inside of others.
   */
  public static final ShellFunction BRING =
      new ShellFunction(
          "bring_unit",
          """
          bring_unit=$1 bring_run=$2 bring_boot=$3 bring_unread=
          case $(systemctl show -p LoadState,NeedDaemonReload -- "$bring_unit") in
            *LoadState=loaded*NeedDaemonReload=no*) ;;
            *) bring_unread=yes ;;
          esac
          bring_known=$(systemctl show -p DropInPaths -- "$bring_unit")
          for bring_file in "/etc/systemd/system/$bring_unit.d"/*.conf; do
            [ -e "$bring_file" ] || continue
            case " ${bring_known#*=} " in *" $bring_file "*) ;; *) bring_unread=yes ;; esac
          done
          [ -z "$bring_unread" ] || try systemctl daemon-reload || return
          case "$bring_run $bring_boot" in
            start* | restart* | *enable | *disable)
              case $(systemctl show -p LoadState -- "$bring_unit") in
                LoadState=masked) try systemctl unmask --quiet -- "$bring_unit" || return ;;
                LoadState=not-found)
                  echo "there is no unit $bring_unit: install the package or file that brings it" >&2
                  return 1
                  ;;
              esac
              ;;
          esac
          case $bring_boot in
            mask) try systemctl mask --quiet --now -- "$bring_unit" || return ;;
            enable | disable) try systemctl "$bring_boot" --quiet -- "$bring_unit" || return ;;
          esac
          case $bring_run in
            -) return 0 ;;
            start | restart) systemctl reset-failed -- "$bring_unit" 2>/dev/null ;;
          esac
          try systemctl "$bring_run" -- "$bring_unit" && return 0
          explain_unit "$bring_unit" >&2
          return 1\
          """,
          List.of(EXPLAIN));

  private UnitScripts() {}
}
