package io.provision.steps.os.swap;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where swap is and where it would come from.
 *
 * @param areasRead whether the kernel said which areas are in use
 * @param inUse areas of /proc/swaps
 * @param units swap units, {@code swap.target} and services that make swap, each with whether it is
 *     masked
 */
record SwapState(boolean areasRead, List<String> inUse, List<SwapUnit> units) {
  /** One unit, and what systemd has loaded for it. */
  record SwapUnit(String name, String load, String active, String file) {
    /** {@code swap.target} is there on every system; without it no swap is started at boot. */
    private boolean isMasked() {
      return load.equals("masked") || file.startsWith("masked");
    }

    private SwapUnit masked() {
      return new SwapUnit(name, load, active, "masked");
    }

    private boolean isThere() {
      return !load.equals("not-found") && !load.isEmpty();
    }
  }

  /**
   * What is masked for the next boot only, systemd does not tell before it is reloaded. A pattern
   * is answered in 5 ms of systemd's time; {@code --type} filters after all unit files were read,
   * which takes 280 ms.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_swap",
          """
          # a kernel without swap has no such file
          if areas=$(tail -n +2 /proc/swaps) || { [ ! -e /proc/swaps ] && [ -r /proc/meminfo ]; }; then
            echo 'areas were read'
            [ -z "$areas" ] || printf '%s\\n' "$areas" | sed 's/^/area /; s/^\\(area [^ ]*\\) .*/\\1/'
          fi
          units=$(systemctl list-unit-files --plain --no-legend --no-pager "*.swap")
          set -- "*.swap" swap.target zramswap.service zram-config.service dphys-swapfile.service \
            systemd-zram-setup@zram0.service
          for word in $units; do
            case $word in *.swap) set -- "$@" "$word" ;; esac
          done
          systemctl show -p Id,LoadState,ActiveState,UnitFileState -- "$@"
          echo
          [ ! /etc/systemd/system/swap.target -ef /dev/null ] || echo 'masked at boot: swap.target'
          return 0\
          """);

  private static final String MASKED_AT_BOOT = "masked at boot: ";

  private static final Question<SwapState> QUESTION =
      Question.of(Kind.single(LOOK, SwapState::read));

  /** There on every system. Without it no swap is started, but by itself it starts none. */
  static final String TARGET = "swap.target";

  /**
   * Stops and masks each unit, then has systemd read that: one reload for all. A unit file of the
   * host's own is kept beside its place.
   */
  static final ShellFunction MASK =
      new ShellFunction(
          "mask_swap_units",
          """
          for unit do
            systemctl stop -- "$unit" 2>/dev/null || :
            file=/etc/systemd/system/$unit
            if [ -f "$file" ] && [ ! -L "$file" ]; then
              try mv -- "$file" "$file.before-provision" || return
            fi
            try systemctl mask --no-reload --quiet -- "$unit" || return
          done
          try systemctl daemon-reload\
          """);

  static final ShellFunction SWAP_OFF =
      new ShellFunction(
          "swap_off",
          """
          swapoff -a && [ "$(tail -n +2 /proc/swaps | wc -l)" = 0 ] && return 0
          tail -n +2 /proc/swaps | while read -r area rest; do
            swapoff -- "$area" || echo "swap on $area stays on: is there memory for what is in it?" >&2
          done
          [ "$(tail -n +2 /proc/swaps | wc -l)" = 0 ] && return 0
          echo "there is still swap in use: swapon --show" >&2
          return 1\
          """);

  /**
   * {@code write_fstab MODE OWNER GROUP SHA256 OLD}: keeps the first file it replaces as
   * fstab.before-provision.
   */
  static final ShellFunction WRITE_FSTAB =
      new ShellFunction(
          "write_fstab",
          """
          [ -e /etc/fstab.before-provision ] ||
            { try cp -p -- /etc/fstab /etc/fstab.before-provision && try chmod o-w /etc/fstab.before-provision; } ||
            return
          write_file /etc/fstab "$@" && try systemctl daemon-reload\
          """,
          List.of(io.provision.resource.ManagedFile.writeFunction()));

  SwapState {
    inUse = List.copyOf(inUse);
    units = List.copyOf(units);
  }

  static Question<SwapState> question() {
    return QUESTION;
  }

  static SwapState read(Frame frame) {
    var areasRead = false;
    var areas = new ArrayList<String>();
    var units = new ArrayList<SwapUnit>();
    var block = new java.util.HashMap<String, String>();
    var atBoot = new java.util.HashSet<String>();
    for (var line : (frame.output() + "\n\n").split("\n", -1)) {
      if (line.equals("areas were read")) {
        areasRead = true;
      } else if (line.startsWith("area ")) {
        areas.add(line.substring(5));
      } else if (line.startsWith(MASKED_AT_BOOT)) {
        atBoot.add(line.substring(MASKED_AT_BOOT.length()));
      } else if (line.indexOf('=') > 0) {
        block.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      } else if (line.isEmpty() && block.containsKey("Id")) {
        units.add(
            new SwapUnit(
                block.getOrDefault("Id", ""),
                block.getOrDefault("LoadState", ""),
                block.getOrDefault("ActiveState", ""),
                block.getOrDefault("UnitFileState", "")));
        block.clear();
      }
    }
    units.replaceAll(unit -> atBoot.contains(unit.name()) ? unit.masked() : unit);
    return new SwapState(areasRead, areas, units);
  }

  /** What could not be looked at, so that nobody can say that there is no swap. */
  Optional<String> unseen() {
    if (!areasRead) {
      return Optional.of("/proc/swaps");
    }
    // systemd answers for swap.target on every system, whether it is there or not
    return units.isEmpty() ? Optional.of("systemctl show swap.target") : Optional.empty();
  }

  /** Units that could bring swap back and are not masked yet, in the order of their names. */
  List<String> unitsToMask() {
    var names = new TreeSet<String>();
    for (var unit : units) {
      if (!unit.isMasked() && unit.isThere()) {
        names.add(unit.name());
      }
    }
    return List.copyOf(names);
  }
}
