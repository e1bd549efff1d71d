package io.provision.resource.packages;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Upgrades as {@code apt upgrade} has them, which takes new packages along, as a kernel needs it,
 * and takes none away.
 */
final class AptUpgrades {
  /** As apt-get(8) prints it of a simulation: {@code Inst openssl [3.0.15] (3.0.16 Debian:...)}. */
  private static final Pattern INST =
      Pattern.compile("Inst ([a-z0-9][a-z0-9+.:-]*)(?: \\[([^\\]\\s]+)\\])? \\(([^\\s)]+)[ )].*");

  /** The line behind all of them. */
  private static final Pattern SUMMARY = Pattern.compile("\\d+ upgraded, \\d+ newly installed, .*");

  /** Without the caches, which apt would write. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_upgrades",
          """
          LC_ALL=C apt-get -s -q -y -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \\
            --with-new-pkgs --no-remove upgrade 2>/dev/null </dev/null |
            head -c 1000000 | grep -a -E '^(Inst [a-z0-9]|[0-9]+ upgraded, )'
          return 0\
          """);

  private static final ShellFunction UPGRADE =
      new ShellFunction(
          "upgrade_packages",
          """
          mkdir -p /run/provision
          finish_dpkg 2>/run/provision/finish.failed ||
            say "what was left half done does not finish: a newer version may"
          say "upgrading packages"
          run_apt upgrade --with-new-pkgs --no-remove 2>/run/provision/apt.failed && return 0
          cat /run/provision/finish.failed /run/provision/apt.failed >&2
          ! grep -qsE '^E: (Failed|Unable) to fetch' /run/provision/apt.log ||
            echo "hint: its package lists are old, or a repository cannot be reached: 'apt-get update' there, then run again" >&2
          echo "its packages could not be upgraded" >&2
          return 100\
          """,
          List.of(AptScripts.FINISH, AptScripts.RUN_APT));

  static final Upgrading UPGRADING =
      new Upgrading(Question.of(Kind.single(LOOK, AptUpgrades::read)), Call.of(UPGRADE));

  private AptUpgrades() {}

  private static Optional<List<String>> read(Frame frame) {
    var pending = new ArrayList<String>();
    var whole = false;
    for (var line : frame.output().split("\n")) {
      var inst = INST.matcher(line);
      if (inst.matches()) {
        var from = inst.group(2);
        pending.add(
            from == null
                ? "%s %s (new)".formatted(inst.group(1), inst.group(3))
                : "%s %s to %s".formatted(inst.group(1), from, inst.group(3)));
      }
      whole |= SUMMARY.matcher(line).matches();
    }
    return whole ? Optional.of(List.copyOf(pending)) : Optional.empty();
  }
}
