package io.provision.resource.packages;

import io.provision.remote.ShellFunction;
import java.util.List;

/** How apt-get is called, whatever for. */
final class AptScripts {

  /**
   * {@code run_apt WORD...}: apt-get with the answers that make it ask nothing, everything it
   * prints in /run/provision/apt.log, the last of it on stderr when it fails. Waits for the lock of
   * dpkg by itself, and here for that of the package lists, for which apt has no option.
   */
  static final ShellFunction RUN_APT =
      new ShellFunction(
          "run_apt",
          """
          mkdir -p /run/provision
          log=/run/provision/apt.log tries=60
          while :; do
            DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true NEEDRESTART_MODE=l \\
              APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1 \\
              apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef \\
              -o Dpkg::Options::=--force-confold -o APT::Get::Assume-Yes=true "$@" \\
              >"$log" 2>&1 </dev/null && return 0
            code=$? tries=$((tries - 1))
            if [ "$tries" -gt 0 ] && grep -qsE 'E: Could not get lock .*/(lists|archives)/lock' "$log"; then
              [ "$tries" -ne 59 ] || say "waiting for another apt"
              sleep 5
              continue
            fi
            echo "all that apt-get printed is in $log on the host; the last of it:" >&2
            tail -n 12 "$log" >&2
            ran "$code" apt-get "$@"
            return "$code"
          done\
          """);

  /** {@code finish_dpkg}: what an earlier installation left half done is done. */
  static final ShellFunction FINISH =
      new ShellFunction(
          "finish_dpkg",
          """
          mkdir -p /run/provision
          [ -n "$(dpkg --audit 2>/dev/null; find /var/lib/dpkg/updates -name '[0-9]*')" ] || return 0
          say "finishing what an earlier installation left half done"
          DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true \\
            dpkg --configure -a --force-confdef --force-confold \\
            >/run/provision/dpkg.log 2>&1 </dev/null ||
            run_apt -f --no-remove --no-install-recommends install || {
            tail -n 12 /run/provision/dpkg.log >&2
            echo "neither 'dpkg --configure -a' nor 'apt-get -f --no-remove install' fixes what is half installed" >&2
            return 100
          }\
          """,
          List.of(RUN_APT));

  private AptScripts() {}
}
