package io.provision.resource.packages;

import io.provision.remote.ShellFunction;
import java.util.List;

/** The functions that install Debian packages, never asking anything. */
final class AptScripts {

  /**
   * {@code run_apt WORD...}: apt-get with the answers that make it ask nothing, everything it
   * prints in /run/provision/apt.log, the last of it on stderr when it fails. Waits for the lock of
   * dpkg by itself, and here for that of the package lists, for which apt has no option.
   */
  private static final ShellFunction RUN_APT =
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

  /**
   * {@code install_packages NAME[=VERSION]...}. Package lists are fetched only where they do not
   * know the package: asking them first costs as much as apt needs to find out by itself.
   */
  static final ShellFunction INSTALL =
      new ShellFunction(
          "install_packages",
          """
          command -v apt-get >/dev/null || {
            echo "there is no apt-get on this host" >&2
            return 1
          }
          mkdir -p /run/provision
          if [ -n "$(dpkg --audit 2>/dev/null; find /var/lib/dpkg/updates -name '[0-9]*')" ]; then
            say "finishing what an earlier installation left half done"
            DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true \\
              dpkg --configure -a --force-confdef --force-confold \\
              >/run/provision/dpkg.log 2>&1 </dev/null ||
              run_apt -f --no-remove --no-install-recommends install || {
              tail -n 12 /run/provision/dpkg.log >&2
              echo "neither 'dpkg --configure -a' nor 'apt-get -f --no-remove install' fixes what is half installed" >&2
              return 100
            }
          fi
          say "installing $*"
          run_apt install --no-install-recommends -- "$@" 2>/run/provision/apt.failed && return 0
          if grep -qsE '^E: (Failed to fetch|Unable to (fetch|locate)|Version |Package .* has no installation candidate)' \
            /run/provision/apt.log; then
            say "updating the package lists"
            run_apt update || return
            say "installing $*"
            run_apt install --no-install-recommends -- "$@"
          else
            cat /run/provision/apt.failed >&2
            return 100
          fi\
          """,
          List.of(RUN_APT));

  private AptScripts() {}
}
