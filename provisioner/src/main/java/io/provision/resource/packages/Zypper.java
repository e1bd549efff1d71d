package io.provision.resource.packages;

import io.provision.remote.ShellFunction;
import java.util.Map;

/**
 * openSUSE's and that of SUSE Linux Enterprise: one {@code zypper} installs. A version may be given
 * as {@code version} or {@code version-release}; where its epoch is not 0, with {@code epoch:}
 * before it, or zypper finds no provider and says so. Where a conflict would have to be solved it
 * asks, and nobody answers.
 */
final class Zypper implements Rpm {
  /** What Debian calls otherwise. */
  private static final Map<String, String> NAMES =
      Map.of(
          "glusterfs-client", "glusterfs",
          "glusterfs-server", "glusterfs",
          "openssh-client", "openssh-clients",
          "nfs-common", "nfs-client");

  /**
   * {@code install_zypper_packages DIRECTORY NAME[=VERSION]...}: all that zypper prints is in
   * zypper.log there, the last of it on stderr when it fails. It waits for another one by itself,
   * takes an older package in a newer one's place where that is wanted, and cancels where a
   * conflict would have to be solved. Codes 102 and 103 say that something should be started again
   * (zypper(8), "EXIT CODES").
   */
  private static final ShellFunction INSTALL =
      new ShellFunction(
          "install_zypper_packages",
          """
          mkdir -p "$1"
          log=$1/zypper.log
          shift
          say "installing $*"
          code=0
          ZYPP_LOCK_TIMEOUT=1500 zypper --non-interactive install --no-recommends --oldpackage -- "$@" >"$log" 2>&1 </dev/null || code=$?
          case $code in
            0 | 102 | 103) return 0 ;;
          esac
          echo "all that zypper printed is in $log on the host; the last of it:" >&2
          tail -n 12 "$log" >&2
          ran "$code" zypper install "$@"
          return "$code"\
          """);

  @Override
  public String program() {
    return "zypper";
  }

  @Override
  public Map<String, String> names() {
    return NAMES;
  }

  @Override
  public String release() {
    return "'zypper removelock' them on the host, or want the version that is there";
  }

  @Override
  public ShellFunction installing() {
    return INSTALL;
  }

  @Override
  public String beforeVersion() {
    return "=";
  }
}
