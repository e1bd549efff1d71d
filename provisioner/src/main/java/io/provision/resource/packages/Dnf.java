package io.provision.resource.packages;

import io.provision.remote.ShellFunction;
import java.util.Map;

/**
 * Fedora's and that of its relatives: one {@code dnf} installs. A version may be given as {@code
 * version}, {@code version-release}, each with its {@code epoch:} or without (dnf(8), "Specifying
 * Packages").
 */
final class Dnf implements Rpm {
  /** What Debian calls otherwise. */
  private static final Map<String, String> NAMES =
      Map.of(
          "glusterfs-client", "glusterfs-fuse",
          "openssh-client", "openssh-clients",
          "nfs-common", "nfs-utils",
          "open-iscsi", "iscsi-initiator-utils");

  /**
   * {@code install_rpm_packages NAME[-VERSION]...}: all that dnf prints is in
   * /run/provision/dnf.log, the last of it on stderr when it fails. It waits for another one by
   * itself.
   */
  private static final ShellFunction INSTALL =
      new ShellFunction(
          "install_rpm_packages",
          """
          mkdir -p "$1"
          log=$1/dnf.log
          shift
          : >"$log"
          say "installing $*"
          {
            code=0
            dnf -y --setopt=install_weak_deps=False install "$@" 2>&1 </dev/null || code=$?
            echo "exited $code"
          } | {
            while IFS= read -r line; do
              case $line in
                *aiting*process*) say "waiting for another dnf" ;;
              esac
              printf '%s\\n' "$line" >>"$log"
            done
          }
          code=$(sed -n '$s/^exited //p' "$log")
          [ "$code" != 0 ] || return 0
          echo "all that dnf printed is in $log on the host; the last of it:" >&2
          tail -n 13 "$log" | sed '$d' >&2
          ran "${code:-1}" dnf install "$@"
          return "${code:-1}"\
          """);

  @Override
  public String program() {
    return "dnf";
  }

  @Override
  public Map<String, String> names() {
    return NAMES;
  }

  @Override
  public String release() {
    return "'dnf versionlock delete' them on the host, or want the version that is there";
  }

  @Override
  public ShellFunction installing() {
    return INSTALL;
  }

  @Override
  public String beforeVersion() {
    return "-";
  }
}
